"""A library's OPDS 1 catalogue for its readers: a root, two shelves, one of them on two pages."""

from collections.abc import Callable
from urllib.parse import urlsplit

from requests import PreparedRequest
from requests.auth import _basic_auth_str

from connectors.testing import CANARY, Answer

SECRETS = ("password",)
USER = "reader"
_SPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:opds="http://opds-spec.org/2010/catalog"'
)
_KIND = "application/atom+xml;profile=opds-catalog;kind="
WELDING = (
    "welding",
    "Welding without fear",
    "Arc, gas and spot welding, with the reasons why seams crack.",
    "Ola Berg",
    '<category term="TEC009070" label="Technology / Mechanical"/>',
)
NEGOTIATION = (
    "negotiation",
    "Fair negotiation",
    "Interests before positions; what to prepare, and when to walk away.",
    "Mina Park",
    '<category term="BUS047000" label="Business / Negotiating"/>',
)
STATISTICS = (
    "statistics",
    "Statistics for people who measure",
    "Errors, samples and what an average hides.",
    "Jo Adler",
    '<category term="MAT029000"/>',
)
ERGONOMICS = (
    "ergonomics",
    "Ergonomie am Bildschirm",
    "Stuhl, Licht, Pausen.",
    "Eva Lind",
    "<dcterms:language>de</dcterms:language>",
)
PYTHON = (
    "python",
    "Small tools in Python",
    "Read a file, ask a server, write a report.",
    "Sam Ito",
    '<link rel="http://opds-spec.org/acquisition/open-access" type="application/epub+zip"'
    ' href="../files/python.epub"/>',
)
Book = tuple[str, str, str, str, str]


def settings(base: str) -> dict[str, object]:
    return {"url": f"{base}/opds/root.xml", "user": USER}


def _feed(name: str, links: str, inside: str) -> str:
    head = f"<id>urn:feed:{name}</id><title>{name}</title><updated>2025-05-01T00:00:00Z</updated>"
    return f'<?xml version="1.0"?><feed {_SPACES}>{head}{links}{inside}</feed>'


def _shelf(name: str, title: str) -> str:
    link = f'<link rel="subsection" href="{name}.xml" type="{_KIND}acquisition"/>'
    return f"<entry><id>urn:shelf:{name}</id><title>{title}</title>{link}</entry>"


def _entry(book: Book) -> str:
    name, title, about, author, more = book
    return (
        f"<entry><id>urn:book:{name}</id><title>{title}</title>"
        f"<author><name>{author}</name></author><updated>2025-04-01T10:00:00Z</updated>"
        "<dcterms:issued>2019</dcterms:issued><dcterms:publisher>House Press</dcterms:publisher>"
        f'<summary type="html">&lt;p&gt;{about}&lt;/p&gt;</summary>{more}'
        f'<link rel="alternate" type="text/html" href="/books/{name}"/>'
        f'<link rel="http://opds-spec.org/image" type="image/jpeg" href="/covers/{name}.jpg"/>'
        f'<link rel="http://opds-spec.org/acquisition/borrow" type="application/epub+zip"'
        f' href="/loans/{name}"><opds:availability status="available"/></link></entry>'
    )


def feeds(world: str = "whole") -> dict[str, str]:
    """By name, as below the root's folder. Both shelves have the book on negotiation."""
    work = [WELDING, NEGOTIATION, STATISTICS]
    if world == "dented":
        work[0] = (WELDING[0], "", *WELDING[2:])
    new = [NEGOTIATION, *([] if world == "shrunk" else [ERGONOMICS]), PYTHON]
    following = f'<link rel="next" href="work2.xml" type="{_KIND}acquisition"/>'
    picks = (
        f'<link rel="http://opds-spec.org/featured" href="picks.xml" type="{_KIND}acquisition"/>'
    )
    return {
        "root.xml": _feed("root", picks, _shelf("work", "Work") + _shelf("new", "New")),
        "work.xml": _feed("work", following, "".join(map(_entry, work[:2]))),
        "work2.xml": _feed("work", "", _entry(work[2])),
        "new.xml": _feed("new", "", "".join(map(_entry, new))),
    }


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    known = {f"{urlsplit(base).path}/opds/{name}": text for name, text in feeds(world).items()}

    def server(request: PreparedRequest) -> Answer:
        if request.headers.get("Authorization") != _basic_auth_str(USER, CANARY):
            return Answer("sign in", 401, {"WWW-Authenticate": 'Basic realm="Library"'})
        text = known.get(urlsplit(str(request.url)).path)
        kind = {"Content-Type": "application/atom+xml"}
        return Answer(text, headers=kind) if text else Answer("no such shelf", 404)

    return server
