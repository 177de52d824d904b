"""What of people's talk is worth finding again."""

from datetime import UTC, datetime, timedelta

import pytest

from catalogue.errors import BadItem
from catalogue.model import Kind
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from connectors.formats.conversations import (
    Channel,
    Message,
    Thread,
    called,
    discussion,
    draft,
    question,
)
from connectors.formats.ledger import STEP, Heard, Ledger, Partial
from connectors.formats.sharedlinks import Link, Share, counted, link_draft, shareable

HELP = Channel("C1", "help")
URL = "https://a.example/x"


def message(number: int, who: str, text: str, *links: Link) -> Message:
    at = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=number)
    return Message(str(number), at, who, text, f"https://chat.example/{number}", links=links)


def thread(*said: tuple[str, str], number: int = 0) -> Thread:
    first, *replies = (message(number + n, who, text) for n, (who, text) in enumerate(said))
    return Thread(HELP, first, tuple(replies))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("How do I tie a bowline?", "How do I tie a bowline?"),
        ("Hi all! Quick one. Which knot slips?", "Which knot slips?"),
        ("Hello @someone, can you show me the splice?", "can you show me the splice?"),
        ("Anyone?\nThe build fails. What changed since Monday?", "What changed since Monday?"),
        ("how to restore a backup", "how to restore a backup"),
        ("Wie heißt dieser Knoten", "Wie heißt dieser Knoten"),
        ("Ist das sicher?", "Ist das sicher?"),
        ("Any news?", "Any news?"),
        ("これは何ですか？", "これは何ですか？"),
        ("See https://a.example/?", ""),
        ("The build is green.", ""),
        ("What", ""),
        ("", ""),
    ],
)
def test_a_question_is_told_from_a_statement(text: str, asked: str) -> None:
    assert question(text) == asked


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Date on my harness\nIs that so?", "Date on my harness: Is that so?"),
        ("The build fails. Why?", "The build fails. Why?"),
        ("It rains. Which knot holds a wet rope best?", "Which knot holds a wet rope best?"),
        ("Hi @someone! Any news?", "Any news?"),
        ("It rains.", "It rains."),
        ("", ""),
    ],
)
def test_a_short_question_needs_what_it_is_about(text: str, title: str) -> None:
    assert called(text) == title


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ([("a", "Which knot slips?"), ("b", "The granny knot.")], True),
        ([("a", "Which knot slips?"), ("", "The granny knot.")], True),
        ([("a", "Which knot slips?"), ("a", "Found it myself.")], False),
        ([("a", "Which knot slips?"), ("b", "+1")], False),
        ([("a", "Which knot slips?"), ("b", "")], False),
        ([("a", "Which knot slips?")], False),
        ([("a", "A granny knot slips."), ("b", "So it does.")], False),
    ],
)
def test_a_question_with_an_answer_is_a_discussion(said: list[tuple[str, str]], kept: bool) -> None:
    assert (discussion(thread(*said)) is not None) is kept


def test_a_long_question_is_called_by_its_first_words() -> None:
    payload = discussion(thread(("a", f"Why {'so ' * 300}long?"), ("b", "No reason.")))
    assert payload
    found = draft(payload)
    assert len(found.title) <= 122
    assert len(found.summary) <= 602
    assert len(found.parts[0].text) > 900


def test_a_thread_without_messages_is_refused() -> None:
    with pytest.raises(BadItem, match="without messages"):
        draft({"channel": "help"})


def share(url: str, who: str, day: int = 5, group: str = "", words: str = "look") -> Share:
    return Share(Link(url), who, f"2026-01-{day:02}T00:00:00+00:00", words, "help", group)


def test_a_link_is_one_however_it_is_written() -> None:
    urls = [URL, f"{URL}/", "http://www.a.example/x"]
    [(key, payload)] = counted([share(url, "ab"[n % 2]) for n, url in enumerate(urls)], 1)
    assert key == URL
    assert (payload["times"], payload["people"]) == (3, 2)
    found = link_draft(payload)
    assert found.title == "a.example/x"
    assert found.summary == "Shared 3 times by 2 people in help; last on 2026-01-05."


def test_what_a_closed_channel_shares_is_counted_apart() -> None:
    shares = [share(URL, "a"), share(URL, "b", group="slack:leads", words="the secret plan")]
    found = {key: link_draft(payload) for key, payload in counted(shares, 1)}
    assert [draft.visibility for draft in found.values()] == [(), ("slack:leads",)]
    assert "secret" not in str(found[URL])
    assert found[URL].summary.startswith("Shared once in")


def test_the_count_does_not_hang_on_the_order() -> None:
    shares = [share(URL, "a", 7, words="b"), share(URL, "b", 5, words="a"), share(URL, "c", 6)]
    assert list(counted(shares, 1)) == list(counted(reversed(shares), 1))


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("HTTPS://A.Example/X?b=2&utm_source=x&a=", "https://a.example/X?b=2&a="),
        ("https://a.example/x#part", "https://a.example/x"),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2F&sdata=x",
            "https://a.example/",
        ),
        ("https://a.example/?sig=abc", None),
        ("https://ann:pw@a.example/", None),
        ("ftp://a.example/x", None),
        ("https:///x", None),
        ("https://[::1", None),
        (f"https://a.example/{'x' * 2000}", None),
        ("", None),
    ],
)
def test_which_links_may_be_kept(url: str, kept: str | None) -> None:
    assert shareable(url) == kept


def test_a_video_is_one() -> None:
    payload = dict(counted([share("https://youtu.be/abc", "a")], 1))["https://youtu.be/abc"]
    assert link_draft(payload).kind is Kind.VIDEO


def run(heard: list[Heard], cursor: Checkpoint | None = None) -> list[Event]:
    return list(Ledger(cursor.cursor if cursor else {}, "1").events(heard, 1))


def asked(number: int) -> Thread:
    return thread(("a", f"Which knot is number {number}?"), ("b", "A bowline."), number=number * 10)


def test_checkpoints_come_between_and_resume() -> None:
    threads: list[Heard] = [asked(number) for number in range(STEP + 5)]
    first = run(threads)
    halfway, last = [event for event in first if isinstance(event, Checkpoint)]
    assert (halfway.complete, last.complete) == (False, True)
    again = run(threads, halfway)
    assert sum(isinstance(event, Unchanged) for event in again) == STEP
    assert sum(isinstance(event, Found) for event in again) == 5


@pytest.mark.parametrize("fault", [Failed("C1/9", BadItem("no")), Partial()])
def test_what_could_not_be_listed_claims_nothing(fault: Heard) -> None:
    assert isinstance(last := run([asked(1), fault])[-1], Checkpoint)
    assert not last.complete


def test_only_what_was_known_can_be_gone() -> None:
    [_, last] = run([asked(1)])
    assert isinstance(last, Checkpoint)
    events = run([Gone("C1/10"), Gone("C1/99")], last)
    assert [event for event in events if isinstance(event, Gone)] == [Gone("C1/10")]


def test_nothing_is_known_of_what_was_read_otherwise() -> None:
    [_, last] = run([asked(1)])
    assert isinstance(last, Checkpoint)
    events = list(Ledger(last.cursor, "2").events([asked(1)], 1))
    assert isinstance(events[0], Found)
