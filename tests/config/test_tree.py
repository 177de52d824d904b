"""YAML that is no YAML, too much, or more than plain."""

import traceback
from pathlib import Path

import pytest

from config.errors import BadConfig
from config.tree import line_of, read_tree

CANARY = "canary-4711"
LOOK = "Look at the indentation, and put texts with special characters into quotes."
ALIAS = (
    "aliases (*) are not read; write out the value, or put it into quotes where the asterisk "
    "belongs to it"
)


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "x.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_values_and_their_lines(tmp_path: Path) -> None:
    tree = read_tree(write(tmp_path, "\ufeffa:\n  b: [1, x]\n  c: |\n    text\nd: true\n"))
    assert tree.value == {"a": {"b": [1, "x"], "c": "text\n"}, "d": True}
    places = [("a",), ("a", "b"), ("a", "b", 1), ("a", "c"), ("d",)]
    assert [tree.line(place) for place in places] == [1, 2, 2, 3, 5]
    assert tree.line(("a", "b", "none")) == 2
    assert line_of({}, ("a",), 7) == 7


def test_an_empty_file(tmp_path: Path) -> None:
    assert read_tree(write(tmp_path, "# nothing\n")).value is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "a:\n  b: 1\n c: 2\n",
            "FILE, line 3, column 2: not YAML: expected <block end>, but found '<block mapping "
            f"start>'. {LOOK}",
        ),
        (
            f"a: [\ntoken: {CANARY}\n",
            "FILE, line 3, column 1: not YAML: expected ',' or ']', but got '<stream end>'. "
            + LOOK,
        ),
        (
            "a: \tb\n",
            "FILE, line 1, column 4: not YAML: found character '\\t' that cannot start any token. "
            f"{LOOK}",
        ),
        (
            "a: b\0\n",
            f"FILE: not YAML: unreadable characters. {LOOK}",
        ),
        (
            "a: 1\n---\nb: 2\n",
            f"FILE, line 2, column 1: not YAML: but found another document. {LOOK}",
        ),
        (f"a: !{CANARY} b\n", "FILE, line 1, column 4: not YAML: "),
        ("a: &x 1\nb: *x\n", f"FILE, line 2: {ALIAS}"),
        (f"a: *{CANARY}\n", f"FILE, line 1: {ALIAS}"),
        ("a: 1\non: 2\n", "FILE, line 2: a field's name must be text; put it into quotes"),
        ("? [a]\n: 2\n", "FILE, line 1: a field's name must be text; put it into quotes"),
        ("a:\n  - b: 1\n    b: 2\n", 'FILE, line 3: "b" is there twice, first on line 2'),
        ("a: 2026-02-31\n", "FILE, line 1: no such value; put a text into quotes"),
        ("[" * 5000, "FILE, line 1: nested too deeply; 50 levels are allowed"),
        ("a: Jörg\n".encode("latin-1"), "FILE, line 1: not UTF-8; save the file in UTF-8"),
        ("#" * (1024 * 1024 + 1), "FILE: larger than 1 MiB; split it up"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str | bytes, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(BadConfig) as caught:
        read_tree(path)
    assert str(caught.value).replace(str(path), "FILE").startswith(message)
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_aliases_are_refused_before_they_unfold(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20)]
    with pytest.raises(BadConfig, match="line 2: aliases"):
        read_tree(write(tmp_path, "\n".join(lines)))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="cannot be read: Is a directory"):
        read_tree(tmp_path)
