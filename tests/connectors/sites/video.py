"""A workshop's library of recordings: films, a podcast, and what lies beside them."""

import json
import struct
from pathlib import Path
from xml.sax.saxutils import escape

_TALKS = {
    "welding/mig": (
        "Set the wire feed before the voltage. Listen to the arc: it should crackle like bacon.",
        "Push the torch for a flat bead, pull it for depth. Keep the stick-out at ten millimetres.",
    ),
    "welding/safety": (
        "Welding fume is harmful. Switch the extraction on before you strike an arc.",
        "Wear the helmet, the gloves and cotton under the jacket: nylon melts into the skin.",
    ),
    "machining/tapping": (
        "Drill to the tap's core diameter, no smaller. Chamfer the hole so the tap starts true.",
        "Turn half a turn forward and a quarter back to break the chip, and use cutting oil.",
    ),
    "machining/messen": (
        "Der Messschieber misst auf ein Zwanzigstel genau. Reinigen Sie zuerst die Messflächen.",
        "Lesen Sie die Hauptskala links vom Nullstrich ab, dann den Strich, der sich deckt.",
    ),
    "talks/first-aid": (
        "Burns: cool them with lukewarm running water for twenty minutes, then cover them loosely.",
        "Something in the eye: do not rub. Rinse from the inner corner outwards.",
    ),
}


def files(folder: Path, world: str = "whole") -> dict[str, object]:
    """Writes the library and returns the settings that lead to it.

    `shrunk` lacks one film; in `dented` the captions of one are a page that says "Sign in".
    """
    for name in ("welding", "machining", "talks"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    _welding(folder, dented=world == "dented")
    _machining(folder)
    if world != "shrunk":
        _first_aid(folder)
    (folder / "welding" / "notes.txt").write_text("Not a recording.")
    (folder / "welding" / "left-over.en.vtt").write_text("WEBVTT\n")
    return {"path": str(folder)}


def _welding(folder: Path, dented: bool) -> None:
    (folder / "welding/mig.mp4").write_bytes(mp4("MIG welding for beginners", 95))
    (folder / "welding/mig.en.vtt").write_text(_vtt("welding/mig"))
    (folder / "welding/mig.de.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:09.000\nZuerst.\n")
    told = {
        "title": "MIG welding: first beads",
        "description": "Setting up the machine, first beads, and what to listen for.",
        "uploader": "Training workshop",
        "upload_date": "20251104",
        "duration": 95,
        "language": "en",
        "tags": ["welding", "metalwork"],
        "chapters": [{"start_time": 0, "title": "Settings"}, {"start_time": 40, "title": "Torch"}],
        "formats": [{"url": "https://cdn.example/mig.mp4?signature=abc"}],
    }
    (folder / "welding/mig.info.json").write_text(json.dumps(told))
    (folder / "welding/safety.mkv").write_bytes(mkv("Welding safety", 60))
    broken = "<html>Sign in</html>"
    (folder / "welding/safety.vtt").write_text(broken if dented else _vtt("welding/safety"))


def _machining(folder: Path) -> None:
    (folder / "machining/tapping.mp4").write_bytes(mp4("Tapping threads by hand", 80))
    (folder / "machining/tapping.srt").write_text(_srt("machining/tapping"))
    (folder / "machining/messen.mp4").write_bytes(mp4("", 80))
    (folder / "machining/messen.de.ttml").write_text(_ttml("machining/messen"))
    nfo = "<movie><title>Messen mit dem Messschieber</title><runtime>2</runtime></movie>"
    (folder / "machining/messen.nfo").write_text(nfo)


def _first_aid(folder: Path) -> None:
    (folder / "talks/first-aid.wav").write_bytes(wav("First aid in the workshop", 3))
    lines = _TALKS["talks/first-aid"]
    cues = [f"0:00:0{n}.000,0:00:0{n + 1}.000\n{text}" for n, text in enumerate(lines)]
    (folder / "talks/first-aid.sbv").write_text("\n\n".join(cues))


def _vtt(name: str) -> str:
    cues = (f"00:{n * 40:02}.000 --> 00:{n * 40 + 19:02}.000\n{t}" for n, t in _timed(name))
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def _srt(name: str) -> str:
    cues = (
        f"{n + 1}\n00:00:{n * 40:02},000 --> 00:00:{n * 40 + 19:02},000\n{t}"
        for n, t in _timed(name)
    )
    return "\n\n".join(cues) + "\n"


def _ttml(name: str) -> str:
    cues = "".join(f'<p begin="{n * 40}s" dur="19s">{escape(t)}</p>' for n, t in _timed(name))
    return (
        f'<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="de"><body><div>{cues}</div></body></tt>'
    )


def _timed(name: str) -> list[tuple[int, str]]:
    return list(enumerate(_TALKS[name]))


def mp4(title: str, seconds: int) -> bytes:
    """A film without pictures: the boxes that hold a title and a length (ISO/IEC 14496-12)."""
    header = struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000) + bytes(80)
    text = title.encode()
    data = _box(b"data", struct.pack(">II", 1, 0) + text)
    handler = _box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
    tags = _box(b"meta", bytes(4) + handler + _box(b"ilst", _box(b"\xa9nam", data)))
    track = _box(b"trak", _box(b"mdia", _sound(seconds)))
    boxes = _box(b"mvhd", header) + track + (_box(b"udta", tags) if title else b"")
    return _box(b"ftyp", b"isom\0\0\0\0isom") + _box(b"moov", boxes)


def _sound(seconds: int) -> bytes:
    header = struct.pack(">IIIIIHH", 0, 0, 0, 1000, seconds * 1000, 0x15C7, 0)
    return _box(b"mdhd", header) + _box(b"hdlr", bytes(8) + b"soun" + bytes(13))


def _box(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + name + data


def mkv(title: str, seconds: int) -> bytes:
    """The same as Matroska (RFC 9559)."""
    length = struct.pack(">d", seconds * 1000.0)
    told = _element("2AD7B1", (1_000_000).to_bytes(3, "big")) + _element("4489", length)
    info = _element("1549A966", told + _element("7BA9", title.encode()))
    return _element("1A45DFA3", _element("4282", b"matroska")) + _element("18538067", info)


def _element(number: str, data: bytes) -> bytes:
    return bytes.fromhex(number) + (len(data) | 1 << 28).to_bytes(4, "big") + data


def wav(title: str, seconds: int) -> bytes:
    """Silence at 8,000 samples a second, with its title in a LIST chunk."""
    sound = _chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8))
    sound += _chunk(b"LIST", b"INFO" + _chunk(b"INAM", title.encode() + b"\0"))
    return _chunk(b"RIFF", b"WAVE" + sound + _chunk(b"data", b"\x80" * 8000 * seconds))


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
