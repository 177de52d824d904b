"""An export of an academy's courses, as its system writes it: semicolons and German words."""

from pathlib import Path

HEAD = "Kennung;Titel;Link;Beschreibung;Themen;Stunden;Stufe;Beginn\n"
ROWS = {
    "A1": "Fragen, die weiterhelfen;<p>Offene und geschlossene Fragen im Gespräch.</p>"
    ";Kommunikation|Führung;3,5;Einstieg;02.03.2026",
    "A2": 'Pivot tables;"<p>Summing rows by what they share; without formulas.</p>"'
    ";Spreadsheets;2;Einstieg;",
    "A3": "Threat modelling;<p>What could go wrong, and what do we do about it?</p>"
    ";Security|Software design;7;Profi;09.03.2026",
    "A4": "First aid at work;<p>Bleeding, burns and the recovery position.</p>"
    ";Health and safety;4;Einstieg;16.03.2026",
    "A5": "Regression by hand;<p>Least squares on paper, and why it works.</p>"
    ";Statistics;5,25;Aufbau;",
}
DENTED = ROWS["A3"].replace("Threat modelling", "")


def files(folder: Path, world: str = "whole") -> dict[str, object]:
    """`shrunk` lacks the course on tables; in `dented` one has no title."""
    rows = {key: row for key, row in ROWS.items() if not (world == "shrunk" and key == "A2")}
    if world == "dented":
        rows["A3"] = DENTED
    file = folder / "courses.csv"
    file.write_text(HEAD + "".join(_line(*row) for row in rows.items()), encoding="utf-8")
    return {"path": file, **SETTINGS}


def _line(key: str, row: str) -> str:
    title, _, rest = row.partition(";")
    return f"{key};{title};https://academy.example/courses/{key};{rest}\n"


SETTINGS: dict[str, object] = {
    "key": "Kennung",
    "delimiter": ";",
    "split": "|",
    "html": True,
    "duration_unit": 3600,
    "date_format": "%d.%m.%Y",
    "values": {"level": {"Profi": "advanced", "Aufbau": "intermediate", "Einstieg": "beginner"}},
    "columns": {
        "title": "Titel",
        "url": "Link",
        "summary": ["Beschreibung"],
        "subjects": "Themen",
        "duration": "Stunden",
        "level": "Stufe",
        "published": "Beginn",
    },
}
