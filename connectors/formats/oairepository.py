"""Asking an OAI-PMH repository: what it is, which formats it has, and its records page by page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalogue.errors import BadItem, NeedsPerson, SkillshelfError, TryLater
from connectors.formats.oai import Answer, Record, line, read_answer, text
from connectors.http import Http
from connectors.http.addresses import shown

# The richer, the earlier; by a part of the prefix, or of the namespace it stands for.
_BEST = (r"(oai_)?lrmi", r"schema\.org", r"ltsc\.ieee\.org", r"imsmd\w*", r"(\w+_)?lom", r"oai_dc")
_REMEDIES = {
    "badVerb": "correct `url`",
    "cannotDisseminateFormat": "set `format` to one that the repository has",
    "noSetHierarchy": "leave `sets` out: the repository has none",
    "badArgument": "correct `sets` and `format`",
}


class Expired(SkillshelfError):
    """A resumption token is not known (any more): its list begins anew."""


@dataclass(frozen=True, slots=True)
class About:
    """A repository. `seconds`: its dates are exact to the second. `deleted`: its policy."""

    now: str
    seconds: bool
    deleted: str


class Repository:
    """One repository at an address."""

    def __init__(self, http: Http, url: str) -> None:
        self._http, self._url = http, url.partition("?")[0] if "verb=" in url else url

    def about(self) -> About:
        """Raises NeedsPerson where there is no repository."""
        answer = self._ask(verb="Identify")
        root = answer.root
        if root is None or root.find("{*}Identify") is None:
            raise NeedsPerson(f"{shown(self._url)} does not identify itself; correct `url`")
        exact = "hh:mm" in text(root, "Identify", "granularity").lower()
        deleted = text(root, "Identify", "deletedRecord").lower()
        return About(answer.date, exact, deleted)

    def best_format(self) -> str:
        """The prefix of the format that says most."""
        root = self._ask(verb="ListMetadataFormats").root
        listed = [] if root is None else root.iterfind("{*}ListMetadataFormats/{*}metadataFormat")
        names = {text(f, "metadataPrefix"): f"{line(f)}".lower() for f in listed}
        for wanted in _BEST:
            for prefix, words in names.items():
                if prefix and re.search(rf"\b{wanted}\b", words):
                    return prefix
        return "oai_dc"

    def records(self, prefix: str, spec: str, since: str, token: str) -> Iterator[Answer]:
        """Pages of records changed `since`, in the set `spec`; from where `token` left off.

        Raises Expired where that is not known any more.
        """
        wanted = {"metadataPrefix": prefix, "set": spec, "from": since}
        asked = {name: value for name, value in wanted.items() if value}
        used = set[str]()
        while True:
            answer = self._page(token) if token else self._ask(verb="ListRecords", **asked)
            yield answer
            token = answer.token
            if not token:
                return
            if token in used:
                raise NeedsPerson(f"{shown(self._url)} gives out one resumption token for ever")
            used.add(token)

    def record(self, identifier: str, prefix: str) -> Record | None:
        """One record; None where there is none."""
        answer = self._ask(verb="GetRecord", identifier=identifier, metadataPrefix=prefix)
        return next(iter(answer.records), None)

    def _page(self, token: str) -> Answer:
        try:
            return self._ask(verb="ListRecords", resumptionToken=token)
        except BadItem as error:  # some answer 400 or 404 where the protocol says 200
            raise Expired(str(error)) from None

    def _ask(self, **arguments: str) -> Answer:
        resumed = "resumptionToken" in arguments
        reply = self._http.get(self._url, params=arguments, item=resumed)
        try:
            answer = read_answer(reply.body)
        except BadItem as error:
            fault = NeedsPerson if arguments["verb"] == "Identify" else TryLater
            raise fault(f"{shown(self._url)}: the answer to {arguments['verb']} {error}") from None
        for code, said in answer.errors.items():
            self._raise(code, said, arguments)
        return answer

    def _raise(self, code: str, said: str, arguments: dict[str, str]) -> None:
        place = f"{shown(self._url)}: {arguments['verb']}: {code}: {said[:200]}"
        if code in ("noRecordsMatch", "idDoesNotExist", "noMetadataFormats"):
            return
        if code == "badResumptionToken" or "resumptionToken" in arguments:
            raise Expired(place)
        if code == "cannotDisseminateFormat" and arguments["verb"] == "GetRecord":
            return
        raise NeedsPerson(f"{place}; {_REMEDIES.get(code, 'ask those who run the repository')}")
