"""Captions of recordings: what is read of which file, and the parts made of it."""

import json
from pathlib import Path

import pytest

from catalogue.errors import BadItem
from catalogue.model import Part, Place
from connectors.formats.captioncues import Captions, Cue, from_json, to_json
from connectors.formats.captionparts import LEAST, MOST, Chapter, at_second, spoken
from connectors.formats.captions import MAX_BYTES, read

VTT = """WEBVTT - Knots
Kind: captions
Language: en-GB

NOTE nobody sees this

STYLE
::cue { color: white }

intro
00:01.000 --> 00:04.500 align:start position:0%
<v Ann Rope>Welcome <i>aboard</i>.</v>
- Today &amp; tomorrow we tie knots.

00:05.000 --> 00:06.000
[music]

01:00:07.250 --> 01:00:09.000
>> BEN MATE: What is a <c.loud>bowline</c>?
"""


def said(data: str | bytes) -> list[tuple[float, str]]:
    captions = read(data if isinstance(data, bytes) else data.encode())
    return [(cue.start, cue.text) for cue in captions.cues]


def test_webvtt_without_its_dress() -> None:
    assert said(VTT) == [
        (1.0, "Welcome aboard. Today & tomorrow we tie knots."),
        (3607.25, "What is a bowline?"),
    ]
    assert read(VTT.encode()).language == "en-GB"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_text_in_any_usual_encoding(encoding: str, ending: str) -> None:
    srt = "1\n00:00:01,000 --> 00:00:02,000\nÜbung macht den Meister\n".replace("\n", ending)
    assert said(srt.encode(encoding)) == [(1.0, "Übung macht den Meister")]


@pytest.mark.parametrize(
    "text",
    [
        "1\n00:00:01,500 --> 00:00:02,000\nOne.\n\n2\n00:00:03,000 --> 00:00:04,000\nTwo.\n",
        "00:00:01,500 --> 00:00:02,000\nOne.\n\n00:00:03,000 --> 00:00:04,000\nTwo.\n",
        "1\n0:0:1.500 --> 0:0:2.000\nOne.\n2\n0:0:3.000 --> 0:0:4.000\nTwo.",  # points
        "00:01.500 --> 00:02.000\nOne.\n\n00:03.000 --> 00:04.000\nTwo.\n",  # WebVTT's times
        "0:00:01.500,0:00:02.000\nOne.\n\n0:00:03.000,0:00:04.000\nTwo.",
    ],
)
def test_lines_with_times(text: str) -> None:
    assert said(text) == [(1.5, "One."), (3.0, "Two.")]


def test_a_comparison_is_no_tag() -> None:
    srt = "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<font color=red>if a < b and a[0] > 2</font>"
    assert said(srt) == [(1.0, "if a < b and a[0] > 2")]


def test_a_broken_cue_costs_itself() -> None:
    broken = VTT.replace("01:00:07.250", "01:00:0x.250") + "\n00:08.000 --> 00:09.000\nIt slips.\n"
    assert [text for _, text in said(broken)][1:] == ["It slips."]


def test_lines_that_roll_up_the_screen_are_told_once() -> None:
    rolling = """WEBVTT

00:00:01.000 --> 00:00:03.000
make<00:00:01.400><c> a</c><00:00:01.800><c> loop</c>

00:00:03.000 --> 00:00:03.010
make a loop

00:00:03.010 --> 00:00:05.000
make a loop
pass the end through

00:00:05.000 --> 00:00:08.000
pass the end through
and pull
"""
    assert said(rolling) == [
        (1.0, "make a loop"),
        (3.01, "pass the end through"),
        (5.0, "and pull"),
    ]


def test_live_captions_grow_word_by_word() -> None:
    grown = ["now", "now pull", "now pull hard"]
    cues = "".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n + 1},000\n{t}\n\n" for n, t in enumerate(grown)
    )
    assert [text for _, text in said(cues)] == ["now", "pull", "hard"]


def test_what_is_said_twice_after_a_while_stays() -> None:
    twice = "1\n00:00:01,000 --> 00:00:02,000\nClick Next.\n\n"
    later = "2\n00:00:30,000 --> 00:00:31,000\nClick Next.\n"
    assert [start for start, _ in said(twice + later)] == [1.0, 30.0]


def test_ttml_by_its_rates_and_containers() -> None:
    ttml = """<?xml version="1.0" encoding="utf-16"?>
    <tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"
        xml:lang="de" ttp:frameRate="25" ttp:tickRate="1000">
      <head><metadata><desc>nobody sees this</desc></metadata></head>
      <body><div begin="1m">
        <p begin="00:00:01:05" end="00:00:02:00">Ein <span>Palstek</span><br/>hält.</p>
        <p begin="2500t" dur="1s">Immer.</p>
        <p begin="soon">Nie.</p>
        <p><span begin="4s">Fast</span> <span begin="4500ms">immer.</span></p>
      </div></body>
    </tt>"""
    captions = read(ttml.encode())
    assert captions.language == "de"
    assert [(cue.start, cue.text) for cue in captions.cues] == [
        (61.2, "Ein Palstek hält."),
        (62.5, "Immer."),
        (64.0, "Fast"),
        (64.5, "immer."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '<transcript><text start="1.5" dur="1">It &lt;i&gt;holds&lt;/i&gt;.</text>',
        '<timedtext format="3"><body><p t="1500" d="1000">It <s>holds</s>.</p></body></timedtext>',
        json.dumps({"segments": [{"startTime": 1.5, "endTime": 2, "body": "It holds."}]}),
        json.dumps({"segments": [{"start": 1.5, "end": 2.5, "text": " It holds."}, None, {}]}),
        json.dumps([{"start": 1.5, "duration": 1, "text": "It holds."}]),
        json.dumps(
            {
                "events": [
                    {"tStartMs": 0, "id": 1},
                    {
                        "tStartMs": 1500,
                        "dDurationMs": 9,
                        "segs": [{"utf8": "It "}, {"utf8": "holds."}],
                    },
                ]
            }
        ),
    ],
)
def test_other_forms(text: str) -> None:
    assert said(text) == [(1.5, "It holds.")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"just some text", "holds no captions but 'just some text'"),
        (b"[Script Info]\nTitle: no", "holds no captions"),
        (b"\x00\x00\x01\xbaMPEG", "is no text"),
        (b'{"a": ', "begins like JSON but is not"),
        (b'{"name": "x"}', "its fields are name"),
        (b'[{"name": "x"}]', "none of its lines"),
        (b"[" * 100_000, "holds no captions|begins like JSON"),
        (b"<html><body>Sign in</body></html>", "its root is 'html'"),
        (b'<!DOCTYPE tt [<!ENTITY a "b">]><tt>&a;</tt>', "entities"),
        (b"x" * (MAX_BYTES + 1), "is larger than"),
    ],
)
def test_what_holds_no_captions_says_so(data: bytes, reason: str) -> None:
    with pytest.raises(BadItem, match=reason):
        read(data)


def test_a_file_without_a_word_is_no_fault() -> None:
    assert read(b"WEBVTT\n").cues == ()
    assert read(b"WEBVTT\n\n00:01.000 --> 00:02.000\n[music]\n").cues == ()


def test_times_beyond_reason_are_no_times() -> None:
    nines = "9" * 5000
    srt = f"1\n{nines}:00:01,000 --> {nines}:00:02,000\nNever.\n\n"
    assert said(srt + "2\n00:00:01,000 --> 00:00:02,000\nOnce.\n") == [(1.0, "Once.")]
    lines = (
        f'<p begin="{nines}s">Never.</p><p begin="{nines}:00:00">Never.</p><p begin="1s">Once.</p>'
    )
    assert said(f"<tt><body>{lines}</body></tt>") == [(1.0, "Once.")]
    assert said('[{"start": 1e300, "text": "Never."}, {"start": 1, "text": "Once."}]') == [
        (1.0, "Once.")
    ]


def test_captions_survive_json() -> None:
    captions = read(VTT.encode())
    assert from_json(json.loads(json.dumps(to_json(captions)))) == captions
    assert from_json({}) == Captions()


def parts(cues: list[Cue], chapters: tuple[Chapter, ...] = ()) -> tuple[Part, ...]:
    return spoken(
        cues, lambda second: at_second("https://films.example/knots.mp4", second), chapters
    )


def talk(count: int, seconds: float = 4) -> list[Cue]:
    """A cue ends within a sentence, as most do."""
    text = "and through the loop. Then you pull"
    return [Cue(n * seconds, (n + 1) * seconds, text) for n in range(count)]


def test_parts_end_where_sentences_do() -> None:
    found = parts(talk(100))
    assert len(found) > 3
    assert all(LEAST <= len(part.text) <= MOST for part in found[:-1])
    assert all(part.text.endswith(".") for part in found[:-1])
    assert " ".join(part.text for part in found) == " ".join(cue.text for cue in talk(100))


def test_a_part_begins_at_its_second() -> None:
    first, second, *_ = parts(talk(100))
    assert str(first.locator) == "second 0"
    assert second.locator
    assert second.locator.place is Place.SECOND
    assert second.locator.url == f"https://films.example/knots.mp4#t={second.locator.value}"
    cue, within = divmod(int(second.locator.value), 4)
    assert cue == len(first.text) // len("and through the loop. Then you pull ")
    assert within == 2  # "Then" stands in the middle of a cue of four seconds


def test_without_full_stops_a_pause_divides() -> None:
    cues = [Cue(n, n + 1, "x" * 40) for n in range(10)]
    late = [Cue(13 + n, 14 + n, "y" * 40) for n in range(10)]
    assert [part.text[0] for part in parts(cues + late)] == ["x", "y"]
    assert all(
        len(part.text) <= MOST for part in parts([Cue(n, n + 1, "z" * 40) for n in range(99)])
    )


def test_few_words_do_not_stretch_over_an_hour() -> None:
    assert (
        len(parts([Cue(0, 1, "Start."), Cue(1800, 1801, "Half way."), Cue(3599, 3600, "End.")]))
        == 3
    )


def test_chapters_head_what_is_said_in_them() -> None:
    chapters = (Chapter(20, "Pulling"), Chapter(0, "Making a loop"), Chapter(30, " "))
    assert [part.heading for part in parts(talk(10), chapters)] == ["Making a loop", "Pulling"]


def test_chapters_alone_are_parts() -> None:
    found = parts([], (Chapter(61.4, "Pulling"), Chapter(0, "Making a loop")))
    assert [(part.text, str(part.locator)) for part in found] == [
        ("Making a loop", "second 0"),
        ("Pulling", "second 61"),
    ]


@pytest.mark.parametrize(
    ("url", "there"),
    [
        ("https://films.example/a.mp4#t=1", "https://films.example/a.mp4#t=9"),
        ("https://www.youtube.com/watch?v=abc&t=1s", "https://www.youtube.com/watch?v=abc&t=9s"),
        ("https://youtu.be/abc", "https://youtu.be/abc?t=9s"),
    ],
)
def test_an_address_within_a_recording(url: str, there: str) -> None:
    assert at_second(url, 9) == there


READ = {  # by eye: which of the files broken on purpose can still be read, and how much of it
    "subsrt/test/fixtures": {"sample.json": 4, "sample.sbv": 4, "sample.srt": 4, "sample.vtt": 5},
    "webvtt-py/tests/samples": {
        "captions_with_bom.vtt": 4,
        "comments.vtt": 3,
        "cue_tags.vtt": 3,
        "invalid.vtt": 7,  # only its first line is missing
        "invalid_timeframe.sbv": 4,
        "invalid_timeframe.srt": 4,
        "invalid_timeframe.vtt": 6,
        "invalid_timeframe_in_cue_text.vtt": 3,
        "metadata_headers.vtt": 2,
        "metadata_headers_multiline.vtt": 2,
        "missing_caption_text.sbv": 4,
        "missing_caption_text.srt": 4,
        "missing_caption_text.vtt": 4,
        "missing_timeframe.sbv": 4,
        "missing_timeframe.srt": 4,
        "missing_timeframe.vtt": 6,
        "netflix_chicas_del_cable.vtt": 827,  # of 865 cues 38 are sounds
        "no_captions.vtt": 0,
        "non_padded_timestamps.vtt": 3,
        "one_caption.srt": 1,
        "one_caption.vtt": 1,
        "regions.vtt": 2,
        "sample.sbv": 5,
        "sample.srt": 5,
        "sample.vtt": 16,
        "styles.vtt": 1,
        "styles_colours.srt": 4,
        "styles_colours.vtt": 4,
        "styles_with_comments.vtt": 1,
        "two_captions.sbv": 2,
        "using_identifiers.vtt": 6,
        "youtube_dl.vtt": 3,
    },
    "youtube-transcript-api": {"transcript.xml.static": 3},
}


@pytest.mark.shared_data
@pytest.mark.parametrize("folder", READ)
def test_real_files_are_read_or_refused_with_a_reason(shared_data: Path, folder: str) -> None:
    found = {}
    for path in (shared_data / "wire" / "subtitles" / folder).iterdir():
        try:
            found[path.name] = len(read(path.read_bytes()).cues)
        except BadItem as error:
            assert str(error)
    assert found == READ[folder]


@pytest.mark.shared_data
def test_a_real_film_in_parts(shared_data: Path) -> None:
    samples = shared_data / "wire" / "subtitles" / "webvtt-py" / "tests" / "samples"
    found = parts(list(read((samples / "netflix_chicas_del_cable.vtt").read_bytes()).cues))
    assert len(found) == 81
    assert found[0].text.startswith("En 1928, las mujeres éramos algo así como adornos que se")
    assert [str(part.locator) for part in found[:3]] == ["second 7", "second 42", "second 81"]
    assert all(part.text[-1] in ".!?…" for part in found)
