"""A MediaWiki's Action API (api.php), in version 2 of its JSON.

An error comes with status 200 as `{"error": {"code", "info"}}`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from pydantic import SecretStr

from catalogue.errors import BadItem, NeedsPerson, SkillshelfError, TryLater
from catalogue.model import Json
from connectors.http import Http
from connectors.http.addresses import shown

MAXLAG_S = 5  # as the API's etiquette asks of programs
AT_ONCE = 50  # pages that one request may name
_LATER = ("maxlag", "ratelimited", "readonly", "internal_api_error", "timeout")
_FOR_A_PERSON = {
    "readapidenied": "the wiki is private: set `user` and a bot password",
    "assertuserfailed": "the wiki ended the session; check the bot password's grants",
    "badnamespace": "correct `namespaces`",
    "invalidcategory": "correct `categories`",
}
_OF_A_PAGE = {
    "prop": "info|revisions",
    "inprop": "url",
    "rvprop": "ids|timestamp",
}


class Wiki:
    """Calls to one wiki. The password goes into the body of one request, and earns a cookie."""

    def __init__(self, url: str, http: Http, user: str, password: SecretStr | None) -> None:
        self.url, self._http = url, http
        self._user, self._password = user, password
        self._asserted = {"assert": "user"} if user else {}

    def log_in(self) -> None:
        """Raises NeedsPerson where user or password are wrong. Nothing happens without them."""
        if not self._user or not self._password:
            return
        token = self._get({"action": "query", "meta": "tokens", "type": "login"}, NeedsPerson)
        secret = {"lgname": self._user, "lgpassword": self._password.get_secret_value()}
        form = {"action": "login", "format": "json", "formatversion": 2, **secret}
        form["lgtoken"] = token["query"]["tokens"]["logintoken"]
        answer = self._checked(self._http.post(self.url, data=form).json(), NeedsPerson)
        login = answer.get("login") or {}
        if login.get("result") != "Success":
            reason = str(login.get("reason") or login.get("result"))[:200]
            reason = reason.replace(self._password.get_secret_value(), "***")
            raise NeedsPerson(f"{shown(self.url)}: {reason}; check `user` and its bot password")

    def about(self) -> tuple[str, str]:
        """The wiki's clock, as ISO 8601, and the licence it names."""
        said = self._query(meta="siteinfo", siprop="general|rightsinfo", curtimestamp=1)
        query = said.get("query", {})
        rights = query.get("rightsinfo") or {}
        if "general" not in query or "curtimestamp" not in said:
            raise NeedsPerson(f"{shown(self.url)} is no api.php of a wiki of this decade")
        return str(said["curtimestamp"]), str(rights.get("url") or rights.get("text") or "")

    def pages(
        self, namespaces: Collection[int], categories: Collection[str]
    ) -> Iterator[dict[str, Any]]:
        """Every page of the namespaces, or of the categories in them, redirects apart."""
        for category in categories:
            members = {"gcmtitle": category, "gcmtype": "page", "gcmlimit": "max"}
            members["gcmnamespace"] = "|".join(map(str, namespaces))
            yield from self._pages(generator="categorymembers", **members)
        for namespace in () if categories else namespaces:
            every = {"gapfilterredir": "nonredirects", "gaplimit": "max"}
            yield from self._pages(generator="allpages", gapnamespace=namespace, **every)

    def named(self, ids: Iterable[int], categories: Collection[str]) -> Iterator[dict[str, Any]]:
        """Those pages as they are now, with which of `categories` each is in."""
        numbers = sorted(ids)
        more: dict[str, Any] = {}
        if categories:
            more = {"prop": "info|revisions|categories", "cllimit": "max"}
            more["clcategories"] = "|".join(categories)
        for start in range(0, len(numbers), AT_ONCE):
            some = "|".join(map(str, numbers[start : start + AT_ONCE]))
            yield from self._pages(pageids=some, **more)

    def touched(self, since: str) -> set[int] | None:
        """Pages written, moved, restored or deleted since; None if the wiki forgot that far."""
        oldest = self._query(list="recentchanges", rcdir="newer", rclimit=1, rcprop="timestamp")
        kept = [c["timestamp"] for c in oldest["query"]["recentchanges"]]
        if not kept or kept[0] > since:
            return None
        recent = {"list": "recentchanges", "rcdir": "newer", "rcstart": since, "rclimit": "max"}
        changed = self._continued(**recent, rcprop="ids|loginfo", rctype="edit|new|log")
        # The list of changes does not say which page it was that a deletion removed.
        logged = {"list": "logevents", "ledir": "newer", "lestart": since, "lelimit": "max"}
        deleted = self._continued(**logged, leprop="ids|type", letype="delete")
        found = {c.get("pageid", 0) for a in changed for c in a["query"]["recentchanges"]}
        found |= {e.get("logpage", 0) for a in deleted for e in a["query"]["logevents"]}
        return found - {0}

    def html(self, page: int) -> dict[str, Any]:
        """A page as shown, with its categories. Raises BadItem where only this page fails."""
        bare = {"disableeditsection": 1, "disabletoc": 1, "disablelimitreport": 1}
        what = {"action": "parse", "pageid": page, "prop": "text|categories|revid", **bare}
        parsed: dict[str, Any] = self._get(what, BadItem)["parse"]
        return parsed

    def _pages(self, **what: Any) -> Iterator[dict[str, Any]]:
        """Pages of a query; what is said of one in several answers comes together."""
        known: dict[int, dict[str, Any]] = {}
        for answer in self._continued(**{**_OF_A_PAGE, **what}):
            for page in answer.get("query", {}).get("pages", ()):
                former = known.setdefault(page.get("pageid", 0), page)
                known[page.get("pageid", 0)] = {**former, **page}
            if answer.get("batchcomplete"):
                yield from known.values()
                known = {}

    def _continued(self, **what: Any) -> Iterator[dict[str, Any]]:
        more: Mapping[str, Any] = {}
        while True:
            answer = self._query(**{**what, **more})
            yield answer
            if not (following := answer.get("continue")):
                return
            if following == more:
                raise TryLater(f"{shown(self.url)} goes round in circles")
            more = following

    def _query(self, **what: Any) -> dict[str, Any]:
        return self._get({"action": "query", **what}, NeedsPerson)

    def _get(self, what: Mapping[str, Any], fault: type[SkillshelfError]) -> dict[str, Any]:
        form = {"format": "json", "formatversion": 2, "maxlag": MAXLAG_S, **what}
        form |= {} if what.get("meta") == "tokens" else self._asserted
        # An interface for programs, which asks for `maxlag` and a name instead of robots.txt.
        reply = self._http.get(self.url, params=form, robots=False, item=fault is BadItem)
        return self._checked(reply.json(), fault, reply.headers.get("retry-after", ""))

    def _checked(
        self, answer: Any, fault: type[SkillshelfError], after: str = ""
    ) -> dict[str, Any]:
        if not isinstance(answer, dict):
            raise NeedsPerson(f"{shown(self.url)} answered {str(answer)[:60]!r}, no object")
        if "error" in answer:
            raise self._error(answer["error"], fault, after)
        return answer

    def _error(self, error: Json, fault: type[SkillshelfError], after: str) -> SkillshelfError:
        code = str(error.get("code", ""))
        text = f"{shown(self.url)}: {str(error.get('info', ''))[:200]} ({code})"
        if code in _FOR_A_PERSON:
            return NeedsPerson(f"{text}; {_FOR_A_PERSON[code]}")
        whole = not (fault is BadItem and code.startswith("internal_api_error"))
        if code.startswith(_LATER) and whole:
            return TryLater(text, float(after) if after.isdigit() else None)
        return fault(text)
