"""XML from outside."""

import pytest

from catalogue.errors import BadItem
from connectors.formats.xml import parse

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


def test_a_document_in_any_declared_encoding() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><a><!-- no --><?no no?>Übung<b/></a>'
    root = parse(text.encode("utf-16"))
    assert (root.text, len(root)) == ("Übung", 1)


def test_blanks_before_the_declaration_are_forgiven() -> None:
    assert parse(b'\n\n<?xml version="1.0"?><a/>').tag == "a"


def test_a_doctype_that_declares_nothing_is_harmless_and_never_fetched() -> None:
    text = b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://127.0.0.1:9/x.dtd"><html/>'
    assert parse(text).tag == "html"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no well-formed XML: line 1"),
        ("hello", "line 1: Start tag expected"),
        ("\n<a>\n<b></a>", "line 3: Opening and ending tag mismatch"),
        ("<a>\n&nbsp;</a>", "line 2: Entity 'nbsp' not defined"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "entities"),
        ('<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><a/>', "XML"),
        (f'<!DOCTYPE a [<!ENTITY l0 "lol">{LAUGHS}]><a b="&l11;"/>', "XML"),
        (f'<!DOCTYPE a [<!ENTITY l0 "lol">{LAUGHS}]><a>&l11;</a>', "XML"),
        ("<a>" * 300 + "</a>" * 300, "line 1: .*depth"),
    ],
)
def test_what_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BadItem, match=reason) as refused:
        parse(text.encode())
    assert "root:" not in str(refused.value)


def test_too_much_is_not_even_parsed() -> None:
    with pytest.raises(BadItem, match="more than 10 bytes"):
        parse(b"<a>" + b" " * 20, limit=10)
