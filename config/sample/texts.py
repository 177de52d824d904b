"""The sample's texts as they were written: one Markdown file a source, one block an item."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

SAMPLE = Path(__file__).parent
WRITTEN = SAMPLE / "written"


@dataclass(frozen=True, slots=True)
class Text:
    """One item: its name in its source, its fields, and its body in Markdown."""

    slug: str
    fields: dict[str, str]
    body: str

    @property
    def title(self) -> str:
        return self.fields["title"]

    @property
    def date(self) -> datetime:
        return datetime.fromisoformat(self.fields["date"])

    @property
    def tags(self) -> list[str]:
        return [tag.strip() for tag in self.fields["tags"].replace(";", ",").split(",")]

    @property
    def sections(self) -> list["Section"]:
        """What stands under each heading of the second rank."""
        return sections(self.body, "## ")


class Section(NamedTuple):
    heading: str
    body: str


def written(name: str) -> list[Text]:
    """The items of one file, in its order. Separated by lines `=== slug`."""
    blocks = sections((WRITTEN / f"{name}.md").read_text(encoding="utf-8"), "=== ")
    return [_text(slug, block) for slug, block in blocks]


def sections(text: str, mark: str) -> list[Section]:
    """Splits at the lines that start with `mark`; what stands before the first is left out."""
    lines = text.splitlines()
    starts = [n for n, line in enumerate(lines) if line.startswith(mark)]
    spans = pairwise([*starts, len(lines)])
    return [
        Section(lines[start].removeprefix(mark).strip(), "\n".join(lines[start + 1 : end]).strip())
        for start, end in spans
    ]


def _text(slug: str, block: str) -> Text:
    head, _, body = block.partition("\n\n")
    pairs = (line.partition(":") for line in head.splitlines())
    return Text(slug, {name: value.strip() for name, _, value in pairs}, body.strip())
