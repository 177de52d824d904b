"""The text of an article, found in its page."""

from pathlib import Path

import pytest

from connectors.formats.article import article
from tests.connectors.sites.feed import ARTICLE

URL = "https://school.example/knots"


def test_an_article_is_read_by_heading_with_the_page_s_anchors() -> None:
    sections = article(ARTICLE.format(name="knots", lesson="").encode(), URL, "text/html")
    by_heading = {section["heading"]: section for section in sections}
    assert by_heading["Practice"]["anchor"] == "practice"
    assert "sea is never quiet" in by_heading["Practice"]["text"]
    assert "Imprint" not in str(sections)


@pytest.mark.parametrize("page", [b"", b"   ", b"<html></html>", b"\x00\xff" * 50, b"<<<>>>"])
def test_a_page_without_an_article_has_no_sections(page: bytes) -> None:
    assert not any(section["text"].isalpha() for section in article(page, URL))


def test_what_is_no_page_is_left_alone() -> None:
    assert article(b"%PDF-1.7", URL, "application/pdf") == []


def test_a_page_that_nests_deeply_does_no_harm() -> None:
    deep = b"<div>" * 20_000 + b"<p>At the bottom lies a sentence.</p>"
    assert isinstance(article(deep, URL, "text/html"), list)


@pytest.mark.slow
@pytest.mark.shared_data
def test_real_articles_keep_most_of_their_words(shared_data: Path) -> None:
    folders = sorted((shared_data / "wire" / "articles" / "readability").iterdir())
    pages = [folder / "source.html" for folder in folders if folder.is_dir()]
    read = [article(page.read_bytes(), URL, "text/html") for page in pages]
    assert len(read) == 130
    assert sum(bool(sections) for sections in read) >= 128
