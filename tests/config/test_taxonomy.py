"""Finding skills, in the shipped ESCO and in small taxonomies."""

from pathlib import Path

import pytest

from config.taxonomy import Skill, Taxonomy, folded

PYTHON = "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d"


@pytest.fixture(scope="module")
def esco(whole_esco: Taxonomy) -> Taxonomy:
    return whole_esco


@pytest.fixture(scope="module")
def workshop() -> Taxonomy:
    skills = [
        Skill("b", "turning", ("lathe work", "operate a lathe")),
        Skill("a", "Work safely", ("safety", "work SAFELY")),
        Skill("c", "Straße räumen"),
        Skill("d", "teamwork", ("Work safely",)),
        Skill("e", "programming (CNC machines)", ("computer-aided turning",)),
    ]
    return Taxonomy("workshop", "1", skills)


def test_esco_is_whole(esco: Taxonomy) -> None:
    assert (esco.name, len(esco)) == ("ESCO 1.1.1", 13_412)
    assert sum(len(skill.alternatives) for skill in esco) > 82_000
    skill = esco.skills[PYTHON]
    assert skill.label == "Python (computer programming)"
    assert (skill.kind, skill.groups) == ("knowledge", ("K0613", "S5.6.1"))
    assert (
        esco.groups["S5.6"]
        == "using digital tools for collaboration, content creation and problem solving"
    )


def test_kinds_follow_the_pillars(esco: Taxonomy) -> None:
    def kind(label: str) -> str:
        return esco.skills[esco.labelled(label)[0]].kind

    assert kind("write Hungarian") == "language"
    assert kind("sport and exercise medicine") == "knowledge"
    assert kind("manage musical staff") == "skill"
    assert kind("work efficiently") == "transversal"


def test_every_group_but_a_few_has_a_label(esco: Taxonomy) -> None:
    used = {code for skill in esco for code in skill.groups}
    assert used - esco.groups.keys() <= {"S2.1.2", "K103", "K031", "K0910"}


def test_skills_come_in_the_order_of_their_ids(workshop: Taxonomy) -> None:
    assert [skill.id for skill in workshop] == ["a", "b", "c", "d", "e"]
    assert len(workshop) == 5


def test_a_skill_by_id(workshop: Taxonomy) -> None:
    skill = workshop.get("b")
    assert skill is not None
    assert skill.label == "turning"
    assert workshop.get("z") is None


def test_labels_and_alternatives_name_a_skill_whatever_the_case(workshop: Taxonomy) -> None:
    assert workshop.labelled("LATHE  Work ") == ("b",)
    assert workshop.labelled("STRASSE RÄUMEN") == ("c",)
    assert workshop.labelled("work safely") == ("a", "d")
    assert workshop.labelled("lathe") == ()


def test_folding_joins_spellings_of_one_text() -> None:
    assert folded("ﬁtting\u00a0pipes") == folded("Fitting pipes") == "fitting pipes"


@pytest.mark.parametrize(
    ("prefix", "skills"),
    [
        ("tur", ["b", "e"]),  # a label that begins so, then an alternative's later word
        ("lathe", ["b"]),
        ("a lat", ["b"]),
        ("work", ["a", "d", "b"]),
        ("cnc", ["e"]),
        ("aided", ["e"]),
        ("(", []),
        ("urning", []),
        ("", []),
        ("  ", []),
    ],
)
def test_completing(workshop: Taxonomy, prefix: str, skills: list[str]) -> None:
    assert [skill.id for skill in workshop.completing(prefix, 10)] == skills


def test_completing_keeps_to_its_limit(esco: Taxonomy) -> None:
    found = esco.completing("s", 7)
    assert len({skill.id for skill in found}) == 7
    assert all(
        any(label.casefold().startswith("s") for label in (skill.label, *skill.alternatives))
        for skill in found
    )


def test_one_skill_of_many_names_leaves_room_for_others() -> None:
    names = tuple(f"work {letter}" for letter in "abcdefghij")
    skills = [Skill("1", "working", names), Skill("2", "z", ("work on and on",))]
    taxonomy = Taxonomy("n", "1", skills)
    assert [skill.id for skill in taxonomy.completing("work", 2)] == ["1", "2"]


def test_completing_finds_each_skill_by_the_words_of_its_label(esco: Taxonomy) -> None:
    for skill in list(esco)[::1500]:
        last = skill.label.split()[-1].strip("()")
        assert skill in esco.completing(last, len(esco))


def test_notice_of_esco_is_shipped() -> None:
    import config

    notice = (Path(config.__file__).parent / "data" / "NOTICE").read_text("utf-8")
    assert notice.startswith(
        "This service uses the ESCO classification of the European Commission."
    )
