"""The file that describes where learning content comes from."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from config.complaint import details, in_words
from config.errors import BadConfig
from config.nearest import nearest
from config.schedule import Schedule
from config.secrets import holds_password, says_secret, variable
from config.stanza import NAME, Defaults, Filter, Publish, ScheduleStanza, Stanza
from config.tree import Place, Tree, line_of, read_tree


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One source as its file describes it.

    Paths among `settings` are relative to `base`, the folder of the file. `lines` maps the places
    of fields, e.g. ("settings", "url"), to their lines. `fingerprint` is a hash over connector and
    settings: an approval holds only as long as it stays the same. `threshold` None means that of
    the settings; `language` is that of items which do not say. `allow` and `deny` decide what of
    the source is found; a change of them asks nothing of the source.
    """

    name: str
    connector: str
    owner: str
    schedule: Schedule | None = None
    publish: Publish = "at once"
    threshold: float | None = None
    visibility: tuple[str, ...] = ("public",)
    allow_private: bool = False
    language: str | None = None
    provider: str = ""
    allow: Filter = field(default_factory=Filter)
    deny: Filter = field(default_factory=Filter)
    settings: Mapping[str, Any] = field(default_factory=dict)
    file: Path = Path("sources.yaml")
    line: int = 1
    lines: Mapping[Place, int] = field(default_factory=dict)

    @property
    def base(self) -> Path:
        return self.file.absolute().parent

    @property
    def fingerprint(self) -> str:
        content = json.dumps([self.connector, self.settings], sort_keys=True, default=str)
        return hashlib.sha256(content.encode()).hexdigest()[:16]


def load_sources(path: Path) -> dict[str, SourceSpec]:
    """The sources that the file describes, by name, in its order.

    Raises BadConfig with everything that is wrong, a line each: file, line, field, what is allowed.
    """
    if not path.is_file():
        raise BadConfig(f"{path}: no such file; `skillshelf init` writes one to start from")
    tree = read_tree(path)
    _raise([*_misplaced_secrets(tree.value, (), tree), *_misshapen(tree)])
    defaults = tree.value.get("defaults") or {}
    stanzas: Mapping[str, Any] = tree.value["sources"] or {}
    _raise([*_bad_names(stanzas, tree), *_invalid(Defaults, defaults, ("defaults",), tree)])
    specs: dict[str, SourceSpec] = {}
    wrong: list[str] = []
    for name, stanza in stanzas.items():
        merged = {**defaults, **stanza} if isinstance(stanza, dict) else stanza
        complaints = list(_invalid(Stanza, merged, ("sources", name), tree))
        wrong += complaints
        if not complaints:
            specs[name] = _spec(name, Stanza.model_validate(merged), tree)
    _raise(wrong)
    return specs


def complain(spec: SourceSpec, error: ValidationError, known: Iterable[str] = ()) -> BadConfig:
    """What is wrong with a source's connector settings, with file, line and field.

    `known` are the names of the connector's fields: an unknown one is answered with the nearest.
    """
    known = list(known)
    complaints = []
    for detail in details(error):
        place: Place = ("settings", *detail["loc"])
        line = line_of(spec.lines, place, spec.line)
        words = in_words(detail, known if len(detail["loc"]) == 1 else ())
        if detail["type"] == "missing" and says_secret(str(place[-1])):
            words += f"; set the environment variable {variable(spec.name, str(place[-1]))}"
        complaints.append(_complaint(spec.file, line, f'source "{spec.name}", ', place, words))
    return BadConfig("\n".join(complaints))


def _raise(complaints: list[str]) -> None:
    if complaints:
        raise BadConfig("\n".join(complaints))


def _complaint(file: Path, line: int, whose: str, place: Place, reason: str) -> str:
    named = f"field {'.'.join(map(str, place))}: " if place else ""
    return f"{file}, line {line}: {whose}{named}{reason}"


def _located(tree: Tree, place: Place, reason: str) -> str:
    """A complaint about any place of the file."""
    whose = ""
    line = tree.line(place)
    if place[:1] == ("sources",) and len(place) > 1:
        whose, place = f'source "{place[1]}", ', place[2:]
    return _complaint(tree.file, line, whose if place else whose.replace(",", ":"), place, reason)


def _misplaced_secrets(value: Any, place: Place, tree: Tree) -> Iterator[str]:
    if isinstance(value, dict | list):
        items: Iterable[Any] = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            within: Place = (*place, key)
            named = place != ("sources",) and says_secret(str(key))
            if named and inner is not None:
                yield _located(
                    tree, within, f"a secret has no place in this file; {_where(within)}"
                )
            else:
                yield from _misplaced_secrets(inner, within, tree)
    elif isinstance(value, str) and holds_password(value):
        yield _located(tree, place, f"a password has no place in an address; {_where(place)}")


def _where(place: Place) -> str:
    name = str(place[1]) if place[:1] == ("sources",) and len(place) > 1 else "NAME"
    field = str(place[-1]) if says_secret(str(place[-1])) else "password"
    secret = variable(name, field)
    return f"set the environment variable {secret}, or {secret}_FILE to the path of a file with it"


def _misshapen(tree: Tree) -> Iterator[str]:
    if not isinstance(tree.value, dict) or "sources" not in tree.value:
        yield _located(tree, (), 'allowed is a block "sources:" of names and their descriptions')
        return
    for name, value in tree.value.items():
        if name not in ("defaults", "sources"):
            hint = nearest(name, ["defaults", "sources"])
            yield _located(tree, (name,), f"no such field; {hint}")
        elif not isinstance(value, dict | None):
            yield _located(tree, (name,), "must be a block of fields")


def _bad_names(stanzas: Mapping[str, Any], tree: Tree) -> Iterator[str]:
    taken: dict[str, str] = {}
    for name in stanzas:
        if not NAME.fullmatch(name):
            yield _located(
                tree,
                ("sources", name),
                "allowed in a name are up to 64 of a-z, 0-9, - and _, beginning with a letter or "
                "digit",
            )
        other = taken.setdefault(variable(name, ""), name)
        if other != name:
            yield _located(
                tree, ("sources", name), f'too like "{other}": secrets of both have the same names'
            )


_INNER: Mapping[int | str, type[BaseModel]] = {
    "schedule": ScheduleStanza,
    "allow": Filter,
    "deny": Filter,
}


def _invalid(model: type[BaseModel], value: Any, place: Place, tree: Tree) -> Iterator[str]:
    try:
        model.model_validate(value)
    except ValidationError as error:
        for detail in details(error):
            loc = detail["loc"]
            known = _INNER.get(loc[0] if loc[1:] else "", model).model_fields
            yield _located(tree, (*place, *loc), in_words(detail, known))


def _spec(name: str, stanza: Stanza, tree: Tree) -> SourceSpec:
    here: Place = ("sources", name)
    fields = {key: getattr(stanza, key) for key in Stanza.model_fields if key != "schedule"}
    return SourceSpec(
        name=name,
        schedule=stanza.schedule.schedule() if stanza.schedule else None,
        file=tree.file,
        line=tree.line(here),
        lines={place[2:]: line for place, line in tree.lines.items() if place[:2] == here},
        **fields,
    )
