"""Taxonomies as a mere list of labels."""

import gzip
from pathlib import Path

import pytest

from config.errors import BadConfig
from config.taxonomy import Skill, load_taxonomy


def write(folder: Path, content: str | bytes, name: str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_list_of_labels(tmp_path: Path) -> None:
    path = write(tmp_path, "\ufeffturning\r\n\n lathe  work\r\nTurning\n", "ours.txt")
    taxonomy = load_taxonomy(str(path))
    assert taxonomy.name == "ours"
    assert list(taxonomy) == [Skill("lathe work", "lathe work"), Skill("turning", "turning")]
    packed = write(tmp_path, gzip.compress(path.read_bytes()), "packed.txt.gz")
    assert load_taxonomy(str(packed)).version == taxonomy.version


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("\n \n", "{path}: holds no skill; each line is the label of one"),
        (
            "a\nGerät\n".encode("latin-1"),
            '{path}, line 2: not UTF-8; save the file in UTF-8 (in Excel: "CSV UTF-8")',
        ),
    ],
)
def test_what_is_wrong_in_a_list_is_named(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    path = write(tmp_path, content, "ours.txt")
    with pytest.raises(BadConfig) as caught:
        load_taxonomy(str(path))
    assert str(caught.value) == message.format(path=path)


@pytest.mark.shared_data
def test_real_labels_one_a_line(shared_data: Path) -> None:
    path = shared_data / "labels" / "esco-linking" / "skills_en_label.txt"
    taxonomy = load_taxonomy(str(path))
    assert len(taxonomy) == 13_896
    assert taxonomy.labelled("Manage Musical Staff") == ("manage musical staff",)
