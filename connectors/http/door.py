"""The one polite door to the network. Connectors use it and cannot forget their manners.

Every request, and every hop of a redirect, asks robots.txt, waits its turn at its host, goes to
checked public addresses only, and is bounded in time and size. Failures are named for what the
caller does next; no message carries a secret.

robots.txt speaks to crawlers. A call to an interface for which the owner of the site issued a
credential is no crawling: such a connector passes `robots=False`, and `post` never asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter

from catalogue.errors import BadItem, NeedsPerson, TryLater
from connectors.http.addresses import origin, shown
from connectors.http.ask import REDIRECTS, Ask, checked, redirected, with_params
from connectors.http.body import TooLarge, read_body
from connectors.http.clock import Clock, SystemClock
from connectors.http.pacing import Pacing, backoff, retry_after
from connectors.http.reply import Reply, Validators, judge
from connectors.http.robots import MAX_BYTES, Robots, read_robots
from connectors.http.trouble import Unreachable, named
from connectors.http.wire import Wire

PRODUCT = "Skillshelf"
ATTEMPTS = 3
PATIENCE_S = 60.0  # a server that wants more than this between attempts is left to the next run
UNREACHABLE_S = 300.0  # a host that did not answer is not asked again for so long
ONE_PAGE = 64 * 1024  # of an answer of which only the status counts
ROBOTS_FRESH_S = 24 * 3600.0  # RFC 9309, 2.4


@dataclass(frozen=True, slots=True)
class Limits:
    """`timeout_s` bounds a whole answer, `max_bytes` its decoded body, `spacing_s` is per host."""

    timeout_s: float = 60.0
    max_bytes: int = 64 * 1024 * 1024
    spacing_s: float = 1.0


def polite(
    contact: str = "",
    limits: Limits = Limits(),
    *,
    allow_private: bool = False,
    adapter: BaseAdapter | None = None,
    clock: Clock | None = None,
    pacing: Pacing | None = None,
) -> "Http":
    """A door for one source.

    `contact` (an address or URL) goes into the user agent. `allow_private` lets it reach private
    and loopback addresses. Sources that share a `pacing` share its hosts' turns. `adapter` stands
    in for the network.
    """
    clock = clock or SystemClock()
    agent = f"{PRODUCT}/0.1" + (f" (+{contact})" if contact else "")
    network = adapter or Wire(limits.timeout_s, allow_private=allow_private)
    return Http(network, agent, limits, clock, pacing or Pacing(clock, limits.spacing_s))


class Http:
    """Serves one source, one thread at a time. Made by `polite`."""

    def __init__(
        self, adapter: BaseAdapter, agent: str, limits: Limits, clock: Clock, pacing: Pacing
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._pacing = pacing
        self._sites: dict[tuple[str, str, int], tuple[float, Robots]] = {}
        self._session = requests.Session()
        # Else requests takes proxies from the environment and passwords from ~/.netrc.
        self._session.trust_env = False
        self._session.headers["User-Agent"] = agent
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    @property
    def clock(self) -> Clock:
        """The time, for a connector whose items pass with it."""
        return self._clock

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        validators: Validators | None = None,
        robots: bool = True,
        item: bool = False,
        max_bytes: int | None = None,
    ) -> Reply:
        """Fetch `url`, following redirects, repeating while that is polite.

        `item=True` says that only one item hangs on the answer: what would be NeedsPerson (not
        found, forbidden, too large, not JSON) is then BadItem. Wrong credentials (401, 407) are
        always NeedsPerson, an outage is always TryLater. A redirect to another host carries
        neither `headers` nor `auth`. Only who gives `validators` sees `Reply.not_modified`.
        """
        asked = {**(headers or {}), **(validators.headers() if validators else {})}
        size = max_bytes or self._limits.max_bytes
        fault = BadItem if item else NeedsPerson
        ask = Ask("GET", with_params(url, params), size, asked, auth, robots=robots, fault=fault)
        return self._patiently(checked(ask))

    def post(
        self,
        url: str,
        *,
        data: Mapping[str, Any] | bytes | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        item: bool = False,
        max_bytes: int | None = None,
    ) -> Reply:
        """Send a form or bytes (`data`), or JSON, once: not repeated, not redirected.

        robots.txt is not asked.
        """
        size = max_bytes or self._limits.max_bytes
        fault = BadItem if item else NeedsPerson
        ask = Ask("POST", url, size, headers or {}, auth, data, json, robots=False, fault=fault)
        return self._judged(checked(ask))

    def status(self, url: str, *, whole: bool = False) -> int:
        """The status that `url` answers with in the end: to a HEAD, or to a GET of its first byte.

        Asked once. Raises TryLater where no answer came, BadItem where it may not be asked.
        """
        method, headers = ("GET", {"Range": "bytes=0-0"}) if whole else ("HEAD", {})
        ask = Ask(method, url, ONE_PAGE, headers, fault=BadItem)
        try:
            return self._follow(checked(ask)).status
        except TooLarge as long:
            return long.status

    def _patiently(self, ask: Ask) -> Reply:
        for attempt in range(1, ATTEMPTS):
            try:
                return self._judged(ask)
            except TryLater as busy:
                pause = backoff(attempt) if busy.retry_after is None else busy.retry_after
                if pause > PATIENCE_S:
                    raise
                self._clock.sleep(pause)
        try:
            return self._judged(ask)
        except Unreachable as silence:
            self._pacing.close(silence.host, UNREACHABLE_S)
            raise

    def _judged(self, ask: Ask) -> Reply:
        try:
            reply = self._follow(ask)
        except TooLarge:
            limit = f"{ask.max_bytes:,} bytes"
            raise ask.fault(f"{shown(ask.url)} is larger than the limit of {limit}") from None
        after = retry_after(reply.headers, self._clock.utc())
        if after is not None and after > PATIENCE_S and reply.status >= 400:
            self._pacing.close(origin(reply.url)[1], after)
        judge(reply.meaning, reply.url, ask.fault, after)
        return reply

    def _follow(self, ask: Ask) -> Reply:
        reply = self._hop(ask)
        while reply.status in REDIRECTS and (place := reply.headers.get("location")):
            ask = redirected(ask, place)
            reply = self._hop(ask)
        return reply

    def _hop(self, ask: Ask) -> Reply:
        host = origin(ask.url)[1]
        if left := self._pacing.closed_for(host):
            raise TryLater(f"{host} is to be left alone for {left:.0f} s", left)
        delay = 0.0
        if ask.robots:
            rules = self._robots(ask)
            delay = rules.delay
            if not rules.allows(ask.url):
                raise ask.fault(f"robots.txt of {host} forbids {shown(ask.url)}")
        self._pacing.wait(host, delay)
        return self._send(ask)

    def _send(self, ask: Ask) -> Reply:
        started = self._clock.now()
        try:
            request = requests.Request(
                ask.method, ask.url, dict(ask.headers), data=ask.data, json=ask.json, auth=ask.auth
            )
            prepared = self._session.prepare_request(request)
            with self._session.send(
                prepared, stream=True, allow_redirects=False, timeout=self._limits.timeout_s
            ) as response:
                body = read_body(response, ask.max_bytes)
        except TooLarge:
            raise
        except Exception as error:
            raise named(error, ask, self._limits.timeout_s) from None
        if self._clock.now() - started > self._limits.timeout_s:
            raise named(TimeoutError(), ask, self._limits.timeout_s)
        return Reply(ask.url, response.status_code, response.headers, body, ask.fault)

    def _robots(self, ask: Ask) -> Robots:
        site = origin(ask.url)
        read_at, rules = self._sites.get(site, (0.0, None))
        if rules is None or self._clock.now() - read_at > ROBOTS_FRESH_S:
            rules = self._read_robots(ask)
            self._sites[site] = (self._clock.now(), rules)
        return rules

    def _read_robots(self, ask: Ask) -> Robots:
        """Absent rules allow everything, unreadable ones nothing (RFC 9309, 2.3.1)."""
        parts = urlsplit(ask.url)
        url = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"
        asked = replace(
            ask, method="GET", url=url, headers={}, auth=None, robots=False, max_bytes=MAX_BYTES
        )
        try:
            reply = self._follow(asked)
        except TooLarge as long:
            return read_robots(long.start.decode("utf-8", "replace"), PRODUCT)
        if reply.status == 429 or reply.status >= 500:
            after = retry_after(reply.headers, self._clock.utc())
            raise TryLater(
                f"{shown(url)} answered {reply.status}; until it can be read, nothing is", after
            )
        return read_robots(reply.text if reply.status == 200 else "", PRODUCT)
