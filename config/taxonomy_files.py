"""Taxonomies as files: the compact form, a mere list of labels, and telling the forms apart.

The compact form is gzipped JSON lines: the name, then the common beginning of the ids with the
groups' labels, then one list for each skill, in the order of their ids.
"""

import gzip
import hashlib
import io
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from config.errors import BadConfig
from config.taxonomy import Skill, Taxonomy, folded
from config.taxonomy_csv import decoded, read_csv

SHIPPED = {"esco": Path(__file__).parent / "data" / "esco.jsonl.gz"}
_LIST = ".txt"
_FORMAT = "skillshelf taxonomy 1"
_MAGIC = b'{"format":'
_LARGEST = 256 * 1024 * 1024  # unpacked; ESCO in one language takes 8 MB


def read(where: str) -> Taxonomy:
    path = SHIPPED.get(where) or Path(where).expanduser()
    content = _content(path)
    if content.startswith(_MAGIC):
        return _parse(content, path)
    name = path.name.removesuffix(".gz")
    if name.endswith(_LIST):
        return make(name.removesuffix(_LIST), _listed(content, path), {})
    skills, groups = read_csv(content, path)
    return make(name.removesuffix(".csv"), skills, groups)


def _listed(content: bytes, path: Path) -> list[Skill]:
    """One label a line, each the id of its skill too. The same label again says nothing new."""
    lines = [" ".join(line.split()) for line in decoded(content, path).splitlines()]
    labels = {folded(label): label for label in reversed(lines) if label}
    if not labels:
        raise BadConfig(f"{path}: holds no skill; each line is the label of one")
    return [Skill(label, label) for label in labels.values()]


def import_taxonomy(path: Path, into: Path) -> Taxonomy:
    """Read a taxonomy of any form and write it to `into` in the compact one. Raises BadConfig."""
    taxonomy = read(str(path))
    into.parent.mkdir(parents=True, exist_ok=True)
    half = into.with_name(into.name + ".part")
    half.write_bytes(gzip.compress(compact(taxonomy), mtime=0))
    half.replace(into)
    return taxonomy


def make(name: str, skills: Iterable[Skill], groups: Mapping[str, str]) -> Taxonomy:
    """A taxonomy with the version that its content has in the compact form."""
    raw = Taxonomy(name, "", skills, groups)
    _, _, body = compact(raw).partition(b"\n")
    return Taxonomy(name, _version(body), raw, groups)


def compact(taxonomy: Taxonomy) -> bytes:
    """The compact form, not yet gzipped. The same content always gives the same bytes."""
    prefix = _common_beginning([skill.id for skill in taxonomy])
    lines: list[Any] = [
        {"format": _FORMAT, "name": taxonomy.name},
        {"prefix": prefix, "groups": dict(sorted(taxonomy.groups.items()))},
    ]
    lines += (
        [s.id[len(prefix) :], s.label, s.kind, s.groups, s.alternatives, s.description]
        for s in taxonomy
    )
    dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    return "".join(dump(line) + "\n" for line in lines).encode()


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            opened: Any = gzip.GzipFile(fileobj=file) if packed else file
            # Chunk by chunk: read(n) reserves n bytes at once, however short the file.
            content = b"".join(_chunks(opened))
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or "the gzip stream is damaged"
        raise BadConfig(
            f"{path}: this taxonomy cannot be read: {reason}. "
            'Give "esco" or the path of a taxonomy file.'
        ) from error
    if len(content) > _LARGEST:
        raise BadConfig(f"{path}: a taxonomy may have {_LARGEST >> 20} MiB at most, unpacked")
    return content


def _chunks(file: Any) -> Iterator[bytes]:
    left = _LARGEST + 1
    while left > 0 and (chunk := file.read(min(left, 1 << 20))):
        left -= len(chunk)
        yield chunk


def _parse(content: bytes, path: Path) -> Taxonomy:
    lines = io.BytesIO(content)
    try:
        name = str(json.loads(lines.readline())["name"])
        second = json.loads(lines.readline())
        body = memoryview(content)[content.index(b"\n") + 1 :]
        skills = _skills(str(second["prefix"]), map(json.loads, lines))
        return Taxonomy(name, _version(body), skills, second["groups"])
    except (ValueError, KeyError, TypeError) as error:
        line = content.count(b"\n", 0, lines.tell())
        raise BadConfig(
            f"{path}, line {line}: not the compact form of a taxonomy; import its CSV anew"
        ) from error


def _skills(prefix: str, rows: Iterable[Any]) -> Iterator[Skill]:
    # Codes repeat: one tuple for all skills of the same groups saves 1.3 of ESCO's 27 MB.
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    for identity, label, kind, groups, alternatives, description in rows:
        codes = tuple(groups)
        yield Skill(
            prefix + identity,
            label,
            tuple(alternatives),
            description,
            known.setdefault(codes, codes),
            kind,
        )


def _version(body: bytes | memoryview) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


def _common_beginning(ids: list[str]) -> str:
    """What all ids begin with, up to a slash or hash; a URI's namespace, mostly."""
    common = os.path.commonprefix(ids)  # noqa: RUF071 of URIs, not of paths
    return common[: max(common.rfind("/"), common.rfind("#")) + 1]
