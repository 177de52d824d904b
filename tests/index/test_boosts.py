"""What moves items among the first of a ranking."""

from typing import Any

from index.boosts import ADJACENT, QUOTED, Wanted, boosted
from index.engine import Signal
from index.points import order
from index.ranking import Candidate, Place
from tests.index.shelf import item

TODAY = 20_454  # 1 January 2026, the day of item 0
ITEM = item(0)


def candidate(name: str, score: float = 1.0) -> Candidate:
    return Candidate(name, score, [Place(Signal.TEXT, 1, 1, name, 1.0, 1.0)])


def payload(text: str, title: str = "", **more: Any) -> dict[str, Any]:
    return {"text": text, "title": title, "order": order(ITEM), "language": "en", **more}


def wanted(text: str, *phrases: str) -> Wanted:
    return Wanted(text, phrases, len(text.split()), TODAY)


def names(found: list[Candidate]) -> list[str]:
    return [one.of for one in found]


def given(one: Candidate) -> dict[str, float]:
    return dict(one.parts)


def test_words_side_by_side_count_more_than_words_apart() -> None:
    points = {"a": payload("learning about machines"), "b": payload("on machine learning")}
    apart, beside = candidate("a", 1.1), candidate("b")
    found = boosted([apart, beside], points, wanted("machine learning"))
    assert names(found) == ["b", "a"]
    assert given(found[0])["has the words side by side"] == ADJACENT
    assert "has the words side by side" not in given(found[1])


def test_a_long_question_need_not_stand_there_word_by_word() -> None:
    text = "one two three four five six seven eight nine"
    [found] = boosted([candidate("a")], {"a": payload(text)}, wanted(text))
    assert "has the words side by side" not in given(found)


def test_a_phrase_in_quotation_marks_comes_first() -> None:
    points = {"a": payload("alarm before fire"), "b": payload("x", title="Fire alarms at work")}
    found = boosted(
        [candidate("a", 2.5), candidate("b")], points, wanted("fire alarm", "fire alarm")
    )
    assert names(found) == ["b", "a"]
    assert given(found[0])["has the quoted phrase"] == QUOTED


def test_the_newer_of_two_like_items_comes_first() -> None:
    points = {"a": payload("x", order=order(item(9, published=None))), "b": payload("x")}
    points["a"]["order"] -= 2**36 * 1000
    found = boosted([candidate("a"), candidate("b")], points, wanted("x"))
    assert names(found) == ["b", "a"]


def test_one_provider_does_not_fill_the_top() -> None:
    points = {name: payload("x", provider="P") for name in "abc"} | {
        "d": payload("x", provider="Q")
    }
    close = [candidate(name, 1 - 0.001 * place) for place, name in enumerate("abcd")]
    assert names(boosted(close, points, wanted("x"))) == ["a", "b", "d", "c"]


def test_better_items_of_one_provider_stay() -> None:
    points = {name: payload("x", provider="P" if name < "d" else "Q") for name in "abcd"}
    far = [candidate(name, 1 - 0.2 * place) for place, name in enumerate("abcd")]
    assert names(boosted(far, points, wanted("x"))) == ["a", "b", "c", "d"]


def test_an_item_that_is_gone_stays_as_it_was() -> None:
    assert boosted([candidate("a")], {}, wanted("x")) == [candidate("a")]


def test_phrases_are_found_in_scripts_without_spaces_and_between_stop_words() -> None:
    points = {"a": payload("学習のための機械学習入門"), "b": payload("state of the art")}
    one, two = candidate("a"), candidate("b")
    [found, _] = boosted([one, two], points, wanted("x", "機械学習"))
    assert given(found)["has the quoted phrase"] == QUOTED
    found = boosted([one, two], points, wanted("x", "state of art"))[0]
    assert (found.of, given(found)["has the quoted phrase"]) == ("b", QUOTED)
