"""Taxonomies from files: ESCO's own, a company's, the compact form; and what is wrong with them."""

import gzip
from pathlib import Path

import pytest

from config.errors import BadConfig
from config.taxonomy import Skill, Taxonomy, load_taxonomy
from config.taxonomy_files import compact, import_taxonomy, make

OWN = """id,label,alternatives,description,group
acme:1,turning,lathe work| Turning |operate a lathe,"Shaping metal,
on a lathe",metal
acme:2,deburring,,,
"""
OFFICIAL = """\ufeffconceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,\
hiddenLabels,status,description
KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/1,skill/competence,cross-sector,\
Metall drehen,"Drehen
Drehmaschine bedienen",Dreher,released,An der Drehmaschine
KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/2,knowledge,sector-specific,Metallkunde,,,\
released,
KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/3,skill/competence,transversal,\
sorgsam arbeiten,,,released,
KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/4,knowledge,,Altes,,,obsolete,
"""


def write(folder: Path, content: str | bytes, name: str = "skills.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_own_csv(tmp_path: Path) -> None:
    taxonomy = load_taxonomy(str(write(tmp_path, OWN)))
    assert taxonomy.name == "skills"
    assert list(taxonomy) == [
        Skill(
            "acme:1",
            "turning",
            ("lathe work", "operate a lathe"),
            "Shaping metal,\non a lathe",
            ("metal",),
        ),
        Skill("acme:2", "deburring"),
    ]
    assert taxonomy.groups == {"metal": "metal"}


def test_two_columns_are_enough(tmp_path: Path) -> None:
    taxonomy = load_taxonomy(str(write(tmp_path, "label,id\nturning,1\n\n")))
    assert list(taxonomy) == [Skill("1", "turning")]


def test_esco_official_csv_in_another_language(tmp_path: Path) -> None:
    taxonomy = load_taxonomy(str(write(tmp_path, OFFICIAL, "skills_de.csv")))
    turning, metallurgy, care = taxonomy
    assert turning.label == "Metall drehen"
    assert turning.alternatives == ("Drehen", "Drehmaschine bedienen", "Dreher")
    assert turning.description == "An der Drehmaschine"
    assert [turning.kind, metallurgy.kind, care.kind] == ["skill", "knowledge", "transversal"]


def test_importing_keeps_everything_and_the_version(tmp_path: Path) -> None:
    source = write(tmp_path, OWN)
    into = tmp_path / "new" / "ours.jsonl.gz"
    imported = import_taxonomy(source, into)
    again = load_taxonomy(str(into))
    assert (again.name, again.version, list(again), again.groups) == (
        imported.name,
        imported.version,
        list(imported),
        imported.groups,
    )
    assert [path.name for path in into.parent.iterdir()] == ["ours.jsonl.gz"]
    assert into.read_bytes()[4:8] == bytes(4)  # no time of day: the same content, the same file


def test_version_follows_content_not_name(tmp_path: Path) -> None:
    version = load_taxonomy(str(write(tmp_path, OWN))).version
    assert load_taxonomy(str(write(tmp_path, OWN, "renamed.csv"))).version == version
    changed = write(tmp_path, OWN.replace("deburring", "milling"))
    assert load_taxonomy(str(changed)).version != version


def test_version_sees_every_field() -> None:
    skills = [
        Skill("1", "a"),
        Skill("2", "a"),
        Skill("1", "b"),
        Skill("1", "a", ("b",)),
        Skill("1", "a", description="b"),
        Skill("1", "a", groups=("b",)),
        Skill("1", "a", kind="knowledge"),
    ]
    versions = {make("n", [skill], {}).version for skill in skills}
    versions.add(make("n", skills[:1], {"b": "B"}).version)
    assert len(versions) == len(skills) + 1


def test_compact_form_cuts_the_namespace_of_uris() -> None:
    skills = [Skill("https://x.org/s#ab", "a"), Skill("https://x.org/s#ac", "b")]
    content = compact(Taxonomy("n", "", skills))
    assert b'"prefix":"https://x.org/s#"' in content
    assert b'["ab","a",' in content


def test_gzipped_csv(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress(OWN.encode()), "skills.csv.gz")
    assert load_taxonomy(str(path)).name == "skills"


def test_rows_without_a_label_are_left_out_and_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(tmp_path, 'id,label\n1,"a\nb"\n2, \n3,c\n4,\n')
    assert list(load_taxonomy(str(path)).skills) == ["1", "3"]
    assert [record.getMessage() for record in caplog.records] == [
        f"{path}: 2 rows without a label are left out, the first in line 4"
    ]


def test_esco_rows_without_a_label_are_left_out_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(tmp_path, OFFICIAL.replace("Metallkunde", ""))
    assert [skill.label for skill in load_taxonomy(str(path))] == [
        "Metall drehen",
        "sorgsam arbeiten",
    ]
    [record] = caplog.records
    assert record.getMessage().endswith(
        "1 rows without a preferredLabel are left out, the first in line 4"
    )


LABEL_MISSING = (
    "{path}, line 1: column label is missing. ESCO's own file has the columns conceptUri, "
    "preferredLabel, altLabels among others; a taxonomy of your own has id, label, alternatives, "
    "description, group, of which the first two are needed."
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "id;label\n1;a\n",
            "{path}, line 1: columns are separated by semicolons; save it with commas",
        ),
        ("id\tlabel\n1\ta\n", "{path}, line 1: columns are separated by tabs; save it with commas"),
        ("id,name\n1,a\n", LABEL_MISSING),
        ("conceptUri,altLabels\nx,y\n", LABEL_MISSING.replace("label is", "preferredLabel is")),
        ("", LABEL_MISSING.replace("column label", "column id")),
        (
            "id,label,alternativ\n1,a,b\n",
            '{path}, line 1, column alternativ: no such column; did you mean "alternatives"?',
        ),
        ("id,label,label\n1,a,b\n", "{path}, line 1, column label: the column is there twice"),
        ("id,label\n", "{path}: holds no skill; each line below the first is one"),
        (
            "id,label\n1,a\n2,b,c\n",
            "{path}, line 3: 3 columns where the first line has 2; put a text with a comma in it "
            "into double quotes",
        ),
        ("id,label\n1,\n", "{path}: holds no skill; each line below the first is one"),
        ("id,label\n,a\n", "{path}, line 2, column id: is empty; every skill needs one"),
        ("id,label\n1,a\n1,b\n", "{path}, line 3, column id: the id of line 2 again"),
        (
            "id,label\n1,a\n2,Gerät\n".encode("latin-1"),
            '{path}, line 3: not UTF-8; save the file in UTF-8 (in Excel: "CSV UTF-8")',
        ),
        (
            "id,label\n1,a\n".encode("utf-16"),
            '{path}, line 1: not UTF-8; save the file in UTF-8 (in Excel: "CSV UTF-8")',
        ),
        (
            'id,label\n1,"a" b\n',
            "{path}, line 2: not CSV (',' expected after '\"'); a double quote inside a text is "
            "written twice",
        ),
        (
            "conceptType,conceptUri,preferredLabel,altLabels\nOccupation,x,y,z\n",
            '{path}, line 2, column conceptType: this is the file of "Occupation"; give that of '
            "skills",
        ),
        (
            b"\x1f\x8b\x08\x00broken",
            "{path}: this taxonomy cannot be read: the gzip stream is damaged. "
            'Give "esco" or the path of a taxonomy file.',
        ),
        (
            b'{"format":"x","name":"n"}\n{"prefix":"","groups":{}}\n["1","a"]\n',
            "{path}, line 3: not the compact form of a taxonomy; import its CSV anew",
        ),
        (
            b'{"format":"x","name":"n"}\n{"groups":{}}\n',
            "{path}, line 2: not the compact form of a taxonomy; import its CSV anew",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(BadConfig) as caught:
        load_taxonomy(str(path))
    assert str(caught.value) == message.format(path=path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="cannot be read: No such file or directory"):
        load_taxonomy(str(tmp_path / "none.csv"))


def test_a_failed_import_leaves_the_earlier_one(tmp_path: Path) -> None:
    into = tmp_path / "ours.jsonl.gz"
    import_taxonomy(write(tmp_path, OWN), into)
    before = into.read_bytes()
    with pytest.raises(BadConfig):
        import_taxonomy(write(tmp_path, "id,label\n"), into)
    assert into.read_bytes() == before


@pytest.mark.shared_data
def test_esco_official_layout_of_occupations_is_recognised(shared_data: Path) -> None:
    path = shared_data / "taxonomy" / "esco_official_layout_occupations_en.csv.gz"
    with pytest.raises(BadConfig, match=r'line 2, column conceptType: .* "Occupation"'):
        load_taxonomy(str(path))


@pytest.mark.slow
@pytest.mark.shared_data
def test_real_rows_in_esco_columns(shared_data: Path, caplog: pytest.LogCaptureFixture) -> None:
    taxonomy = load_taxonomy(str(shared_data / "taxonomy" / "esco_merged_v1.2.csv.gz"))
    assert len(taxonomy) == 14_163 - 283
    assert taxonomy.labelled("manage staff of music") == (
        "http://data.europa.eu/esco/skill/0005c151-5b5a-4a66-8aac-60e734beb1ab",
    )
    [record] = caplog.records
    assert "283 rows without a preferredLabel" in record.getMessage()
