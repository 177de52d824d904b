"""Transcripts and chapters of a feed's episodes."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from requests import PreparedRequest

from catalogue.model import Draft, Kind, Place
from connectors.base import Event, Failed, Found, Unchanged
from connectors.feed import Feed, Settings
from connectors.formats.feedfile import read_feed
from connectors.http import Limits, polite
from connectors.testing import Answer, Case, Conformance, served
from connectors.testing.visits import checkpoints, payloads, read
from connectors.testing.worlds import ManualClock, Server, Wire

SITE = "https://radio.example"
VTT = "WEBVTT\n\n00:05.000 --> 00:09.000\nA bowline never slips.\n"
CHAPTERS = {"version": "1.2.0", "chapters": [{"startTime": 61, "title": "Bends"}, {"title": "?"}]}
PODCAST = 'xmlns:podcast="https://podcastindex.org/namespace/1.0"'
PSC = 'xmlns:psc="http://podlove.org/simple-chapters"'
ENTRIES = ("knots", "splices", "whipping")


def episode(name: str, inside: str = "", link: bool = True) -> str:
    address = f"<link>{SITE}/{name}</link>" if link else ""
    media = f'<enclosure url="{SITE}/{name}.mp3" type="audio/mpeg"/>' if link else ""
    guid = f'<guid isPermaLink="false">{name}</guid>'
    return f"<item><title>On {name}</title>{guid}{address}{media}{inside}</item>"


def feed(*episodes: str) -> str:
    about = "<title>Radio</title><language>en</language>"
    return f'<rss version="2.0" {PODCAST} {PSC}><channel>{about}{"".join(episodes)}</channel></rss>'


def transcript(name: str, kind: str, more: str = "") -> str:
    return f'<podcast:transcript url="/{name}" type="{kind}" {more}/>'


def radio(text: str, behind: Mapping[str, str] | None = None) -> Server:
    """A server with a feed, and what lies behind its entries; all else is 404."""
    answers = {"/feed": text, **(behind or {})}

    def server(request: PreparedRequest) -> Answer:
        body = answers.get(request.path_url.partition("?")[0])
        return Answer(status=404) if body is None else Answer(body)

    return server


def pulled(server: Server, cursor: Mapping[str, object] | None = None) -> tuple[Feed, list[Event]]:
    http = polite("", Limits(spacing_s=0), adapter=Wire(server), clock=ManualClock())
    connector = Feed(Settings(url=f"{SITE}/feed", transcripts=True), http)
    return connector, list(connector.pull(cursor or {}))


def the_draft(server: Server) -> Draft:
    connector, events = pulled(server)
    [draft] = read(connector, events).drafts.values()
    return draft


class TestEpisodes(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        def world(names: tuple[str, ...] = ENTRIES, dented: str = "") -> Server:
            told = [
                episode(n, transcript(f"{n}.vtt", "text/vtt") if n != dented else "", n != dented)
                for n in names
            ]
            return radio(feed(*told), {f"/{n}.vtt": VTT for n in names})

        whole, shrunk = served(world()), served(world(ENTRIES[:-1]))
        dented = served(world(dented="splices"))
        settings = {"url": f"{SITE}/feed", "transcripts": True}
        return Case(Feed, settings, whole, shrunk, dented, window=True)


def test_a_transcript_leads_to_the_second() -> None:
    inside = transcript("knots.vtt", "text/vtt")
    draft = the_draft(radio(feed(episode("knots", inside)), {"/knots.vtt": VTT}))
    assert draft.kind is Kind.PODCAST
    [part] = draft.parts
    assert part.text == "A bowline never slips."
    assert part.locator
    assert (part.locator.place, part.locator.value) == (Place.SECOND, "5")
    assert part.locator.url == f"{SITE}/knots.mp3#t=5"


def test_the_query_of_a_recording_is_not_shown() -> None:
    inside = transcript("knots.vtt", "text/vtt")
    text = feed(episode("knots", inside)).replace("knots.mp3", "knots.mp3?key=abc")
    draft = the_draft(radio(text, {"/knots.vtt": VTT}))
    assert draft.parts[0].locator
    assert draft.parts[0].locator.url is None


def test_the_best_of_several_transcripts_is_read() -> None:
    said = {"segments": [{"startTime": 7, "body": "By JSON."}]}
    inside = (
        transcript("text", "text/plain")
        + transcript("german", "application/json", 'language="de"')
        + transcript("json", "application/json", 'language="en-GB"')
        + transcript("srt", "application/x-subrip")
    )
    draft = the_draft(radio(feed(episode("knots", inside)), {"/json": json.dumps(said)}))
    assert [(part.text, str(part.locator)) for part in draft.parts] == [("By JSON.", "second 7")]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", "Ann: A bowline never slips."),
        ("text/html; charset=utf-8", "<p><cite>Ann:</cite> A bowline never <b>slips</b>.</p>"),
    ],
)
def test_a_transcript_without_times_is_text(kind: str, body: str) -> None:
    inside = transcript("knots", kind)
    draft = the_draft(radio(feed(episode("knots", inside)), {"/knots": body}))
    assert [(part.text, part.locator) for part in draft.parts] == [
        ("Ann: A bowline never slips.", None)
    ]


def test_chapters_head_the_transcript() -> None:
    inside = transcript("knots.vtt", "text/vtt") + '<podcast:chapters url="/chapters.json"/>'
    said = VTT + "\n01:02.000 --> 01:05.000\nNow the sheet bend.\n"
    behind = {"/knots.vtt": said, "/chapters.json": json.dumps(CHAPTERS)}
    draft = the_draft(radio(feed(episode("knots", inside)), behind))
    assert [(part.heading, part.text) for part in draft.parts] == [
        ("", "A bowline never slips."),
        ("Bends", "Now the sheet bend."),
    ]


def test_chapters_within_the_feed_need_no_request() -> None:
    chapters = '<psc:chapter start="00:01:02.500" title="Bends"/><psc:chapter start="x" title="?"/>'
    text = feed(episode("knots", f'<psc:chapters version="1.2">{chapters}</psc:chapters>'))
    [entry] = read_feed(text.encode(), "radio")
    draft = Feed(Settings(url=SITE), polite()).normalise(entry)
    assert [(part.text, str(part.locator)) for part in draft.parts] == [("Bends", "second 62")]


@pytest.mark.parametrize("body", [None, "Sign in to read on", '{"error": 1}'])
def test_an_episode_goes_on_without_its_transcript(body: str | None) -> None:
    inside = transcript("knots.vtt", "text/vtt")
    behind = {} if body is None else {"/knots.vtt": body}
    connector, events = pulled(radio(feed(episode("knots", inside)), behind))
    [payload] = payloads(events).values()
    assert payload["untranscribed"]
    assert connector.normalise(payload).parts == ()


def test_an_outage_of_transcripts_is_tried_again() -> None:
    text = feed(episode("knots", transcript("knots.vtt", "text/vtt")), episode("bends"))
    whole = radio(text, {"/knots.vtt": VTT})

    def server(request: PreparedRequest) -> Answer:
        return Answer(status=503) if request.path_url == "/knots.vtt" else whole(request)

    _, events = pulled(server)
    assert [type(event) for event in events[:2]] == [Failed, Found]
    _, again = pulled(whole, checkpoints(events)[-1].cursor)
    assert [type(event) for event in again[:2]] == [Found, Unchanged]


def test_an_address_that_cannot_be_read_costs_itself() -> None:
    inside = '<podcast:transcript url="https://["/><podcast:chapters url="https://["/>'
    [entry] = read_feed(feed(episode("knots", inside)).encode(), "radio", SITE)
    assert "transcripts" not in entry
    assert "chapters_url" not in entry


def test_entities_cost_the_transcripts_alone() -> None:
    text = feed(episode("knots", transcript("knots.vtt", "text/vtt")))
    bombed = f'<!DOCTYPE rss [<!ENTITY a "b">]>{text}'
    [entry] = read_feed(bombed.encode(), "radio")
    assert "transcripts" not in entry
    assert entry["title"] == "On knots"


@pytest.mark.shared_data
def test_real_podcasts(shared_data: Path) -> None:
    folder = shared_data / "wire" / "podcasts" / "podcastparser" / "data"
    [entry] = read_feed((folder / "chapters.rss").read_bytes(), "a")
    expected = json.loads((folder / "chapters.json").read_text())["episodes"][0]["chapters"]
    assert [[int(start), title] for start, title in entry["chapters"]] == [
        [one["start"], one["title"]] for one in expected
    ]
    [entry] = read_feed((folder / "episode_podcast_transcript.rss").read_bytes(), "a")
    assert entry["transcripts"] == [
        {"url": "https://example.com/1/transcript.txt", "type": "text/plain", "language": ""}
    ]
    [entry] = read_feed((folder / "episode_podcast_chapters.rss").read_bytes(), "a")
    assert entry["chapters_url"] == "https://example.com/1/chapters.json"
    [entry] = read_feed((folder / "mediarss.rss").read_bytes(), "a")
    assert (entry["media"], entry["media_type"]) == ("http://example.org/example.mp3", "audio/mpeg")
