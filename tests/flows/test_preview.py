"""What a preview shows of a source whose settings say what fields mean."""

import json
from pathlib import Path

from config.settings import load_settings
from flows.preview import check, preview
from flows.workshop import Workshop
from tests.connectors.loopback import Said, loopback

STANZA = """
sources:
  shop:
    connector: rest
    owner: ann@learn.example
    allow_private: true
    settings:
      url: {url}
      key: id
      fields: {{title: name, url: web, level: depth}}
"""
ITEMS = [
    {"id": 1, "name": "Knots", "web": "/knots", "depth": "Beginner", "stars": 5, "colour": "red"},
    {"id": 2, "name": "", "web": "/none", "stars": 1},
]


def test_field_by_field_what_was_mapped_and_what_was_left(tmp_path: Path) -> None:
    with loopback() as there:
        there.answers["/list"] = Said(json.dumps(ITEMS).encode())
        (tmp_path / "sources.yaml").write_text(STANZA.format(url=there.url("/list")))
        with Workshop(load_settings(tmp_path)) as shop:
            first, second = preview(shop, shop.specs["shop"])
            assert check(shop, shop.specs["shop"]).says == "reads 'Knots'"
    shown = dict(first.fields)
    assert (shown["title"], shown["level"]) == ("Knots", "beginner")
    assert shown["url"] == there.url("/knots")
    assert shown["not read"] == "stars, colour"
    assert dict(second.fields) == {"error": "BadItem: no title at `name`"}
