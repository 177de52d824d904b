"""git: the contract against git's own server, and what commits do to items."""

import json
import zlib
from collections.abc import Mapping
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import BadItem, NeedsPerson, SkillshelfError, TryLater
from catalogue.model import Draft, Kind
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from connectors.formats import gitwalk
from connectors.formats.gitpack import check_sizes
from connectors.git import Git, Settings
from connectors.testing import CANARY, Answer, Case, Conformance, FolderPlace, served
from tests.connectors.repositories import File, commit, git, http_backend, repository
from tests.connectors.sites import git as site

BASE = "https://git.example"


@pytest.mark.slow  # starts some fifty reading processes
class TestGit(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        settings = {**site.settings(BASE), "token": CANARY}
        whole, shrunk, dented = (served(site.answers(BASE, name)) for name in site.WORLDS)
        return Case(Git, settings, whole, shrunk, dented)


@pytest.mark.slow  # starts some fifty reading processes
class TestGitFolder(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        place = FolderPlace(tmp_path / "handbook.git", {"path": "."})
        whole = place.world(lambda root: site.files(root))
        shrunk = place.world(lambda root: site.files(root, "shrunk"))
        dented = place.world(lambda root: site.files(root, "dented"))
        return Case(Git, {"token": CANARY}, whole, shrunk, dented, outage=place.missing)


def run(folder: Path, cursor: Any = None, **settings: Any) -> list[Event]:
    def nobody(_: Any) -> Answer:
        raise AssertionError("no request expected")

    with served(nobody)() as scene:
        config = Settings.model_validate({"path": folder, **settings})
        return list(Git(config, scene.http).pull(json.loads(json.dumps(cursor or {}))))


def cursor_of(events: list[Event]) -> dict[str, Any]:
    assert isinstance(events[-1], Checkpoint)
    return dict(events[-1].cursor)


def told(events: list[Event]) -> list[str]:
    """As "found bend.md", without checkpoints."""
    return [f"{type(e).__name__.lower()} {e.key}" for e in events if not isinstance(e, Checkpoint)]


def drafts(events: list[Event], **settings: Any) -> dict[str, Draft]:
    with served(lambda _: Answer())() as scene:
        config = Settings.model_validate({"url": f"{BASE}/a", **settings})
        connector = Git(config, scene.http)
        return {e.key: connector.normalise(e.payload) for e in events if isinstance(e, Found)}


def test_pages_read_by_eye(tmp_path: Path) -> None:
    site.files(tmp_path)
    read = drafts(run(tmp_path, base_url="https://ropes.example/{page}/", root="docs"))
    assert read.keys() == {
        f"docs/{n}"
        for n in ("index.md", "knots.md", "splices.rst", "whipping.adoc", "seil.de.md", "care.md")
    }
    knots = read["docs/knots.md"]
    assert (knots.title, knots.language) == ("Knots to know", "en")
    assert (knots.url, knots.subjects) == ("https://ropes.example/knots/", ("rope", "safety"))
    assert [(p.heading, str(p.locator)) for p in knots.parts] == [
        ("Bowline", "anchor bowline"),
        ("Sheet bend", "anchor sheet-bend"),
    ]
    assert read["docs/index.md"].url == "https://ropes.example/"
    assert read["docs/seil.de.md"].language == "de"
    assert read["docs/splices.rst"].parts[1].text.startswith("Unlay three strands")
    assert read["docs/whipping.adoc"].title == "Whipping"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://github.com/acme/handbook.git",
            "https://github.com/acme/handbook/blob/main/a%20b.md",
        ),
        ("https://gitlab.acme.example/x/y", "https://gitlab.acme.example/x/y/-/blob/main/a%20b.md"),
        ("https://codeberg.org/x/y.git", "https://codeberg.org/x/y/src/branch/main/a%20b.md"),
        ("https://bitbucket.org/x/y", "https://bitbucket.org/x/y/src/main/a%20b.md"),
    ],
)
def test_links_lead_to_the_forge(tmp_path: Path, url: str, expected: str) -> None:
    repository(tmp_path / url.partition("://")[2].partition("/")[2], {"a b.md": b"# A\n\nwords"})
    with served(http_backend(tmp_path, lambda _: True))() as scene:
        events = list(Git(Settings.model_validate({"url": url}), scene.http).pull({}))
    (found,) = [e for e in events if isinstance(e, Found)]
    assert found.payload["url"] == expected


def test_only_what_a_commit_changed_is_read(tmp_path: Path) -> None:
    site.files(tmp_path)
    cursor = cursor_of(run(tmp_path))
    assert told(run(tmp_path, cursor)) == []
    commit(
        tmp_path,
        {
            "docs/new.md": b"# New\n\nwords",
            "docs/index.md": None,
            "docs/knots.md": b"# Knots\n\nFewer.",
            "README.txt": b"no page",
        },
    )
    events = run(tmp_path, cursor)
    assert told(events) == ["found docs/knots.md", "found docs/new.md", "gone docs/index.md"]
    assert not any(e.complete for e in events if isinstance(e, Checkpoint))


LONG = b"".join(b"Line %d of a page about ropes.\n" % number for number in range(20))


def after(folder: Path, *commits: Mapping[str, File]) -> list[list[str]]:
    """What each commit leads to, one run a commit."""
    cursor, said = None, []
    for files in commits:
        commit(folder, files)
        events = run(folder, cursor)
        cursor = cursor_of(events)
        said.append(told(events))
    return said


def test_a_page_that_moves_stays_the_same_item(tmp_path: Path) -> None:
    repository(tmp_path)
    assert after(
        tmp_path,
        {"a.md": LONG, "z.md": b"other words"},
        {"a.md": None, "guide/b.md": LONG},
        {"guide/b.md": None, "guide/c.md": LONG + b"And one more.\n"},
        {"guide/c.md": b"rewritten"},
        {"a.md": b"a new page where the first was"},
        {"guide/c.md": None},
        {"a.md": None, "b.md": b"a new page where the first was"},
    ) == [
        ["found a.md", "found z.md"],
        ["found a.md"],
        ["found a.md"],
        ["found a.md"],
        [f"found a.md@{git(tmp_path, 'rev-parse', 'main~2')[:10]}"],
        ["gone a.md"],
        [f"found a.md@{git(tmp_path, 'rev-parse', 'main~2')[:10]}"],
    ]


def test_a_folder_that_moves_back_and_forth(tmp_path: Path) -> None:
    pages = {f"{n}.md": LONG + b"%d" % n for n in range(4)}
    there = {f"new/{name}": text for name, text in pages.items()}
    gone: dict[str, File] = dict.fromkeys(pages)
    repository(tmp_path)
    said = after(tmp_path, pages, {**gone, **there}, {**dict.fromkeys(there), **pages})
    assert said == [[f"found {n}.md" for n in range(4)]] * 3
    assert cursor_of(run(tmp_path))["moved"] == {}


def test_a_page_that_becomes_a_draft_goes(tmp_path: Path) -> None:
    repository(tmp_path)
    draft = b"+++\ndraft = true\n+++\nwords"
    assert after(tmp_path, {"a.md": LONG, "b.md": draft}, {"a.md": draft}, {"b.md": LONG}) == [
        ["found a.md"],
        ["gone a.md"],
        ["found b.md"],
    ]


def test_names_survive_a_change_of_settings(tmp_path: Path) -> None:
    repository(tmp_path, {"a.md": LONG})
    first = cursor_of(run(tmp_path))
    commit(tmp_path, {"a.md": None, "b.md": LONG, "c.rst": b"words"})
    second = cursor_of(run(tmp_path, first))
    events = run(tmp_path, second, include=("*.md",))
    assert told(events) == ["found a.md"]
    assert isinstance(events[-1], Checkpoint)
    assert events[-1].complete


def test_a_branch_written_anew_is_listed_anew(tmp_path: Path) -> None:
    root = tmp_path / "x/y"
    names = repository(root, {"a.md": b"one"}, {"b.md": b"two"})
    settings = Settings.model_validate({"url": f"{BASE}/x/y"})
    with served(http_backend(tmp_path, lambda _: True))() as scene:
        cursor = cursor_of(list(Git(settings, scene.http).pull({})))
        commit(root, {"c.md": b"three"}, onto=names[0])
        git(root, "reflog", "expire", "--expire=now", "--all")
        git(root, "gc", "--quiet", "--prune=now")
        events = list(Git(settings, scene.http).pull(cursor))
    assert told(events) == ["found a.md", "found c.md"]
    assert isinstance(events[-1], Checkpoint)
    assert events[-1].complete


def test_a_run_that_broke_goes_on(tmp_path: Path) -> None:
    many: dict[str, File] = {f"{n:04}.md": b"# Page %d\n\nwords" % n for n in range(450)}
    root = tmp_path / "x/y"
    repository(root, many)
    settings = Settings.model_validate({"url": f"{BASE}/x/y"})
    with served(http_backend(tmp_path, lambda _: True))() as scene:
        events = list(Git(settings, scene.http).pull({}))
        assert len(scene.wire.requests) == 2 + 3 + 3 * 3
    middle = [e for e in events if isinstance(e, Checkpoint)][1]
    commit(root, {"0000.md": b"changed", "0449.md": None})
    with served(http_backend(tmp_path, lambda _: True))() as scene:
        resumed = list(Git(settings, scene.http).pull(middle.cursor))
    said = told(resumed)
    assert said[:400] == [f"unchanged {n:04}.md" for n in range(400)]
    assert said[400:] == [f"found {n:04}.md" for n in range(400, 450)] + [
        "found 0000.md",
        "gone 0449.md",
    ]
    assert [e.complete for e in resumed if isinstance(e, Checkpoint)] == [True, False]
    assert sum(isinstance(e, Unchanged) for e in resumed) == 2 * gitwalk.BATCH


LIST = b"""# Free things

### Index
* [Databases](#databases)

### Databases
* [Joins](https://db.example/joins) - Ann Lee, Bo Ek (PDF)
* [Locks](https://db.example/locks) - How rows are locked.

#### PostgreSQL
* [Vacuum](https://db.example/vacuum)
    * [Freeze](https://db.example/freeze) - Cy Dee *(:construction: in process)*
* [Readme](../README.md), [mail](mailto:ann@db.example)
* [Secret](https://user:word@db.example/)

### Tools
* [Locks](https://db.example/locks)
"""


def test_a_list_of_links_by_eye(tmp_path: Path) -> None:
    repository(tmp_path, {"books/free-books-pt_BR.md": LIST})
    read = drafts(run(tmp_path, read="links"))
    rows = [(d.title, d.authors, d.summary, d.subjects) for d in read.values()]
    assert rows == [
        ("Joins", ("Ann Lee", "Bo Ek"), "", ("Databases",)),
        ("Locks", (), "How rows are locked.", ("Databases", "Tools")),
        ("Vacuum", (), "", ("Databases", "PostgreSQL")),
        ("Freeze", ("Cy Dee",), "", ("Databases", "PostgreSQL")),
    ]
    assert {(d.language, d.kind) for d in read.values()} == {("pt-BR", Kind.BOOK)}
    assert next(iter(read)) == "books/free-books-pt_BR.md https://db.example/joins"


def test_links_follow_their_list(tmp_path: Path) -> None:
    link = "https://x.example/"
    repository(
        tmp_path,
        {"a.md": f"* [A]({link}a)\n* [B]({link}b)\n".encode(), "b.md": b"* [A](https://y.example)"},
    )
    cursor = cursor_of(run(tmp_path, read="links"))
    commit(tmp_path, {"a.md": f"* [A]({link}a)\n* [New]({link}c)\n".encode()})
    events = run(tmp_path, cursor, read="links")
    assert told(events) == [f"found a.md {link}c", f"gone a.md {link}b"]
    commit(
        tmp_path,
        {"a.md": None, "b.md": None, "lists-de.md": f"* [A]({link}a)\n* [New]({link}c)\n".encode()},
    )
    events = run(tmp_path, cursor_of(events), read="links")
    assert told(events) == [
        f"found a.md {link}a",
        f"found a.md {link}c",
        "gone b.md https://y.example",
    ]


def test_a_list_that_cannot_be_read_makes_no_link_vanish(tmp_path: Path) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"
    repository(tmp_path, {"a.md": b"* [A](https://x.example/a)", "b.md": pointer})
    events = run(tmp_path, read="links")
    assert told(events) == ["found a.md https://x.example/a", "failed b.md"]
    assert cursor_of(events) != {}
    assert not any(e.complete for e in events if isinstance(e, Checkpoint))


def test_one_file_that_is_too_large_fails_alone(tmp_path: Path) -> None:
    pages: dict[str, File] = {f"{n}.md": b"# Page %d\n\nwords" % n for n in range(9)}
    repository(tmp_path / "x/y", {**pages, "3.md": b"words " * 5000})
    config = Settings.model_validate({"url": f"{BASE}/x/y", "max_bytes": 9000})
    with served(http_backend(tmp_path, lambda _: True))() as scene:
        events = list(Git(config, scene.http).pull({}))
    (failed,) = [e for e in events if isinstance(e, Failed)]
    assert str(failed.error) == "3.md is 30,000 bytes; `max_bytes` is 9,000"
    assert sum(isinstance(e, Found) for e in events) == 8
    assert told(run(tmp_path / "x/y", max_bytes=9000)) == told(events)


def test_a_server_that_knows_no_filter(tmp_path: Path) -> None:
    root = tmp_path / "x/y"
    repository(root, {"a.md": b"one", "film.mp4": b"\0" * 50_000})
    git(root, "config", "uploadpack.allowFilter", "false")
    config = Settings.model_validate({"url": f"{BASE}/x/y", "max_bytes": 9000})
    with served(http_backend(tmp_path, lambda _: True))() as scene:
        assert told(list(Git(config, scene.http).pull({}))) == ["found a.md"]


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (
            Answer("<html>sign in</html>", headers={"Content-Type": "text/html"}),
            NeedsPerson,
            "clones",
        ),
        (Answer("gone", 404), NeedsPerson, "check the address"),
        (Answer("busy", 503), TryLater, "busy"),
        (
            Answer("0000", headers={"Content-Type": "application/x-git-upload-pack-advertisement"}),
            NeedsPerson,
            "not what git answers",
        ),
        (
            Answer(
                b"\xff" * 99,
                headers={"Content-Type": "application/x-git-upload-pack-advertisement"},
            ),
            NeedsPerson,
            "not what git answers",
        ),
    ],
)
def test_what_is_no_git_server(answer: Answer, error: type[SkillshelfError], message: str) -> None:
    config = Settings.model_validate({"url": f"{BASE}/x/y"})
    with served(lambda _: answer)() as scene, pytest.raises(error, match=message):
        list(Git(config, scene.http).pull({}))


def test_a_private_repository_wants_its_token() -> None:
    config = Settings.model_validate(site.settings(BASE))
    with served(site.answers(BASE))() as scene, pytest.raises(NeedsPerson, match="credentials"):
        list(Git(config, scene.http).pull({}))


def test_the_token_goes_to_its_own_host_alone(tmp_path: Path) -> None:
    repository(tmp_path / "x/y", {"a.md": b"one"})
    heard: list[tuple[str, bool]] = []
    backend = http_backend(tmp_path, lambda _: True)

    def server(request: Any) -> Answer:
        heard.append((request.url.split("/")[2], "Authorization" in request.headers))
        if "git.example" in request.url:
            return Answer(status=301, headers={"Location": request.url.replace("git.", "new.")})
        return backend(request)

    config = Settings.model_validate({"url": f"{BASE}/x/y", "token": CANARY})
    with served(server)() as scene:
        assert told(list(Git(config, scene.http).pull({}))) == ["found a.md"]
    assert ("git.example", True) in heard
    assert not [host for host, authorised in heard if authorised and host != "git.example"]


def test_a_branch_that_is_not_there(tmp_path: Path) -> None:
    site.files(tmp_path / "docs/handbook.git")
    with pytest.raises(NeedsPerson, match="no branch nowhere"):
        run(tmp_path / "docs/handbook.git", branch="nowhere")
    config = Settings.model_validate({**site.settings(BASE), "token": CANARY, "branch": "nowhere"})
    with (
        served(site.answers(BASE))() as scene,
        pytest.raises(NeedsPerson, match="no branch nowhere"),
    ):
        list(Git(config, scene.http).pull({}))
    repository(tmp_path / "empty")
    with pytest.raises(NeedsPerson, match="no branch with a commit"):
        run(tmp_path / "empty")


@pytest.mark.slow
def test_a_tree_of_trees_of_trees_is_bounded(tmp_path: Path) -> None:
    """Ten objects that stand for 10^10 files."""
    repository(tmp_path)
    blob = git(tmp_path, "hash-object", "-w", "--stdin", data=b"words")
    entry, kind = blob, "100644 blob"
    for _ in range(10):
        rows = "".join(f"{kind} {entry}\t{n}.md\n" for n in range(10))
        entry, kind = git(tmp_path, "mktree", data=rows.encode()), "040000 tree"
    stream = (
        f"commit refs/heads/main\ncommitter A <a@b.example> 1 +0000\ndata 1\nx\nM 040000 {entry} \n"
    )
    git(tmp_path, "fast-import", "--quiet", data=stream.encode())
    with pytest.raises(NeedsPerson, match="more than 500,000 files"):
        run(tmp_path)


def _pack(*objects: tuple[int, int, bytes]) -> bytes:
    """A pack of (kind, claimed size, content)."""
    body = b"PACK" + (2).to_bytes(4, "big") + len(objects).to_bytes(4, "big")
    for kind, size, content in objects:
        head, rest = kind << 4 | size & 15, size >> 4
        while rest:
            body += bytes([head | 0x80])
            head, rest = rest & 0x7F, rest >> 7
        body += bytes([head]) + (b"\1" * 20 if kind == 7 else b"") + zlib.compress(content)
    return body + sha1(body, usedforsecurity=False).digest()


def test_packs_that_unpack_to_too_much_are_refused() -> None:
    check_sizes(_pack((3, 5, b"words"), (3, 3, b"two")), 5, 8)
    with pytest.raises(BadItem, match="5 bytes; `max_bytes` is 4"):
        check_sizes(_pack((3, 5, b"words")), 4, 99)
    with pytest.raises(BadItem, match="more than 7 bytes unpacked"):
        check_sizes(_pack((3, 5, b"words"), (3, 3, b"two")), 5, 7)
    with pytest.raises(BadItem, match="no whole pack"):
        check_sizes(_pack((3, 5, bytes(10**6))), 99, 999)
    delta = b"\x05" + b"\xff\xff\xff\x7f" + b"\x90\x05"
    with pytest.raises(BadItem, match="268,435,455 bytes"):
        check_sizes(_pack((7, len(delta), delta)), 10**6, 10**9)
    whole = _pack((3, 5, b"words"))
    for end in range(12, len(whole) - 20):
        with pytest.raises(BadItem, match="no whole pack"):
            check_sizes(whole[:end] + bytes(20), 99, 999)


@pytest.mark.slow
@pytest.mark.shared_data
def test_free_programming_books(shared_data: Path, tmp_path: Path) -> None:
    lists = shared_data / "catalogues/free-programming-books"
    files = {str(p.relative_to(lists)): p.read_bytes() for p in sorted(lists.rglob("*.md"))}
    repository(tmp_path, files)
    events = run(tmp_path, read="links")
    read = drafts(events)
    assert not [e for e in events if isinstance(e, Failed | Gone)]
    assert (len(files), len(read)) == (120, 10_637)
    assert len({d.url for d in read.values()}) == 10_546
    assert len({d.language for d in read.values()} - {None}) == 52
    kinds = {kind: sum(d.kind is kind for d in read.values()) for kind in Kind}
    assert kinds[Kind.BOOK] == 4737
    german = (
        "books/free-programming-books-de.md http://openbook.rheinwerk-verlag.de/einstieg_in_abap"
    )
    abap = read[german]
    assert (abap.title, abap.language, abap.kind) == ("Einstieg in ABAP", "de", Kind.BOOK)
    assert abap.authors == ("Karl-Heinz Kühnhauser", "Thorsten Franz")
    assert abap.subjects == ("ABAP",)
