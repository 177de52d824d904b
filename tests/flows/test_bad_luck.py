"""What goes wrong around an ingest: two at once, a full disk, another model, a taken port."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from catalogue.store import Catalogue
from config.settings import load_settings
from enrichment.model_files import model_folder
from tests.verbs.terminal import Home, kill

FOLDER = "connector: folder\nsettings: {path: notes}"


@pytest.fixture
def home(tmp_path: Path, model_cache: Path) -> Home:
    made = Home(tmp_path / "home")
    made.path.mkdir()
    (made.path / "cache").symlink_to(model_cache)
    made.sources(notes=FOLDER)
    made.write("notes/negotiation.md", "# Negotiation\n\nHow to negotiate a price.")
    made.write("notes/welding.md", "# Welding\n\nHow to weld metal parts.")
    return made


def count(home: Home) -> int:
    return int(home.run("search", "--json").json["count"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def listening() -> Iterator[int]:
    """Some other program's port."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@contextmanager
def served(home: Home) -> Iterator[str]:
    port = free_port()
    with home.running("serve", until="API docs", environ={"SKILLSHELF_PORT": str(port)}):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.slow
def test_of_two_ingests_of_one_source_the_second_is_told_who_holds_it(home: Home) -> None:
    home.sources(notes=FOLDER, other="connector: folder\nsettings: {path: other}")
    home.write("other/safety.md", "# Safety\n\nWhere the extinguishers are.")
    holder = (
        "import sys\nfrom catalogue.store import Catalogue\n"
        "with Catalogue.open(sys.argv[1]) as c, c.sources.lock('notes'):\n"
        "    print('held', flush=True)\n    input()"
    )
    url = load_settings(home.path, {}).database_url
    with subprocess.Popen(
        [sys.executable, "-c", holder, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        second = home.run_apart("ingest")
        assert first.poll() is None
        first.communicate("\n")
    assert second.code == 3
    assert f"source notes is in use by process {first.pid}" in second.err
    assert "Traceback" not in second.err
    assert "other" in second.out, "the other source was not read"
    assert home.run("ingest").code == 0
    assert count(home) == 3


@pytest.mark.slow
def test_two_whole_ingests_at_once_end_with_every_item_once(home: Home) -> None:
    for number in range(40):
        home.write(f"notes/n{number}.md", f"# Note {number}\n\n" + "We practise welding. " * 200)
    both = [home.start("ingest"), home.start("ingest")]
    codes = sorted(process.wait(240) for process in both)
    assert codes in ([0, 0], [0, 3]), codes
    assert count(home) == 42
    assert home.run("verify").code == 0


@pytest.mark.slow
def test_a_second_server_is_told_where_the_first_is_and_verbs_go_on(home: Home) -> None:
    assert home.run("ingest").code == 0
    with served(home) as at:
        for verb in ("serve", "up"):
            second = home.run_apart(verb, environ={"SKILLSHELF_PORT": str(free_port())})
            assert second.code == 3
            assert f"served already at {at}" in second.err
        verified = home.run("verify")
        assert verified.code == 3
        assert at in verified.err
        home.write("notes/safety.md", "# Safety\n\nWhere the extinguishers are.")
        assert home.run("ingest").code == 0
        eventually_counts(at, 3)
        assert home.run("search", "extinguishers", "--json").json["count"] >= 1
        assert "the running server switches to it" in home.run("rebuild").out
        eventually_counts(at, 3)
    assert "INFO" not in (home.path / "serve.log").read_text()
    assert home.run("verify").code == 0


def eventually_counts(at: str, wanted: int) -> None:
    deadline = time.monotonic() + 60
    while (found := asked(at)) != wanted:
        assert time.monotonic() < deadline, f"{found} items, not {wanted}"
        time.sleep(0.2)


def asked(at: str) -> int:
    return int(requests.get(f"{at}/api/v1/search", timeout=30).json()["count"])


@pytest.mark.slow
def test_a_killed_server_leaves_an_index_that_is_served_again(home: Home) -> None:
    assert home.run("ingest").code == 0
    environ = {"SKILLSHELF_PORT": str(free_port())}
    with home.running("serve", until="API docs", environ=environ) as process:
        home.write("notes/safety.md", "# Safety\n\nWhere the extinguishers are.")
        kill(process)
    assert home.run("ingest").code == 0
    with served(home) as at:
        eventually_counts(at, 3)
    assert home.run("verify").code == 0


@pytest.mark.slow
def test_a_taken_port_is_named_with_its_setting(home: Home) -> None:
    home.run("ingest")
    with listening() as port:
        environ = {"SKILLSHELF_PORT": str(port)}
        for verb in ("serve", "up"):
            said = home.run_apart(verb, environ=environ)
            assert said.code == 3
            assert f"port {port} of 127.0.0.1 is taken; set SKILLSHELF_PORT" in said.err
            assert "Traceback" not in said.err
        own = {"SKILLSHELF_PORT": str(free_port()), "SKILLSHELF_PREFECT_PORT": str(port)}
        said = home.run_apart("up", environ=own)
        assert said.code == 3
        assert f"port {port} is taken" in said.err
        assert "SKILLSHELF_PREFECT_PORT" in said.err
    elsewhere = home.run_apart("serve", environ={"SKILLSHELF_HOST": "192.0.2.1"})
    assert elsewhere.code == 3
    assert "no address of this machine; set SKILLSHELF_HOST" in elsewhere.err


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mounted("-t", "tmpfs", "-o", "size=3m", "none", str(folder)):
        pytest.skip("needs the right to mount a small file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def mounted(*arguments: str) -> bool:
    try:
        return subprocess.run(["mount", *arguments], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def resized(disk: Path, size: str) -> None:
    assert mounted("-o", f"remount,size={size}", str(disk))


def bulky_table(rows: int) -> str:
    """Rows of 100 kB that cannot be packed below a half, in a column that nobody reads."""
    chance = random.Random(7)
    lines = ["title,url,note"]
    for number in range(rows):
        note = chance.randbytes(50_000).hex()
        lines.append(f"Welding {number},https://x.example/{number},{note}")
    return "\n".join(lines) + "\n"


@pytest.mark.slow
def test_a_full_disk_ends_a_run_with_a_word_and_room_completes_it(
    small_disk: Path, home: Home, model_cache: Path
) -> None:
    """The catalogue runs out of room first, then the index; each time what was stored stays."""
    full = Home(small_disk)
    (full.path / "cache").symlink_to(model_cache)
    columns = "columns: {title: title, url: url}"
    file = home.write("table.csv", bulky_table(40))
    full.sources(rows=f"connector: table\nsettings: {{path: {file}, {columns}}}")
    said = full.run_apart("ingest")
    assert said.code in {1, 3}, said
    assert "disk" in said.err
    assert "free some" in said.err
    assert "Traceback" not in said.err

    resized(small_disk, "100m")  # enough for the catalogue, too little for an index
    said = full.run_apart("ingest", "--json")
    assert said.code == 1, said
    assert said.json[0]["outcome"] == "failed"
    assert f"the disk of the search index in {small_disk}" in said.json[0]["message"]
    assert "free some space" in said.err

    resized(small_disk, "600m")
    assert full.run_apart("ingest").code == 0
    assert count(full) == 40
    assert full.run("verify").code == 0
    outcomes = [run["outcome"] for run in full.run("runs", "--json").json]
    assert outcomes[0] == "completed"
    assert "running" not in outcomes


@pytest.mark.slow
def test_a_server_on_a_full_disk_goes_on_answering(
    small_disk: Path, home: Home, model_cache: Path
) -> None:
    resized(small_disk, "600m")
    full = Home(small_disk)
    (full.path / "cache").symlink_to(model_cache)
    full.sources(notes=f"connector: folder\nsettings: {{path: {home.path / 'notes'}}}")
    assert full.run("ingest").code == 0
    with served(full) as at:
        home.write("notes/safety.md", "# Safety\n\nWhere the extinguishers are.")
        free = shutil.disk_usage(small_disk).free
        filler = small_disk / "filler"
        filler.write_bytes(b"\0" * (free - 50 * 2**20))
        assert full.run("ingest").code == 0, "the catalogue has room enough"
        wait_until_said(full, "is full")
        assert asked(at) == 2
        filler.unlink()
        eventually_counts(at, 3)
    assert full.run("verify").code == 0


def wait_until_said(home: Home, words: str) -> None:
    deadline = time.monotonic() + 60
    while words not in (home.path / "serve.log").read_text():
        assert time.monotonic() < deadline, (home.path / "serve.log").read_text()
        time.sleep(0.2)


SKILLS = """\
id,label,alternatives
s:weld,weld metal parts,welding
s:negotiate,negotiate prices,negotiation
"""


@pytest.fixture
def other_model(tmp_path: Path) -> Path:
    """The packaged model, made to read less of a text: another model, with vectors of its own."""
    folder = tmp_path / "short-sighted"
    own = model_folder("all-MiniLM-L6-v2")
    shutil.copytree(own, folder, copy_function=link)
    settings = folder / "sentence_bert_config.json"
    facts = json.loads(settings.read_text())
    settings.unlink()
    settings.write_text(json.dumps(facts | {"max_seq_length": 64}))
    return folder


def link(source: str, target: str) -> None:
    Path(target).symlink_to(source)


@pytest.mark.slow
def test_an_index_of_another_model_is_never_searched_but_rebuilt(
    home: Home, other_model: Path
) -> None:
    home.write("skills.csv", SKILLS)
    home.write("skillshelf.toml", 'taxonomy = "skills.csv"\n')
    assert home.run("ingest").code == 0
    first = generation(home)
    home.write("skillshelf.toml", f'taxonomy = "skills.csv"\nencoder = "{other_model}"\n')
    for verb in ("search", "serve", "verify"):
        said = home.run_apart(verb)
        assert said.code == 3, said
        assert "made by another encoder" in said.err
        assert "`skillshelf rebuild`" in said.err
        assert "Traceback" not in said.err
    assert generation(home) == first

    assert home.run("ingest").code == 1, "it stores and encodes, and cannot publish"
    with Catalogue.open(load_settings(home.path, {}).database_url) as catalogue:
        assert catalogue.items.counts()
    assert generation(home) == first
    assert home.run("rebuild").code == 0
    assert generation(home) != first
    found = home.run("search", "how to weld", "--json")
    assert found.code == 0
    assert found.json["results"][0]["title"] == "Welding"
    verified = home.run("verify", "--json")
    assert (verified.code, verified.json["unembedded"]) == (0, 0)


def generation(home: Home) -> str:
    [name] = [path.name for path in (home.path / "index").iterdir() if path.is_dir()]
    return name


@pytest.mark.slow
def test_a_killed_rebuild_is_not_seen_and_not_in_the_way(home: Home) -> None:
    for number in range(200):
        home.write(f"notes/n{number}.md", f"# Note {number}\n\nWe practise welding, {number}.")
    assert home.run("ingest").code == 0
    before = generation(home)
    started = time.monotonic()
    assert home.start("rebuild").wait(240) == 0
    whole = time.monotonic() - started
    after = generation(home)
    assert after != before
    for share in (0.5, 0.7, 0.8, 0.9):
        process = home.start("rebuild")
        time.sleep(whole * share)
        kill(process)
        assert home.run("verify").code == 0
        assert count(home) == 202
    assert home.run("rebuild").code == 0
    assert home.run("verify").code == 0
    assert len([p for p in (home.path / "index").iterdir() if p.is_dir()]) == 1


@pytest.mark.slow
def test_what_up_started_ends_with_it_even_when_it_is_killed(home: Home) -> None:
    ports = {"SKILLSHELF_PORT": free_port(), "SKILLSHELF_PREFECT_PORT": free_port()}
    environ = {name: str(port) for name, port in ports.items()}
    with home.running("up", until="Ctrl-C", environ=environ) as process:
        deadline = time.monotonic() + 60
        # Prefect's server and the scheduler, each on its leash.
        while len(children := descendants(process.pid)) < 4:
            assert time.monotonic() < deadline, f"only {children} were started"
            time.sleep(0.1)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    deadline = time.monotonic() + 60
    while left := children & running():
        assert time.monotonic() < deadline, f"still there: {left}"
        time.sleep(0.2)
    with served(home) as at:
        assert asked(at) == 0


def descendants(pid: int) -> set[int]:
    parents = dict(processes())
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def running() -> set[int]:
    return {pid for pid, _ in processes()}


def processes() -> Iterator[tuple[int, int]]:
    """Every process that has not ended, with its parent."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        state, parent = rest.split()[:2]
        if state not in "ZX":
            yield int(name.split()[0]), int(parent)
