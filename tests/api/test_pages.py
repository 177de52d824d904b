"""The pages for people."""

from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import pytest

from tests.api.shelf import BACKUP, HOSTILE, PACKAGING, Client

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Links(HTMLParser):
    """Every link with its text, every form control with its label."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.fields: list[str] = []
        self.labelled: set[str] = set()
        self._open: str | None = None
        self._text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.handlers += [name for name in given if name.startswith("on") or name == "style"]
        if tag == "a":
            self._open, self._text = given["href"], ""
        if tag == "input" and given.get("type") != "hidden":
            self.fields.append(given["id"])
        if tag == "label":
            self.labelled.add(given["for"])

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open is not None:
            self.links.append((" ".join(self._text.split()), self._open))
            self._open = None

    def named(self, text: str) -> str:
        found = [href for label, href in self.links if label == text]
        assert found, (text, self.links)
        return found[0]


def _page(client: Client, path: str, status: int = 200) -> tuple[str, Links]:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text, Links(answer.text)


def test_a_hit_links_to_the_place_that_answers(reader: Client) -> None:
    html, links = _page(reader, "/?q=maintain+packages")
    assert links.named("The maintainer's manual") == "https://learn.example/manual.pdf#page=12"
    assert "<mark>maintain</mark>" in html
    assert "page 12" in html
    assert "Advanced" in html


def test_a_facet_narrows_and_widens_again(reader: Client) -> None:
    _, links = _page(reader, "/?q=packages")
    _, narrowed = _page(reader, links.named("English 4"))
    assert "Gute Vorträge halten" not in [text for text, _ in narrowed.links]
    assert narrowed.named("English ×") == "/?q=packages"


def test_a_skill_is_a_click_away(reader: Client) -> None:
    _, links = _page(reader, "/?q=packages")
    assert links.named("maintain software packages") == f"/?{urlencode({'q': 'packages'})}&" + (
        urlencode({"skill": PACKAGING})
    )
    _, by_label = _page(reader, "/?skill=perform+backups")
    assert "Backups in an hour" in [text for text, _ in by_label.links]
    assert by_label.named("perform backups ×") == "/?"


def test_pages_of_results_follow_each_other(reader: Client) -> None:
    _, first = _page(reader, "/?limit=2")
    _, second = _page(reader, first.named("Next →"))
    assert second.named("← Previous") == "/?limit=2&offset=0"
    _, last = _page(reader, second.named("Next →"))
    assert "Next →" not in [text for text, _ in last.links]


def test_nothing_found_offers_the_nearest_skills(reader: Client) -> None:
    html, links = _page(reader, "/?q=perform+backups&level=advanced&language=de")
    assert "Nothing found" in html
    assert links.named("perform backups") == "/?" + urlencode({"skill": BACKUP})


def test_an_unknown_skill_is_answered_with_the_nearest(reader: Client) -> None:
    _, links = _page(reader, "/?skill=software+packages", 400)
    assert unquoted(links.named("maintain software packages")).endswith(PACKAGING)


def unquoted(href: str) -> str:
    return unescape(href).replace("%3A", ":").replace("%2F", "/")


@pytest.mark.parametrize("path", ["/?language=en", "/items/{}", "/?q={}", "/?provider={}"])
def test_hostile_text_stays_text(reader: Client, path: str) -> None:
    number = str(reader.shelf.number("Hostile"))
    filled = path.format(number if path.startswith("/items") else quote(HOSTILE))
    html, links = _page(reader, filled)
    assert "&lt;script&gt;document.title" in html
    assert links.tags.count("script") == 1, "our own file, nothing inline"
    assert links.tags.count("img") == 1, "our own icon"
    assert "b" not in links.tags
    assert links.handlers == []
    assert not [href for _, href in links.links if "javascript" in href.lower()]


@pytest.mark.parametrize("path", ["/", "/?q=packages&language=en", "/items/1", "/docs", "/sign-in"])
def test_every_field_has_its_label(reader: Client, path: str) -> None:
    _, links = _page(reader, path)
    assert set(links.fields) <= links.labelled
    assert {"main", "header", "title"} <= set(links.tags)
    assert links.handlers == [], "the page's own policy forbids them"


def test_an_unknown_parameter_is_answered_with_a_page(reader: Client) -> None:
    html, _ = _page(reader, "/?langauge=en", 400)
    assert "did you mean &#34;language&#34;?" in html


def test_what_is_not_there_is_answered_with_a_page(reader: Client) -> None:
    assert "there is no item 999" in _page(reader, "/items/999", 404)[0]
    assert "nothing at this address" in _page(reader, "/nothing", 404)[0]


def test_an_item_can_be_reviewed_without_a_script(client: Client) -> None:
    html, _ = _page(client, "/items/1")
    assert f'name="accept" value="{BACKUP}"' in html
    body = urlencode({"who": "Jürgen", "why": "read it", "add": "half typed", "accept": BACKUP})
    answer = client.ask("POST", "/items/1/reviews", FORM, data=body)
    assert (answer.status_code, answer.headers["location"]) == (303, "/items/1")
    again = client.ask("GET", "/items/1", cookies=dict(answer.cookies)).text
    assert "confirmed by Jürgen" in again
    assert 'id="who" name="who" value="Jürgen"' in again, "the name is remembered"
    [kept] = client.get("/api/v1/items/1/reviews").json()
    assert (kept["verdict"], kept["why"]) == ("accept", "read it")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (urlencode({"who": "ada"}), 400),
        (urlencode({"who": "ada", "add": "no such skill"}), 400),
        (urlencode({"add": "juggle"}), 400),
        ("&".join(f"a{n}=1" for n in range(50)), 400),
        ("%ff%00", 400),
    ],
)
def test_a_form_that_says_too_little_is_refused(reader: Client, body: str, status: int) -> None:
    assert reader.ask("POST", "/items/1/reviews", FORM, data=body).status_code == status


def test_a_form_must_say_that_it_is_one(reader: Client) -> None:
    answer = reader.ask("POST", "/items/1/reviews", {"Content-Type": "text/plain"}, data="add=x")
    assert answer.status_code == 415


def test_with_keys_one_signs_in_first(visitor: Client, stranger: Client) -> None:
    sent = visitor.get("/?q=packages")
    assert sent.status_code == 303
    assert sent.headers["location"] == "/sign-in?next=/%3Fq%3Dpackages"
    assert 'value="/?q=packages"' in visitor.get(sent.headers["location"]).text
    wrong = visitor.ask("POST", "/sign-in", FORM, data=urlencode({"key": "nonsense"}))
    assert wrong.status_code == 401
    assert "not known" in wrong.text
    fields = urlencode({"key": f" {stranger.key} ", "next": "/?q=packages"})
    right = visitor.ask("POST", "/sign-in", FORM, data=fields)
    assert right.headers["location"] == "/?q=packages"
    assert "HttpOnly" in right.headers["set-cookie"]
    assert "SameSite=strict" in right.headers["set-cookie"]
    page = visitor.ask("GET", "/?q=packages", cookies=dict(right.cookies))
    assert page.status_code == 200
    assert "Sign out" in page.text
    assert "Secret packages" not in page.text
    gone = visitor.ask("POST", "/sign-out", FORM, cookies=dict(right.cookies))
    assert "Max-Age=0" in gone.headers["set-cookie"]


def test_the_reference_shows_every_operation(reader: Client) -> None:
    html, _ = _page(reader, "/docs")
    for path in reader.get("/openapi.json").json()["paths"]:
        assert path.replace("{", "{") in html
    assert "beginner, intermediate, advanced (repeatable)" in html
