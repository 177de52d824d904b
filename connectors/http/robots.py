"""robots.txt as RFC 9309 reads it: the longest matching rule holds, `*` and `$` have meaning.

The standard library's parser takes the first matching rule and knows no wildcards, so it forbids
and allows other things than the site's owner meant.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

MAX_BYTES = 512 * 1024  # RFC 9309, 2.5: at least 500 KiB are to be read
MAX_DELAY_S = 60.0
_UNRESERVED = re.compile(r"%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class Rule:
    allow: bool
    pattern: str

    def matches(self, path: str) -> bool:
        """In linear time: a regular expression of many stars may take for ever."""
        anchored = self.pattern.endswith("$")
        first, *others = self.pattern.removesuffix("$").split("*")
        if not path.startswith(first):
            return False
        at = len(first)
        if anchored and not others:
            return at == len(path)
        last = others.pop() if anchored else ""
        for piece in others:
            found = path.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        return path.endswith(last) and len(path) - len(last) >= at


@dataclass(frozen=True, slots=True)
class Robots:
    """What one site asks of one crawler. `delay` is in seconds between requests."""

    rules: tuple[Rule, ...] = ()
    delay: float = 0.0

    def allows(self, url: str) -> bool:
        parts = urlsplit(url)
        path = _plain(parts.path or "/") + (f"?{_plain(parts.query)}" if parts.query else "")
        matching = [rule for rule in self.rules if rule.pattern and rule.matches(path)]
        if path == "/robots.txt" or not matching:
            return True
        return max(matching, key=lambda rule: (len(rule.pattern), rule.allow)).allow


def read_robots(text: str, agent: str) -> Robots:
    """The rules for `agent` (a product token such as "Skillshelf"), else those for everyone."""
    own, everyone = _Group(), _Group()
    named = False
    for agents, lines in _groups(text.lstrip("\ufeff").splitlines()):
        if agent.lower() in agents:
            named = True
            own.add(lines)
        elif "*" in agents:
            everyone.add(lines)
    chosen = own if named else everyone
    return Robots(tuple(chosen.rules), chosen.delay)


class _Group:
    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.delay = 0.0

    def add(self, lines: Iterable[tuple[str, str]]) -> None:
        for name, value in lines:
            if name == "crawl-delay":
                self.delay = _delay(value)
            else:
                self.rules.append(Rule(name == "allow", _plain(value)))


def _groups(lines: Iterable[str]) -> list[tuple[set[str], list[tuple[str, str]]]]:
    groups: list[tuple[set[str], list[tuple[str, str]]]] = []
    for line in lines:
        name, _, value = (piece.strip() for piece in line.partition("#")[0].partition(":"))
        name = name.lower()
        if name == "user-agent":
            if not groups or groups[-1][1]:
                groups.append((set(), []))
            groups[-1][0].add(value.lower().partition("/")[0])
        elif name in ("allow", "disallow", "crawl-delay") and groups:
            groups[-1][1].append((name, value))
    return groups


def _delay(value: str) -> float:
    # Not in RFC 9309. A site that asks for an hour between pages is served as slowly as a
    # scheduled run can afford, no slower.
    try:
        return min(max(float(value), 0.0), MAX_DELAY_S)
    except ValueError:
        return 0.0


def _plain(path: str) -> str:
    """One spelling for each path, so that `/%7Eann` and `/~ann` are the same (RFC 9309, 2.2.2)."""
    kept = _UNRESERVED.sub(lambda m: _respell(m.group()), path)
    return quote(kept, safe="/%?&=*$:;,+@!'()~[]#")


def _respell(escape: str) -> str:
    character = unquote(escape, errors="replace")
    unreserved = character.isascii() and (character.isalnum() or character in "-._~")
    return character if unreserved else escape.upper()
