"""YouTube with and without a key: the contract, and what the service says in its own way."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from requests import PreparedRequest

from catalogue.errors import NeedsPerson, TryLater
from catalogue.model import Delivery, Draft, Kind, Place
from connectors.base import Event, Failed, Gone, Unchanged
from connectors.formats.youtubeplace import Channel, channel
from connectors.formats.youtubevideo import chapters
from connectors.http import Limits, polite
from connectors.testing import CANARY, Answer, Case, Conformance, served
from connectors.testing.visits import checkpoints, payloads, present, read
from connectors.testing.worlds import ManualClock, Server, Wire
from connectors.youtube import Settings, Youtube
from tests.connectors.sites import youtube as site

BASE = "https://videos.example/youtube"
KEYED = {**site.settings(BASE), "key": CANARY}
VTT = "WEBVTT\n\n00:07.000 --> 00:09.000\nCurl your fingertips.\n"


class TestByKey(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        whole, shrunk, dented = (
            served(site.answers(BASE, world)) for world in ("whole", "shrunk", "dented")
        )
        return Case(Youtube, KEYED, whole, shrunk, dented)


class TestByFeed(Conformance):
    """The feed shows no video that cannot be read, so its dent is a video without a title."""

    @pytest.fixture
    def case(self) -> Case:
        def dented(request: PreparedRequest) -> Answer:
            answer = site.answers(BASE)(request)
            return Answer(str(answer.body).replace("Mayonnaise that holds", ""))

        whole, shrunk = served(site.answers(BASE)), served(site.answers(BASE, "shrunk"))
        settings = {"url": f"{BASE}/channel/{site.CHANNEL}"}
        return Case(Youtube, settings, whole, shrunk, served(dented), window=True)

    def test_secrets_are_declared(self, case: Case) -> None:
        """The suite wants the secret of a connector that has one; here it is left out."""
        assert Youtube.Config(**case.settings).model_dump()["key"] is None


def connector(server: Server, **settings: object) -> Youtube:
    http = polite("", Limits(spacing_s=0), adapter=Wire(server), clock=ManualClock())
    return Youtube(Settings.model_validate({**KEYED, **settings}), http)


def pulled(
    server: Server, cursor: Mapping[str, object] | None = None, **more: object
) -> list[Event]:
    return list(connector(server, **more).pull(cursor or {}))


def drafts(server: Server, **settings: object) -> dict[str, Draft]:
    youtube = connector(server, **settings)
    return dict(read(youtube, list(youtube.pull({}))).drafts)


def test_a_video_by_the_api() -> None:
    stock = drafts(site.answers(BASE))["stock000001"]
    assert stock.title == "Brown stock from bones"
    assert stock.url == "https://www.youtube.com/watch?v=stock000001"
    assert (stock.kind, stock.language, stock.duration) == (Kind.VIDEO, "en-GB", 3720)
    assert stock.licence == "CC BY"
    assert stock.authors == ("Cookery School",)
    assert stock.subjects == ("cooking", "kitchen")
    assert stock.published
    assert stock.published.isoformat() == "2025-03-04T08:30:00+00:00"
    assert stock.image == "https://i.ytimg.com/vi/stock000001/hqdefault.jpg"
    assert [(part.text, str(part.locator)) for part in stock.parts] == [
        ("Roasting the bones", "second 0"),
        ("Deglazing", "second 630"),
        ("Simmering", "second 900"),
    ]
    assert stock.parts[1].locator
    assert stock.parts[1].locator.url == "https://www.youtube.com/watch?v=stock000001&t=630s"
    assert stock.unmapped == ()


def test_a_stream_to_come_is_a_session() -> None:
    live = drafts(site.answers(BASE))["live0000001"]
    assert (live.kind, live.delivery, live.duration) == (Kind.SESSION, Delivery.VIRTUAL, None)
    assert [session.start.isoformat() for session in live.sessions] == ["2026-02-06T17:00:00+00:00"]


def test_a_playlist_is_a_path() -> None:
    path = drafts(site.answers(BASE))[site.PATH]
    assert (path.kind, path.title) == (Kind.PATH, "Knife skills")
    assert path.url == f"https://www.youtube.com/playlist?list={site.PATH}"
    assert [part.text for part in path.parts] == ["Holding a chef's knife", "Dicing an onion"]
    assert path.parts[1].locator
    assert path.parts[1].locator.place is Place.UNIT
    assert path.parts[1].locator.url == (
        f"https://www.youtube.com/watch?v=knife000002&list={site.PATH}"
    )


def test_a_playlist_that_is_named_brings_its_videos() -> None:
    found = drafts(site.answers(BASE), url=f"{BASE}/playlist?list={site.PATH}")
    assert set(found) == {"knife000001", "knife000002", site.PATH}


def test_playlists_may_be_left_out() -> None:
    assert site.PATH not in drafts(site.answers(BASE), playlists=False)


def test_private_and_deleted_videos_are_not_shown() -> None:
    assert not set(site.HIDDEN) & set(drafts(site.answers(BASE)))


def test_a_video_made_private_is_gone() -> None:
    cursor = {**checkpoints(pulled(site.answers(BASE)))[-1].cursor}
    cursor["marks"] = {**cursor["marks"], "priv0000001": "0"}
    events = pulled(site.answers(BASE), cursor)
    assert [event.key for event in events if isinstance(event, Gone)] == ["priv0000001"]


def test_a_second_run_finds_nothing_new() -> None:
    cursor = checkpoints(pulled(site.answers(BASE)))[-1].cursor
    events = pulled(site.answers(BASE), cursor)
    assert payloads(events) == {}
    assert len([event for event in events if isinstance(event, Unchanged)]) == 7


@pytest.mark.parametrize("reason", ["quotaExceeded", "rateLimitExceeded", "userRateLimitExceeded"])
def test_a_used_up_quota_is_tried_later(reason: str) -> None:
    with pytest.raises(TryLater):
        pulled(lambda _: site.refused(403, reason, "You have exceeded your quota."))


@pytest.mark.parametrize(
    ("status", "reason"), [(400, "badRequest"), (403, "accessNotConfigured"), (403, "forbidden")]
)
def test_a_wrong_key_needs_a_person(status: int, reason: str) -> None:
    with pytest.raises(NeedsPerson, match="check that `key` is valid"):
        pulled(lambda _: site.refused(status, reason, "no"))


def test_a_channel_that_is_not_there_needs_a_person() -> None:
    with pytest.raises(NeedsPerson, match="there is no channel @nobody on YouTube"):
        pulled(site.answers(BASE), url="@nobody")


def test_one_dead_playlist_of_several_places_costs_one_failure() -> None:
    urls = ["PLgone0000000001", f"{BASE}/@cookery"]
    events = pulled(site.answers(BASE), url=urls)
    assert [event.key for event in events if isinstance(event, Failed)] == ["PLgone0000000001"]
    assert "knife000001" in present(events)
    assert not checkpoints(events)[-1].complete
    again = pulled(site.answers(BASE), checkpoints(events)[-1].cursor)
    assert [event.key for event in again if isinstance(event, Gone)] == ["PLgone0000000001"]


def test_the_key_stays_out_of_addresses() -> None:
    youtube = connector(site.answers(BASE))
    list(youtube.pull({}))
    wire = youtube.http._session.get_adapter("https://")
    assert isinstance(wire, Wire)
    assert wire.requests
    assert not any(CANARY in str(request.url) for request in wire.requests)


@pytest.mark.parametrize("name", ["knife000001.en.vtt", "Holding a knife [knife000001].en-GB.vtt"])
@pytest.mark.parametrize("key", [CANARY, None])
def test_captions_come_from_a_folder(tmp_path: Path, name: str, key: str | None) -> None:
    (tmp_path / name).write_text(VTT)
    knife = drafts(site.answers(BASE), captions=tmp_path, key=key)["knife000001"]
    [part] = knife.parts
    assert part.text == "Curl your fingertips."
    assert part.locator
    assert part.locator.url == "https://www.youtube.com/watch?v=knife000001&t=7s"


@pytest.mark.parametrize("key", [CANARY, None])
def test_captions_that_come_later_bring_the_video_anew(tmp_path: Path, key: str | None) -> None:
    (tmp_path / "notes.txt").write_text("")
    cursor = checkpoints(pulled(site.answers(BASE), captions=tmp_path, key=key))[-1].cursor
    (tmp_path / "knife000001.vtt").write_text(VTT)
    events = pulled(site.answers(BASE), cursor, captions=tmp_path, key=key)
    assert payloads(events)["knife000001"]["captions"]


@pytest.mark.parametrize("key", [CANARY, None])
def test_broken_captions_are_a_failure_of_their_video(tmp_path: Path, key: str | None) -> None:
    (tmp_path / "knife000001.vtt").write_text("Sign in")
    events = pulled(site.answers(BASE), captions=tmp_path, key=key)
    [failed] = [event for event in events if isinstance(event, Failed)]
    assert failed.key == "knife000001"
    assert "knife000001.vtt holds no captions" in str(failed.error)
    again = pulled(site.answers(BASE), checkpoints(events)[-1].cursor, captions=tmp_path)
    assert "knife000001" not in present(again)


def test_handles_have_no_feeds() -> None:
    with pytest.raises(NeedsPerson, match="give the channel by its id"):
        pulled(site.answers(BASE), key=None, url="https://www.youtube.com/@cookery")


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (site.CHANNEL, Channel("channel", site.CHANNEL)),
        ("PL0123456789abcdef", Channel("playlist", "PL0123456789abcdef")),
        ("@cookery", Channel("handle", "@cookery")),
        ("https://www.youtube.com/@cookery/videos", Channel("handle", "@cookery")),
        (
            f"https://www.youtube.com/channel/{site.CHANNEL}/featured",
            Channel("channel", site.CHANNEL),
        ),
        ("https://www.youtube.com/user/cookery", Channel("user", "cookery")),
        ("https://a.example/b/user/c", Channel("user", "c", "https://a.example/b")),
        ("https://www.youtube.com/playlist?list=PLa", Channel("playlist", "PLa")),
        (
            "https://a.example/b/playlist?list=PLa",
            Channel("playlist", "PLa", "https://a.example/b"),
        ),
        ("https://www.youtube.com/watch?v=abc&list=PLa", Channel("playlist", "PLa")),
        ("https://www.youtube.com/feeds/videos.xml?channel_id=UCa", Channel("channel", "UCa")),
    ],
)
def test_addresses_of_many_kinds(address: str, place: Channel) -> None:
    assert channel(address) == place


@pytest.mark.parametrize("address", ["https://www.youtube.com/watch?v=abc", "cookery", ""])
def test_an_address_of_something_else_is_named(address: str) -> None:
    with pytest.raises(NeedsPerson, match="neither a channel nor a playlist"):
        channel(address)


def test_feeds_of_places() -> None:
    assert channel(site.CHANNEL).feed() == (
        f"https://www.youtube.com/feeds/videos.xml?channel_id={site.CHANNEL}"
    )
    assert channel("https://www.youtube.com/user/cookery").feed().endswith("?user=cookery")


@pytest.mark.parametrize(
    "description",
    ["0:00 One\n1:00 Two", "0:30 One\n1:00 Two\n2:00 Three", "Meet at 10:30 in the kitchen"],
)
def test_what_youtube_takes_for_no_chapters_is_none(description: str) -> None:
    assert chapters(description) == ()


@pytest.mark.shared_data
def test_a_real_feed(shared_data: Path) -> None:
    feed = (shared_data / "wire" / "youtube-feed" / "trimmed_real_feed.xml").read_bytes()
    found = drafts(lambda _: Answer(feed), key=None)
    first = found["GAb5lT1zNiE"]
    assert first.title == 'The Most UNDERRATED Instrument & "Sound"'
    assert first.url == "https://www.youtube.com/watch?v=GAb5lT1zNiE"
    assert first.image == "https://i4.ytimg.com/vi/GAb5lT1zNiE/hqdefault.jpg"
    assert first.published
    assert first.published.isoformat() == "2026-08-30T01:28:21+00:00"
    assert found["OLDER123456"].title == "How to LARP HOUSE Beats"
    assert found["OLDER123456"].url == "https://www.youtube.com/watch?v=OLDER123456"
    assert len(found) == 2
