"""Writes the sample's files in the formats in which real systems hand them out.

    pip install reportlab python-docx python-pptx openpyxl markdown   # in an environment of its own
    python -m config.sample.build                                     # from the checkout's root

The same texts give the same bytes, so a second run changes nothing.
"""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

from config.sample import build_campus, build_documents, build_feeds
from config.sample.texts import SAMPLE, Text, written

SITE = SAMPLE / "site"
ADDRESS = "http://127.0.0.1:8790"  # the sample site replaces it where it serves another port


def main() -> None:
    if SITE.exists():
        shutil.rmtree(SITE)
    write_handbook(SAMPLE / "handbook")
    write_tables(SAMPLE / "tables")
    write_feeds(SITE / "feeds")
    write_pages()
    build_campus.write(written("campus"), SITE / "moodle", ADDRESS)
    _write(SITE / "robots.txt", b"User-agent: *\nDisallow: /moodle/login/\n")


def write_handbook(folder: Path) -> None:
    writers: dict[str, Callable[[Text], bytes]] = {
        ".pdf": build_documents.pdf,
        ".docx": build_documents.docx,
        ".pptx": build_documents.pptx,
        ".xlsx": build_documents.workbook,
    }
    for text in written("documents"):
        data = writers[Path(text.slug).suffix](text)
        if text.slug == "first-aid-box.pdf":
            _write(SITE / "moodle/files/1320/mod_resource/content/1" / text.slug, data)
        elif text.slug == "emergency-towing.pdf":
            # A copy that broke off: without its end a PDF has neither catalogue nor page tree.
            _write(folder / text.slug, data[: len(data) // 3])
        else:
            _write(folder / text.slug, data)


def write_tables(folder: Path) -> None:
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    names = ("type", "format", "level", "hours", "language", "price")
    about = ["Number", "Title", "Link", "Summary", "Description"]
    rows.writerow([*about, *(name.title() for name in names), "Currency", "Topics"])
    for text in written("harbourlight"):
        link = f"{ADDRESS}/harbourlight/{text.slug}"
        start = [text.slug, text.title, link, build_feeds.teaser(text), text.body]
        rows.writerow([*start, *(text.fields[name] for name in names), "EUR", text.fields["tags"]])
    _write(folder / "harbourlight.csv", out.getvalue().encode("utf-8-sig"))
    sessions = build_documents.sessions(written("live-sessions"), f"{ADDRESS}/sessions")
    _write(folder / "live-sessions.xlsx", sessions)


def write_feeds(folder: Path) -> None:
    _write(folder / "deck-log.rss", build_feeds.rss(written("deck-log"), ADDRESS))
    _write(folder / "hafenblog.atom", build_feeds.atom(written("hafenblog"), ADDRESS))
    _write(folder / "below-deck.rss", build_feeds.podcast(written("below-deck"), ADDRESS))
    _write(folder / "crew-clips.json", build_feeds.json_feed(written("crew-clips"), ADDRESS))


def write_pages() -> None:
    languages = {"hafenblog": "de"}
    folders = ("deck-log", "hafenblog", "below-deck", "crew-clips", "harbourlight", "live-sessions")
    for name in folders:
        for text in written(name):
            language = text.fields.get("language") or languages.get(name, "en")
            page = build_feeds.page(text, language)
            folder = "sessions" if name == "live-sessions" else name
            _write(SITE / folder / f"{text.slug}.html", page)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


if __name__ == "__main__":
    main()
