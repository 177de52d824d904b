"""A warehouse's share: its rules, a talk, a price list and notes, with what does not concern it."""

from pathlib import Path

from tests.connectors import document_makers as make

PEOPLE = "Lift with straight back and bent knees. Above 25 kilograms, lift together."
FILES: dict[str, bytes] = {
    "safety/forklifts.pdf": make.pdf(
        ["Look behind you before you reverse.", "Park with the forks on the ground."],
        title="Driving a forklift",
    ),
    "safety/lifting.docx": make.word(
        ("Heading 1", "Lifting and carrying"), ("Normal", PEOPLE), title="Lifting and carrying"
    ),
    "safety/brand & rettung.md": (
        b"---\ntitle: Im Brandfall\n---\n# Alarm\n\nTaster eindr\xc3\xbccken, Stapler abstellen, "
        b"Halle verlassen.\n\n# Sammelplatz\n\nVor dem Tor, am blauen Schild.\n"
    ),
    "talks/stocktaking.pptx": make.slides(
        ("Stocktaking", "Count twice, by two people", ""),
        ("Differences", "A third count decides; nobody corrects the list from memory.", ""),
    ),
    "prices.xlsx": make.workbook({"Pallets": [["Kind", "Price"], ["Euro pallet", 18]]}),
    "notes.txt": b"Scanner does not read?\n\nWipe its window, then hold it at a slant.",
    "pages/returns.html": b"<html lang='en'><title>Returns</title><h1 id='check'>Check</h1>"
    b"<p>Open every box. Photograph what is broken before you book it.</p></html>",
    ".git/config": b"[core]",
    "logo.png": b"\x89PNG",
}


def files(folder: Path, world: str = "whole") -> dict[str, object]:
    """`shrunk` lacks the talk; in `dented` the rules for forklifts are cut off."""
    for name, data in FILES.items():
        if world == "shrunk" and name.startswith("talks/"):
            continue
        cut = world == "dented" and name.endswith("forklifts.pdf")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data[:40] if cut else data)
    return {"path": folder}
