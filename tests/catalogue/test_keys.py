import pytest
from sqlalchemy import select

from catalogue.errors import BadConfig, NotFound
from catalogue.store import Catalogue
from catalogue.store.schema import api_keys


def test_a_key_opens_its_groups_until_it_is_revoked(catalogue: Catalogue) -> None:
    plain = catalogue.keys.add("lxp", ("staff", "public"))
    found = catalogue.keys.find(plain)
    assert found is not None
    assert (found.name, found.groups) == ("lxp", ("staff", "public"))
    assert catalogue.keys.list() == [found]
    catalogue.keys.revoke("lxp")
    assert catalogue.keys.find(plain) is None
    with pytest.raises(NotFound, match="no API key 'lxp'"):
        catalogue.keys.revoke("lxp")


def test_the_key_itself_is_not_kept(catalogue: Catalogue) -> None:
    plain = catalogue.keys.add("lxp", ())
    with catalogue.database.read() as conn:
        assert plain not in str(conn.execute(select(api_keys)).all())
    assert plain not in repr(catalogue.keys.find(plain))


def test_names_are_given_once_and_guesses_find_nothing(catalogue: Catalogue) -> None:
    first = catalogue.keys.add("lxp", ())
    with pytest.raises(BadConfig, match="'lxp' already"):
        catalogue.keys.add("lxp", ())
    for guess in ("", "lxp", first[:-1], first + "x", "\ud800"):
        assert catalogue.keys.find(guess) is None
