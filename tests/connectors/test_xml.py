"""XML from outside."""

import pytest

from catalogue.errors import BadItem
from connectors.formats.xml import local, mended, parse


def test_an_element_is_named_without_its_namespace() -> None:
    root = parse(b'\n<?xml version="1.0"?><a xmlns:b="urn:b"><b:c/><!-- d --></a>')
    assert [local(element) for element in root.iter()] == ["a", "c", ""]


def test_what_is_broken_may_be_mended() -> None:
    broken = b"<a><podcast:c>one</podcast:c><d>two</a>"
    assert [local(element) for element in mended(broken).iter()] == ["a", "c", "d"]
    with pytest.raises(BadItem, match="not well-formed"):
        parse(broken)


@pytest.mark.parametrize("read", [parse, mended])
def test_entities_are_refused(read: object) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/hostname">]><a>&f;</a>'
    assert callable(read)
    with pytest.raises(BadItem, match="entities"):
        read(bomb)


def test_a_document_type_alone_does_no_harm() -> None:
    assert local(parse(b'<!DOCTYPE package SYSTEM "http://dtd.example/p.dtd"><package/>')) == (
        "package"
    )


@pytest.mark.parametrize("read", [parse, mended])
@pytest.mark.parametrize("data", [b"", b"   ", b"no markup"])
def test_nothing_is_no_document(read: object, data: bytes) -> None:
    assert callable(read)
    with pytest.raises(BadItem):
        read(data)
