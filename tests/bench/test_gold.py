"""Files of sentences and items with the skills that people gave them."""

from pathlib import Path

import pytest

from bench.gold import ITEM_FIELDS, Labelled, Names, Sentence, read_items, read_sentences
from bench.tagging import chosen, draft
from config.errors import BadConfig
from config.taxonomy import Skill, Taxonomy

SAME = {field: field for field in ITEM_FIELDS}


@pytest.fixture
def names() -> Names:
    skills = [
        Skill("x:1", "turning", ("lathe work", "shaping")),
        Skill("x:2", "milling", ("shaping", "turning")),
        Skill("x:3", "LATHE safety"),
    ]
    return Names(Taxonomy("t", "1", skills))


def test_a_name_means_an_id_a_label_or_one_skills_alternative(names: Names) -> None:
    meant = [names.meant(name) for name in ("x:3", "Turning", "lathe  WORK", "shaping", "drill")]
    assert meant == ["x:3", "x:1", "x:1", None, None]


def test_a_sentence_stands_once_with_all_its_labels(tmp_path: Path, names: Names) -> None:
    path = tmp_path / "s.csv"
    path.write_text(
        "\ufeffsentence,span,label\n"
        '"We turn, and mill.",turn,turning\n'
        "Hello.,,LABEL NOT PRESENT\n"
        '"We turn, and mill.",mill,Milling\n'
        '"We turn, and mill.",,UNDERSPECIFIED\n'
        "Old.,,knitting\n"
    )
    assert read_sentences(path, names) == [
        Sentence("We turn, and mill.", frozenset({"x:1", "x:2"})),
        Sentence("Hello.", frozenset()),
        Sentence("Old.", frozenset(), frozenset({"knitting"})),
    ]


def test_items_come_as_json_lines_or_as_a_table_with_columns_of_its_own(
    tmp_path: Path, names: Names
) -> None:
    lines = tmp_path / "i.jsonl"
    lines.write_text(
        '{"title": "A", "text": "b", "skills": "turning; x:3|knitting"}\n\n{"title": "C"}\n'
    )
    table = tmp_path / "i.csv"
    table.write_text("NAME;BODY;WORDS\nA;b;turning| x:3 |knitting\nC;;\n")
    columns = dict(zip(ITEM_FIELDS, ("NAME", "BODY", "WORDS"), strict=True))
    gold, unknown = frozenset({"x:1", "x:3"}), frozenset({"knitting"})
    wanted = [Labelled("A", "b", gold, unknown), Labelled("C", "", frozenset())]
    assert read_items(lines, names, SAME) == read_items(table, names, columns) == wanted


def test_items_whose_skills_are_all_unknown_cannot_be_judged() -> None:
    some, none = Labelled("a", "", frozenset({"x"})), Labelled("b", "", frozenset())
    unknown = Labelled("c", "", frozenset(), frozenset({"knitting"}))
    assert chosen([some, none, unknown], named_only=False) == [some, none]
    assert chosen([some, none, unknown], named_only=True) == [some]


def test_a_draft_has_the_text_without_markup_and_none_of_the_skills() -> None:
    made = draft(3, Labelled("", "<p>Turning &amp; milling</p>", frozenset({"x:1"})))
    assert (made.title, made.summary, made.skills) == ("Turning & milling", "Turning & milling", ())


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("i.csv", "title,text\na,b\n", r"i\.csv, line 1: column skills is missing; there is"),
        ("i.jsonl", '{"title": "a"}\n[1]\n', r"i\.jsonl, line 2: not a JSON object"),
        ("i.jsonl", "\xff", "cannot be read as UTF-8"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, names: Names, name: str, content: str, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(BadConfig, match=message):
        read_items(path, names, SAME)
