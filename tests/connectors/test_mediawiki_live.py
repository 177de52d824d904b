"""The connector against a real MediaWiki on loopback, as Debian packages it."""

import os
import shutil
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import NeedsPerson
from catalogue.model import Draft
from connectors.base import Checkpoint, Event, Found
from connectors.http import Limits, polite
from connectors.mediawiki import Mediawiki, Settings

CODE = Path("/usr/share/mediawiki")
PASSWORD = "sheet-bend-and-bowline"
PATIENCE_S = 30.0


@dataclass
class LiveWiki:
    folder: Path
    url: str

    def script(self, name: str, *words: str, text: str = "") -> None:
        """Run one of MediaWiki's maintenance scripts."""
        where = {"MW_CONFIG_FILE": str(self.folder / "LocalSettings.php")}
        subprocess.run(
            ["php", str(CODE / f"maintenance/{name}.php"), *words],
            input=text.encode(),
            env={**os.environ, **where},
            capture_output=True,
            check=True,
        )

    def write(self, title: str, text: str) -> None:
        self.script("edit", "--user", "Admin", "--summary", "words", title, text=text)

    def list_of(self, script: str, *lines: str, words: tuple[str, ...] = ()) -> None:
        """Run a script that takes its work from a file."""
        work = self.folder / "work.txt"
        work.write_text("\n".join(lines) + "\n")
        self.script(script, *words, str(work))

    def pull(self, cursor: Any = None, **settings: Any) -> list[Event]:
        http = polite("tests@example.org", Limits(spacing_s=0), allow_private=True)
        config = Settings.model_validate({"url": f"{self.url}/api.php", **settings})
        return list(Mediawiki(config, http).pull(cursor or {}))


@pytest.fixture
def wiki(tmp_path: Path) -> Iterator[LiveWiki]:
    if not (CODE / "maintenance/install.php").is_file() or not shutil.which("php"):
        pytest.skip("needs Debian's packages mediawiki, php-cli and php-sqlite3")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = LiveWiki(tmp_path, f"http://127.0.0.1:{port}")
    words = {"dbtype": "sqlite", "dbpath": tmp_path, "dbname": "wiki", "server": made.url}
    words |= {"scriptpath": "", "confpath": tmp_path, "lang": "en", "pass": PASSWORD}
    made.script("install", *(f"--{n}={v}" for n, v in words.items()), "Ropes", "Admin")
    with (tmp_path / "LocalSettings.php").open("a") as settings:
        settings.write("$wgGroupPermissions['*']['read'] = !file_exists(__DIR__ . '/private');\n")
    command = ["php", "-S", f"127.0.0.1:{port}", "-t", str(CODE)]
    environment = {**os.environ, "MW_CONFIG_FILE": str(tmp_path / "LocalSettings.php")}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet) as server:
        try:
            _wait(f"{made.url}/api.php")
            yield made
        finally:
            server.terminate()


def _wait(url: str) -> None:
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        try:
            urllib.request.urlopen(url, timeout=PATIENCE_S).close()
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the wiki's server does not answer")


def told(events: list[Event]) -> dict[str, list[str]]:
    """Kinds of events to titles, or keys where there is no title."""
    said: dict[str, list[str]] = {}
    for event in events:
        if not isinstance(event, Checkpoint):
            name = event.payload["title"] if isinstance(event, Found) else event.key
            said.setdefault(type(event).__name__.lower(), []).append(name)
    return said


def keys(events: list[Event]) -> dict[str, str]:
    return {e.payload["title"]: e.key for e in events if isinstance(e, Found)}


def last(events: list[Event]) -> Checkpoint:
    assert isinstance(events[-1], Checkpoint)
    return events[-1]


def read(events: list[Event], title: str) -> Draft:
    payload = next(
        e.payload for e in events if isinstance(e, Found) and e.payload["title"] == title
    )
    config = Settings.model_validate({"url": "http://127.0.0.1/api.php"})
    return Mediawiki(config, polite()).normalise(payload)


@pytest.mark.slow
def test_a_real_wiki(wiki: LiveWiki) -> None:
    wiki.write(
        "Bowline", "A loop.<ref>x</ref> [[Category:Knots]]\n\n== Tying it ==\nMake a '''bight'''."
    )
    wiki.write("Sheet bend", "Joins ropes. [[Category:Knots]]")
    wiki.write("Eye splice", "Tuck strands. [[Category:Splices]]")
    wiki.write("Whipping", "Twine round an end.")
    wiki.write("Loop knot", "#REDIRECT [[Bowline]]")
    wiki.write("Talk:Bowline", "Is it safe?")
    for number in range(12):
        wiki.write(f"Knot {number}", f"Words on knot {number}.")
    # As if the wiki had been there for long, so that it remembers far enough.
    with sqlite3.connect(wiki.folder / "wiki.sqlite") as database:
        database.execute("UPDATE recentchanges SET rc_timestamp = '20200101000000' WHERE rc_id = 1")
    database.close()

    first = wiki.pull()
    assert last(first).complete
    expected = {"Main Page", "Bowline", "Sheet bend", "Eye splice", "Whipping"}
    assert set(told(first)["found"]) == expected | {f"Knot {n}" for n in range(12)}
    bowline = read(first, "Bowline")
    assert (bowline.title, bowline.language, bowline.subjects) == ("Bowline", "en", ("Knots",))
    assert bowline.url == f"{wiki.url}/index.php/Bowline"
    places = [(p.heading, str(p.locator or "")) for p in bowline.parts]
    assert ("Tying it", "anchor Tying_it") in places
    assert told(wiki.pull(last(first).cursor)) == {}
    assert set(told(wiki.pull(categories=("Knots",)))["found"]) == {"Bowline", "Sheet bend"}

    wiki.write("Bowline", "A loop that holds. [[Category:Knots]]")
    wiki.write("Whipping", "#REDIRECT [[Bowline]]")
    wiki.write("Cow hitch", "Two turns round a ring.")
    wiki.list_of("moveBatch", "Sheet bend|Becket bend")
    wiki.list_of("deleteBatch", "Eye splice")
    names = keys(first)
    second = wiki.pull(last(first).cursor)
    assert not last(second).complete
    said = told(second)
    assert set(said["found"]) == {"Bowline", "Becket bend", "Cow hitch"}
    assert set(said["gone"]) == {names["Eye splice"], names["Whipping"]}
    assert keys(second)["Becket bend"] == names["Sheet bend"]

    wiki.script("undelete", "Eye splice")
    third = wiki.pull(last(second).cursor)
    assert keys(third) == {"Eye splice": names["Eye splice"]}
    forgotten = wiki.pull({**last(third).cursor, "since": "2019-01-01T00:00:00Z"})
    assert last(forgotten).complete
    assert told(forgotten).keys() == {"unchanged"}
    assert len(told(forgotten)["unchanged"]) == 17

    (wiki.folder / "private").touch()
    with pytest.raises(NeedsPerson, match="the wiki is private"):
        wiki.pull()
    bot = "a" * 32
    wiki.script("createBotPassword", "--appid=skillshelf", "--grants=basic", "Admin", bot)
    with pytest.raises(NeedsPerson, match="check `user` and its bot password"):
        wiki.pull(user="Admin@skillshelf", password="b" * 32)
    private = wiki.pull(last(third).cursor, user="Admin@skillshelf", password=bot)
    assert told(private) == {}
