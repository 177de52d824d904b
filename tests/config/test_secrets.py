"""Secrets come from the environment or a file, and show up nowhere."""

import traceback
from pathlib import Path

import pytest

from config.errors import BadConfig
from config.secrets import holds_password, says_secret, secret, variable

CANARY = "canary-4711"


def test_the_variable_of_a_source_and_field() -> None:
    assert variable("lms-eu", "clientSecret") == "SKILLSHELF_SOURCE_LMS_EU_CLIENTSECRET"


def test_none_where_none_is_set() -> None:
    assert secret("lms", "token", {}) is None
    assert secret("lms", "token", {"SKILLSHELF_SOURCE_LMS_TOKEN": ""}) is None


def test_from_the_environment() -> None:
    found = secret("lms-eu", "token", {"SKILLSHELF_SOURCE_LMS_EU_TOKEN": CANARY})
    assert found is not None
    assert found.get_secret_value() == CANARY
    assert CANARY not in repr(found) + str(found)


def test_from_a_file_without_its_last_line_break(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f" {CANARY}\n", "utf-8")
    found = secret("lms", "token", {"SKILLSHELF_SOURCE_LMS_TOKEN_FILE": str(tmp_path / "token")})
    assert found is not None
    assert found.get_secret_value() == f" {CANARY}"


def test_both_is_one_too_many() -> None:
    environ = {"SKILLSHELF_SOURCE_LMS_TOKEN": CANARY, "SKILLSHELF_SOURCE_LMS_TOKEN_FILE": CANARY}
    with pytest.raises(BadConfig) as caught:
        secret("lms", "token", environ)
    assert str(caught.value) == (
        "SKILLSHELF_SOURCE_LMS_TOKEN and SKILLSHELF_SOURCE_LMS_TOKEN_FILE are both set; unset one "
        "of them"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "does not name a text file that can be read"),
        (b"\xff" + CANARY.encode(), "does not name a text file that can be read"),
        (b" \n", "names an empty file"),
        (CANARY.encode() * 10_000, "names a file over 64 KiB; that is no secret"),
    ],
)
def test_a_file_that_holds_no_secret(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / CANARY
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadConfig) as caught:
        secret("lms", "token", {"SKILLSHELF_SOURCE_LMS_TOKEN_FILE": str(path)})
    assert str(caught.value) == f"SKILLSHELF_SOURCE_LMS_TOKEN_FILE {message}"
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_a_secret_put_where_a_path_belongs_is_not_repeated() -> None:
    with pytest.raises(BadConfig) as caught:
        secret("lms", "token", {"SKILLSHELF_SOURCE_LMS_TOKEN_FILE": CANARY + "\0"})
    assert CANARY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "field",
    ["token", "api_key", "apiKey", "X-Api-Key", "clientSecret", "password", "db_passwd"],
)
def test_names_that_say_secret(field: str) -> None:
    assert says_secret(field)


@pytest.mark.parametrize("field", ["token_url", "key", "keywords", "max_tokens", "path", "author"])
def test_names_that_do_not(field: str) -> None:
    assert not says_secret(field)


def test_passwords_in_addresses() -> None:
    assert holds_password("https://ana:pw@example.org/feed")
    assert holds_password("see postgresql://:pw@db")
    assert not holds_password("https://example.org:8080/a:b@c")
    assert not holds_password("https://ana@example.org/")
