"""Skills taxonomies: what a tag may name."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from config.completion import Completions

SkillId = str  # the skill's URI in its taxonomy


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill. `groups` are codes of the taxonomy's tree, e.g. "S5.6.1".

    `kind` is "skill", "knowledge", "language" or "transversal".
    """

    id: SkillId
    label: str
    alternatives: tuple[str, ...] = ()
    description: str = ""
    groups: tuple[str, ...] = ()
    kind: str = "skill"


class Taxonomy:
    """Skills by id, by label and by the beginning of a word. Its content never changes.

    `version` is a hash of the content; `groups` maps the codes of the tree to their labels.
    Iterating gives the skills in the order of their ids.
    """

    def __init__(
        self, name: str, version: str, skills: Iterable[Skill], groups: Mapping[str, str] = {}
    ) -> None:
        self.name = name
        self.version = version
        self.groups = groups
        self.skills: Mapping[SkillId, Skill] = {
            skill.id: skill for skill in sorted(skills, key=lambda skill: skill.id)
        }

    def __len__(self) -> int:
        return len(self.skills)

    def __iter__(self) -> Iterator[Skill]:
        return iter(self.skills.values())

    def get(self, skill: SkillId) -> Skill | None:
        return self.skills.get(skill)

    def labelled(self, text: str) -> tuple[SkillId, ...]:
        """The skills that `text` names, as a label or an alternative, whatever its case."""
        return self._named.get(folded(text), ())

    def completing(self, prefix: str, limit: int) -> list[Skill]:
        """Up to `limit` skills with a label or an alternative in which a word begins so.

        Labels that begin so come first, then alternatives, then words further on; short ones first.
        """
        found = self._completions.of(folded(prefix), limit)
        return [self.skills[skill] for skill in found]

    @cached_property
    def _named(self) -> dict[str, tuple[SkillId, ...]]:
        named: dict[str, tuple[SkillId, ...]] = {}
        for skill in self:
            for text in (skill.label, *skill.alternatives):
                key = folded(text)
                known = named.get(key, ())
                if skill.id not in known:
                    named[key] = (*known, skill.id)
        return named

    @cached_property
    def _completions(self) -> Completions:
        return Completions(self._named, {folded(skill.label): skill.id for skill in self})


def folded(text: str) -> str:
    """`text` as labels are compared: Unicode NFKC, case folded, single spaces.

    The text itself where it is so already: of ESCO's 96,510 labels most are, and a second copy of
    them would cost 8 MB.
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    plain = " ".join(plain.casefold().split())
    return text if plain == text else plain


def load_taxonomy(where: str) -> Taxonomy:
    """The taxonomy `where` names: "esco", or the path of a file.

    The file is ESCO's official CSV of skills in any language, an own CSV, a text file (.txt) with
    one label a line, or the compact form; each of them gzipped or not.
    Raises BadConfig, naming file, line and column.
    """
    from config.taxonomy_files import read

    return read(where)
