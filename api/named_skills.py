"""Finding the skill that a caller names, or those nearest to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from api.problems import Refused
from api.services import SkillSearch
from config.taxonomy import Skill, Taxonomy, folded

MOST_NEAR = 5


def last_part(skill: str) -> str:
    """The end of a skill's URI, in ESCO a UUID: enough to name it in a path."""
    return skill.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class NamedSkills:
    taxonomy: Taxonomy
    search: SkillSearch
    _by_end: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        ends = {last_part(skill.id).casefold(): skill.id for skill in self.taxonomy}
        object.__setattr__(self, "_by_end", ends)

    def find(self, name: str) -> Skill | None:
        """By URI or its end. None where there is no such skill."""
        whole = self.taxonomy.get(name)
        return whole or self.taxonomy.get(self._by_end.get(name.casefold(), ""))

    def resolve(self, name: str) -> Skill:
        """By URI, its end, or a label. Raises Refused (400), naming the nearest."""
        found = self.find(name)
        if found is not None:
            return found
        labelled = [self.taxonomy.skills[one] for one in self.taxonomy.labelled(name)]
        preferred = [skill for skill in labelled if folded(skill.label) == folded(name)]
        match preferred or labelled:
            case [one]:
                return one
            case []:
                raise self._refusal(name, "names no skill", self.near(name))
            case several:
                raise self._refusal(name, "names several skills", several)

    def near(self, text: str, limit: int = MOST_NEAR) -> list[Skill]:
        """Labels that begin so, then those near in meaning."""
        begin = self.taxonomy.completing(text, limit)
        meant = [skill for skill, _ in self.search(text, limit)] if text.strip() else []
        return list({skill.id: skill for skill in [*begin, *meant]}.values())[:limit]

    def _refusal(self, name: str, why: str, near: Sequence[Skill]) -> Refused:
        labels = ", ".join(f'"{skill.label}"' for skill in near)
        return Refused(
            400,
            f'skill: "{name[:80]}" {why} of the taxonomy; nearest: {labels or "none"}',
            errors=[{"field": "skill", "message": why}],
            nearest=[{"id": skill.id, "name": skill.label} for skill in near],
        )
