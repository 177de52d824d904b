"""The library of recordings: the contract, and which file says what."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError
from requests import PreparedRequest

from catalogue.errors import NeedsPerson
from catalogue.model import Draft, Kind, Place
from connectors.base import Event, Failed, Unchanged
from connectors.formats.captioncues import Captions, Cue
from connectors.formats.mediafile import Reading
from connectors.formats.medialibrary import is_part, recordings
from connectors.http import Limits, polite
from connectors.testing import Answer, Case, Conformance, FolderPlace, served
from connectors.testing.visits import checkpoints, payloads, present, read
from connectors.testing.worlds import Server, Wire
from connectors.video import Settings, Video
from connectors.walk import Walk
from tests.connectors.sites import video as site

FAST = Limits(spacing_s=0)
SITE = "https://school.example"
VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\n{}\n"


class TestVideo(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        place = FolderPlace(tmp_path / "library", {"path": "."})
        whole, shrunk, dented = (place.world(_filled(w)) for w in ("whole", "shrunk", "dented"))
        return Case(Video, {}, whole, shrunk, dented, outage=place.missing)


def _filled(world: str) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        site.files(folder, world)

    return build


class TestFeed(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        whole, shrunk, dented = (served(films(world)) for world in ("whole", "shrunk", "dented"))
        return Case(Video, {"url": f"{SITE}/mrss"}, whole, shrunk, dented, window=True)


def films(world: str) -> Server:
    """An MRSS feed of films whose captions lie beside it."""
    names = ["knots", "splices", "whipping"][: 2 if world == "shrunk" else 3]
    items = "".join(_film(name, world == "dented" and name == "splices") for name in names)
    feed = f'<rss xmlns:media="http://search.yahoo.com/mrss/"><channel>{items}</channel></rss>'

    def server(request: PreparedRequest) -> Answer:
        if request.path_url == "/mrss":
            return Answer(feed, headers={"Content-Type": "application/rss+xml"})
        return Answer(VTT.format(f"This is about {request.path_url}."))

    return server


def _film(name: str, dented: bool) -> str:
    link = "" if dented else f"<link>{SITE}/{name}</link>"
    film = f'<media:content url="/{name}.mp3" type="audio/mpeg" duration="61"/>'
    film += f'<media:content url="/{name}.mp4" medium="video" duration="61" isDefault="true"/>'
    words = f'<media:subTitle type="text/vtt" lang="en" href="/{name}.vtt"/>'
    media = "" if dented else f"<media:group>{film}</media:group>{words}"
    guid = f'<guid isPermaLink="false">{name}</guid>'
    return f"<item><title>On {name}</title>{guid}{link}{media}</item>"


def test_films_of_a_feed_are_found_by_what_is_said() -> None:
    settings = Settings.model_validate({"url": f"{SITE}/mrss"})
    connector = Video(settings, polite("", FAST, adapter=Wire(films("whole"))))
    drafts = read(connector, list(connector.pull({}))).drafts
    knots = drafts["school.example/mrss#knots"]
    assert (knots.title, knots.kind, knots.duration) == ("On knots", Kind.VIDEO, 61)
    [part] = knots.parts
    assert part.text == "This is about /knots.vtt."
    assert part.locator
    assert part.locator.url == f"{SITE}/knots.mp4#t=0"


@pytest.mark.parametrize("settings", [{}, {"path": ".", "url": "https://a.example/"}])
def test_a_source_has_one_place(settings: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="either `path` or `url`"):
        Settings.model_validate(settings)


def library(folder: Path, **settings: object) -> Video:
    return Video(Settings.model_validate({"path": folder, **settings}), polite())


def pulled(folder: Path, **settings: object) -> list[Event]:
    return list(library(folder, **settings).pull({}))


def drafts(folder: Path, **settings: object) -> dict[str, Draft]:
    connector = library(folder, **settings)
    return dict(read(connector, list(connector.pull({}))).drafts)


def the_draft(folder: Path, **settings: object) -> Draft:
    [draft] = drafts(folder, **settings).values()
    return draft


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / name.replace("__", ".")).write_text(text)


def film(folder: Path, name: str = "knots.mp4", title: str = "Knots", seconds: int = 60) -> None:
    (folder / name).write_bytes(site.mp4(title, seconds))


def test_a_film_with_all_that_lies_beside_it(tmp_path: Path) -> None:
    site.files(tmp_path)
    mig = drafts(tmp_path, base_url="https://films.example/a b/")["welding/mig.mp4"]
    assert mig.title == "MIG welding: first beads"
    assert mig.url == "https://films.example/a b/welding/mig.mp4"
    assert (mig.kind, mig.language, mig.duration) == (Kind.VIDEO, "en", 95)
    assert mig.authors == ("Training workshop",)
    assert mig.published
    assert mig.published.isoformat() == "2025-11-04T00:00:00+00:00"
    assert mig.subjects == ("welding", "metalwork")
    assert [part.heading for part in mig.parts] == ["Settings", "Torch"]
    assert mig.parts[1].locator
    assert mig.parts[1].locator.place is Place.SECOND
    assert mig.parts[1].locator.url == "https://films.example/a b/welding/mig.mp4#t=40"


def test_tags_and_names_speak_where_nothing_else_does(tmp_path: Path) -> None:
    film(tmp_path)
    (tmp_path / "Whipping_a rope's end.webm").write_bytes(site.mkv("", 0))
    (tmp_path / "talk.wav").write_bytes(site.wav("A talk", 2))
    found = drafts(tmp_path)
    assert {draft.title for draft in found.values()} == {"Knots", "Whipping a rope's end", "A talk"}
    assert found["knots.mp4"].duration == 60
    assert found["talk.wav"].kind is Kind.PODCAST
    assert found["Whipping_a rope's end.webm"].duration is None


@pytest.mark.parametrize(
    ("languages", "spoken_in", "words"),
    [
        ((), "", "plain"),
        ((), "fr", "french"),
        (("de",), "fr", "german"),
        (("es", "en"), "", "english"),
        (("es",), "", "plain"),
    ],
)
def test_captions_are_chosen_by_language(
    tmp_path: Path, languages: tuple[str, ...], spoken_in: str, words: str
) -> None:
    film(tmp_path)
    write(tmp_path, knots__vtt=VTT.format("plain"), knots__srt="not read, for there is a VTT")
    write(tmp_path, knots__fr__vtt=VTT.format("french"), knots__de__vtt=VTT.format("german"))
    (tmp_path / "knots.en-orig.vtt").write_text(VTT.format("english"))
    write(tmp_path, knots__info__json=json.dumps({"language": spoken_in}))
    draft = the_draft(tmp_path, languages=languages)
    assert [part.text for part in draft.parts] == [words]
    expected = {"french": "fr", "german": "fr", "english": "en", "plain": None}
    assert draft.language == expected[words]


def test_names_alike_are_told_apart(tmp_path: Path) -> None:
    film(tmp_path, "part.mp4")
    film(tmp_path, "part.2.mp4")
    (tmp_path / "part.2.vtt").write_text(VTT.format("two"))
    (tmp_path / "other.vtt").write_text(VTT.format("nobody's"))
    found = drafts(tmp_path)
    assert [part.text for part in found["part.2.mp4"].parts] == ["two"]
    assert found["part.mp4"].parts == ()


def test_a_downloaded_film_leads_to_its_page(tmp_path: Path) -> None:
    film(tmp_path)
    info = {"webpage_url": "https://www.youtube.com/watch?v=abc", "license": "youtube"}
    write(tmp_path, knots__info__json=json.dumps(info), knots__vtt=VTT.format("Tie it."))
    draft = the_draft(tmp_path)
    assert draft.url == "https://www.youtube.com/watch?v=abc"
    assert draft.parts[0].locator
    assert draft.parts[0].locator.url == "https://www.youtube.com/watch?v=abc&t=0s"
    assert draft.licence == ""


def test_signed_addresses_are_not_kept(tmp_path: Path) -> None:
    site.files(tmp_path)
    assert "signature" not in str(list(payloads(pulled(tmp_path)).values()))


def test_a_description_by_kodi(tmp_path: Path) -> None:
    film(tmp_path, title="")
    nfo = """<?xml version="1.0"?><movie><title>Knots</title><plot>All of them.</plot>
    <runtime>90</runtime><premiered>2024-05-06</premiered><genre>Seamanship</genre>
    <genre>Ropes</genre><director>Ann Rope</director></movie>"""
    write(tmp_path, knots__nfo=nfo)
    draft = the_draft(tmp_path)
    assert (draft.title, draft.summary, draft.duration) == ("Knots", "All of them.", 5400)
    assert (draft.subjects, draft.authors) == (("Seamanship", "Ropes"), ("Ann Rope",))


def test_a_bare_address_in_a_nfo_says_nothing(tmp_path: Path) -> None:
    film(tmp_path)
    write(tmp_path, knots__nfo="https://films.example/knots")
    assert the_draft(tmp_path).title == "Knots"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("knots.vtt", "Sign in", "knots.vtt holds no captions but 'Sign in'; mend or remove it"),
        ("knots.info.json", "{", "knots.info.json is no JSON"),
        ("knots.info.json", "[]", "knots.info.json is JSON but holds no fields"),
        ("knots.nfo", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entities"),
        ("knots.vtt", " " * (21 * 2**20), "knots.vtt has 22,020,096 bytes"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, name: str, content: str, reason: str) -> None:
    film(tmp_path)
    (tmp_path / name).write_text(content)
    [failed] = [event for event in pulled(tmp_path) if isinstance(event, Failed)]
    assert failed.key == "knots.mp4"
    assert reason in str(failed.error)


def test_matroska_tells_its_title_and_length(tmp_path: Path) -> None:
    (tmp_path / "a.mkv").write_bytes(site.mkv("Knöpfe", 95))
    (tmp_path / "b.webm").write_bytes(site.mkv("", 0))
    found = drafts(tmp_path)
    assert (found["a.mkv"].title, found["a.mkv"].duration) == ("Knöpfe", 95)
    assert (found["b.webm"].title, found["b.webm"].duration) == ("b", None)


@pytest.mark.parametrize("cut", [3, 20, 30, 50, 60, 120, 200, 300])
@pytest.mark.parametrize("container", [site.mp4, site.mkv], ids=["mp4", "mkv"])
def test_a_film_cut_short_is_one_item_or_one_failure(
    tmp_path: Path, cut: int, container: Callable[[str, int], bytes]
) -> None:
    film(tmp_path, "whole.mp4")
    (tmp_path / f"cut.{container.__name__}").write_bytes(container("Knots", 60)[:cut])
    events = pulled(tmp_path)
    assert "whole.mp4" in present(events)
    assert len(events) == 3


def test_a_sidecar_that_changes_brings_its_recording_anew(tmp_path: Path) -> None:
    site.files(tmp_path)
    cursor = checkpoints(pulled(tmp_path))[-1].cursor
    captions = tmp_path / "welding" / "safety.vtt"
    captions.write_text(VTT.format("Mind the fumes."))
    os.utime(captions, (1, 1))
    events = list(library(tmp_path).pull(cursor))
    assert list(payloads(events)) == ["welding/safety.mkv"]
    assert len([event for event in events if isinstance(event, Unchanged)]) == 4
    captions.unlink()
    again = list(library(tmp_path).pull(checkpoints(events)[-1].cursor))
    assert list(payloads(again)) == ["welding/safety.mkv"]


def test_other_captions_wanted_reads_all_anew(tmp_path: Path) -> None:
    site.files(tmp_path)
    cursor = checkpoints(pulled(tmp_path))[-1].cursor
    events = list(library(tmp_path, languages=["de"]).pull(cursor))
    assert len(payloads(events)) == 5


def test_a_number_where_a_list_belongs_is_survived(tmp_path: Path) -> None:
    film(tmp_path)
    odd = {
        "thumbnail": "https://[",
        "webpage_url": "https://[",
        "title": ["a"],
        "chapters": 7,
        "tags": {"b": 1},
        "duration": "?",
        "upload_date": -1,
    }
    write(tmp_path, knots__info__json=json.dumps(odd))
    draft = the_draft(tmp_path)
    assert ("duration", "?") in draft.unmapped
    assert draft.parts == ()


def test_kinds_may_be_said(tmp_path: Path) -> None:
    film(tmp_path)
    assert the_draft(tmp_path, kind="course").kind is Kind.COURSE


def test_what_nobody_captioned_is_listened_to(tmp_path: Path) -> None:
    site.files(tmp_path)
    film(tmp_path, "silent.mp4")
    heard: list[str] = []

    def hear(path: Path) -> Captions:
        heard.append(path.name)
        return Captions((Cue(3, 5, "Make a loop."),), "en")

    walk = Walk(tmp_path, ("**",), (), is_part)
    events = [Reading(hear=hear).event(one, "") for one in recordings(walk.files())]
    assert heard == ["silent.mp4"]
    draft = library(tmp_path).normalise(payloads(list(events))["silent.mp4"])
    assert (draft.language, [part.text for part in draft.parts]) == ("en", ["Make a loop."])


def test_listening_asks_for_what_it_lacks(tmp_path: Path) -> None:
    film(tmp_path)
    with pytest.raises(NeedsPerson, match=r"skillshelf\[speech\]|holds no model.bin"):
        pulled(tmp_path, speech=tmp_path)
