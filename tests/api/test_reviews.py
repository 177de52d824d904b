"""People's word on skills."""

from urllib.parse import urlencode

import pytest

from api.models import ItemAnswer, ReviewAnswer
from catalogue.model import Draft
from tests.api.shelf import BACKUP, PACKAGING, SOLO, Client, Volume

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _standing(item: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {tag["id"]: tag["standing"] for tag in item["tags"]}


def test_an_item_shows_its_tags_with_the_words_that_speak_for_them(reader: Client) -> None:
    item = reader.get("/api/v1/items/1").json()
    assert ItemAnswer.model_validate(item).id == 1
    assert _standing(item) == {PACKAGING: "effective", BACKUP: "suggested"}
    quoted = item["tags"][0]["evidence"][0]
    assert quoted["quote"] == "To maintain software"
    assert quoted["passage"][quoted["start"] :].startswith(quoted["quote"])
    assert quoted["locator"]["label"] == "page 12"


def test_a_tag_has_the_level_that_its_words_give(client: Client) -> None:
    draft = Draft("Five balls", "https://learn.example/five-balls")
    volume = Volume("web", draft, (("We juggle (advanced).", None, ""),), ((SOLO, 0.9),))
    client.shelf.fill([volume])
    number = client.shelf.number("Five balls")
    levels = [tag["level"] for tag in client.get(f"/api/v1/items/{number}").json()["tags"]]
    assert levels == ["advanced"]
    assert 'class="level">advanced<' in client.get(f"/items/{number}").text
    others = client.get("/api/v1/items/1").json()["tags"]
    assert [tag["level"] for tag in others] == [None, None], "advanced is the manual, nothing in it"


@pytest.mark.parametrize(
    ("verdict", "skill", "standing"),
    [
        ("accept", "perform backups", {PACKAGING: "effective", BACKUP: "effective"}),
        ("reject", PACKAGING, {PACKAGING: "rejected", BACKUP: "suggested"}),
        ("add", "juggle", {PACKAGING: "effective", BACKUP: "suggested", SOLO: "effective"}),
    ],
)
def test_a_review_holds_at_once_and_is_kept(
    client: Client, verdict: str, skill: str, standing: dict[str, str]
) -> None:
    said = {"skill": skill, "verdict": verdict, "who": "ada", "why": "I read it"}
    answer = client.post("/api/v1/items/1/reviews", said)
    assert answer.status_code == 201, answer.text
    assert _standing(answer.json()) == standing
    kept = client.get("/api/v1/items/1/reviews").json()
    assert [ReviewAnswer.model_validate(one).who for one in kept] == ["ada"]
    assert kept[0]["why"] == "I read it"
    assert kept[0]["verdict"] == verdict


def test_a_review_is_found_once_the_index_has_followed(client: Client) -> None:
    said = {"skill": "juggle", "verdict": "add", "who": "ada"}
    sequence = client.post("/api/v1/items/1/reviews", said).json()["sequence"]
    assert client.get("/readyz").json()["lag"] == 1
    client.shelf.index.refresh()
    ready = client.get("/readyz").json()
    assert (ready["applied"], ready["lag"]) == (sequence, 0)
    assert client.titles("skill=juggle") == ["The maintainer's manual"]


def test_a_keys_holder_speaks_under_the_keys_name(client: Client) -> None:
    said = {"skill": "juggle", "verdict": "add", "who": "somebody else"}
    someone = client.with_key("someone")
    someone.post("/api/v1/items/1/reviews", said)
    assert someone.get("/api/v1/items/1/reviews").json()[0]["who"] == "someone"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"skill": "juggle", "verdict": "add"}, "who: say whose word it is"),
        ({"skill": "juggle", "verdict": "add", "who": "  "}, "who: say whose word it is"),
        ({"skill": "juggling", "verdict": "add", "who": "ada"}, '"juggle"'),
        ({"skill": "juggle", "verdict": "maybe", "who": "ada"}, "'accept', 'reject' or 'add'"),
        ({"skill": "juggle", "verdict": "add", "who": "ada", "note": "x"}, "note"),
        ({"verdict": "add", "who": "ada"}, "skill: field required"),
        ("not an object", "body"),
    ],
)
def test_a_review_that_says_too_little_is_refused(reader: Client, body: object, said: str) -> None:
    answer = reader.post("/api/v1/items/1/reviews", body)
    assert answer.status_code == 400
    assert said in answer.json()["detail"]
    assert reader.get("/api/v1/items/1/reviews").json() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/items/1/reviews", "/items/1/reviews", "/sign-in"])
def test_no_page_of_another_site_may_review(
    reader: Client, path: str, headers: dict[str, str]
) -> None:
    body = urlencode({"add": "juggle", "who": "eve"})
    answer = reader.ask("POST", path, {**FORM, **headers}, data=body)
    assert answer.status_code == 403
    assert reader.get("/api/v1/items/1/reviews").json() == []


def test_json_must_say_that_it_is_json(reader: Client) -> None:
    body = '{"skill": "juggle", "verdict": "add", "who": "eve"}'
    for kind in ("text/plain", FORM["Content-Type"]):
        answer = reader.ask("POST", "/api/v1/items/1/reviews", {"Content-Type": kind}, data=body)
        assert answer.status_code == 400


def test_broken_json_is_named_as_such(reader: Client) -> None:
    headers = {"Content-Type": "application/json"}
    answer = reader.ask("POST", "/api/v1/items/1/reviews", headers, data="{")
    assert answer.json()["detail"] == "body: not valid JSON"


def test_a_body_has_its_bounds(reader: Client) -> None:
    long = {"skill": "juggle", "verdict": "add", "who": "ada", "why": "x" * 70_000}
    assert reader.post("/api/v1/items/1/reviews", long).status_code == 413
    endless = reader.ask("POST", "/api/v1/items/1/reviews", data=iter([b"{", b"}"]))
    assert endless.status_code == 411
