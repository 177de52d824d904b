"""feedparser's own test files: what each expects of a feed, and what is read out of it here.

The expectation stands in a comment at the head of each file, as a Python expression such as
`not bozo and entries[0]['title'] == 'On knots'`. It is taken apart, never executed.
"""

import ast
import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from requests import PreparedRequest

from catalogue.errors import SkillshelfError
from connectors.extract import plain
from connectors.extract.document import line, tidy, utc
from connectors.feed import Feed, Settings
from connectors.formats.entries import draft
from connectors.formats.feedfile import FeedText, parse_feed
from connectors.testing import Answer, served
from connectors.testing.visits import read, until_failure

SITE = "http://127.0.0.1:8097/"  # where feedparser's tests serve these files
FILES = 2_242
CONCERNED = 1_455  # files that expect something of a title, a link, a date or a description
LEAST = 0.98

TITLE, LINK, DESCRIPTION, PUBLISHED, UPDATED = ["title", "link", "summary", "published", "updated"]
SUBJECTS = {
    **dict.fromkeys(("title", "title_detail"), TITLE),
    **dict.fromkeys(("link", "links"), LINK),
    **dict.fromkeys(("published", "published_parsed", "created", "created_parsed"), PUBLISHED),
    **dict.fromkeys(("updated", "updated_parsed"), UPDATED),
    **dict.fromkeys(("description", "summary", "subtitle", "tagline", "content"), DESCRIPTION),
    **dict.fromkeys(("summary_detail", "subtitle_detail", "tagline_detail"), DESCRIPTION),
}
ABOUT_THE_TEXT = {"language", "base", "type", "rel", "hreflang", "length", "title", "src"}

CODEC = "Python has no codec of that name, nor does feedparser's own test run then"
SECOND = "an item opens at one link; this is another one of it"
LICENCE = "a link to a licence opens no item"
OWN = "a feed's link to itself is where it was fetched, not what it is about"
EXCEPTIONS = {
    **{
        f"encoding/x80_{name}.xml": CODEC
        for name in ["csmacintosh", "mac", "ms-cyrl", "tcvn", "tcvn-5712", "tcvn5712-1", "viscii"]
    },
    "wellformed/atom/entry_link_multiple.xml": SECOND,
    "wellformed/atom/feed_link_multiple.xml": SECOND,
    "wellformed/atom10/entry_link_multiple.xml": SECOND,
    "wellformed/atom10/feed_link_multiple.xml": SECOND,
    "wellformed/psc/atomsimplechapterexternal.xml": SECOND,
    "wellformed/atom10/entry_link_rel_license.xml": LICENCE,
    "wellformed/base/feed_link_xml_base_iri.xml": OWN,
}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a file expects: `value` of a `subject` of an entry, or of the feed where it is None."""

    entry: int | None
    subject: str
    value: Any


@dataclass(frozen=True, slots=True)
class Specimen:
    """A file, the headers it wants to be served with, and what it expects."""

    path: Path
    data: bytes
    headers: Mapping[str, str]
    claims: tuple[Claim, ...]

    @property
    def url(self) -> str:
        """Where the file says that it was found, as that header is no base address any more.

        RFC 7231, appendix B.
        """
        place = urljoin(SITE, self.headers.get("content-location", "tests/" + self.path.name))
        return place if place.startswith("http") else SITE

    def parsed(self) -> FeedText:
        return parse_feed(self.data, self.url, self.headers.get("content-type", ""))


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "wire" / "feeds" / "feedparser"


@pytest.fixture(scope="module")
def specimens(folder: Path) -> list[Specimen]:
    return [specimen(path) for path in sorted(folder.rglob("*.xml"))]


def specimen(path: Path) -> Specimen:
    data = path.read_bytes()
    head = commented(data)
    found = re.search(r"Expect:\s*(.*?)\s*(?:-->|\n)", head)
    assert found, path
    headers = re.findall(r"Header:\s*([\w-]+):[ \t]*(.*)", head)
    named = {name.lower(): value.strip() for name, value in headers}
    return Specimen(path, data, named, tuple(claims(found[1])))


def commented(data: bytes) -> str:
    """The file's text in the encoding in which its comment can be read."""
    for encoding in ("utf-8", "utf-16", "utf-32", "utf-16-be", "utf-32-be", "cp037", "latin-1"):
        text = data.decode(encoding, "ignore")
        if "Expect:" in text:
            return text
    return ""


def claims(expression: str) -> Iterator[Claim]:
    """The comparisons that concern a title, a link, a date or a description."""
    for one in conjoined(ast.parse(expression, mode="eval").body):
        match one:
            case ast.Compare(left, [ast.Eq()], [right]):
                yield from claim(left, right)
            case ast.UnaryOp(ast.Not(), ast.Call(ast.Attribute(thing, "has_key"), [name])):
                yield from claim(ast.Subscript(thing, name), ast.Constant(None))


def conjoined(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for value in node.values:
            yield from conjoined(value)
    else:
        yield node


def claim(left: ast.expr, right: ast.expr) -> Iterator[Claim]:
    if isinstance(left, ast.Call) and getattr(left.func, "id", "") == "ord":
        left, right = left.args[0], ast.Constant(chr(literal(right)))
    names = path_of(left)
    entry = names[1] if names[:1] == ["entries"] else None
    field = names[2:] if entry is not None else names[1:]
    if names[:1] not in (["feed"], ["entries"]) or not field or field[0] not in SUBJECTS:
        return
    if len(field) > 1 and field[-1] in ABOUT_THE_TEXT:
        return
    value = literal(right)
    yield Claim(entry, SUBJECTS[field[0]], value["href"] if isinstance(value, dict) else value)


def path_of(node: ast.expr) -> list[Any]:
    """`["entries", 0, "title"]` for `entries[0]['title']`; empty for what is no path."""
    match node:
        case ast.Name(name):
            return [name]
        case ast.Attribute(thing, name):
            return [*path_of(thing), name]
        case ast.Subscript(thing, ast.Constant(name)):
            return [*path_of(thing), name]
    return []


def literal(node: ast.expr) -> Any:
    """A literal, also a text in several pieces joined by +."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return literal(node.left) + literal(node.right)
    return ast.literal_eval(node)


def agrees(claim: Claim, feed: FeedText) -> bool:
    if claim.entry is not None and claim.entry >= len(feed.entries):
        return False
    thing = feed.about if claim.entry is None else feed.entries[claim.entry]
    if claim.subject == LINK:
        return bool(thing.get(LINK) == claim.value)
    if claim.subject in (PUBLISHED, UPDATED):
        return moment(claim.value) in read_here(claim, thing)
    expected = (line if claim.subject == TITLE else tidy)(plain(claim.value))
    if not expected:  # as of a picture: then there is nothing to call an item by
        return not plain(thing.get(claim.subject) or "")
    return expected in read_here(claim, thing)


def read_here(claim: Claim, thing: Mapping[str, Any]) -> tuple[Any, ...]:
    """What stands for the claim's subject in the catalogue; a long text stands in the parts."""
    entry = draft({"link": SITE, "title": "Untitled", **thing})  # most have no link to open
    if claim.subject == DESCRIPTION:
        return entry.summary, "\n".join(part.text for part in entry.parts)
    return (getattr(entry, claim.subject),)


def moment(value: Any) -> datetime | None:
    """What a file means by a date: feedparser's tuple in UTC, RFC 822 or ISO 8601."""
    if isinstance(value, tuple):
        year, month, day, hour, minute, second = value[:6]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    iso = re.match(r"\d{4}-", value)
    return utc(datetime.fromisoformat(value) if iso else parsedate_to_datetime(value))


@pytest.mark.slow
@pytest.mark.shared_data
def test_what_the_files_expect_is_what_is_read(specimens: list[Specimen], folder: Path) -> None:
    concerned = [one for one in specimens if one.claims]
    differing = {
        one.path.relative_to(folder).as_posix()
        for one in concerned
        if not all(agrees(claim, one.parsed()) for claim in one.claims)
    }
    assert (len(specimens), len(concerned)) == (FILES, CONCERNED)
    assert differing == set(EXCEPTIONS)
    assert 1 - len(differing) / len(concerned) >= LEAST


@pytest.mark.slow
@pytest.mark.shared_data
def test_no_file_leads_to_an_unhandled_error(specimens: list[Specimen], folder: Path) -> None:
    names = {one.path.name: one for one in specimens if one.path.parent.name == "http"}

    def server(request: PreparedRequest) -> Answer:
        return answer(names[request.path_url.rpartition("/")[2]])

    for one in specimens:

        def world(request: PreparedRequest, one: Specimen = one) -> Answer:
            return answer(one) if request.url == one.url else server(request)

        with served(world)() as scene:
            connector = Feed(Settings(url=one.url), scene.http)
            events, _ = until_failure(connector)
            errors = read(connector, events).errors
        assert all(isinstance(error, SkillshelfError) and str(error) for error in errors)


def answer(one: Specimen) -> Answer:
    return Answer(one.data, int(one.headers.get("status", 200)), one.headers)


@pytest.mark.parametrize("name", [n for n, why in EXCEPTIONS.items() if why is CODEC])
def test_the_codecs_are_missing_still(name: str) -> None:
    with pytest.raises(LookupError):
        codecs.lookup(name.removeprefix("encoding/x80_").removesuffix(".xml"))
