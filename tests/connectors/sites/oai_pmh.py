"""A repository of open teaching material: OAI-PMH 2.0 with three formats, sets and tokens."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from requests import PreparedRequest

from connectors.testing import Answer

SECRETS: tuple[str, ...] = ()
PAGE = 2
NOW, LATER = "2026-01-05T09:00:00Z", "2026-01-09T09:00:00Z"
_OAI = 'xmlns="http://www.openarchives.org/OAI/2.0/"'
FORMATS = {
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "lom": "http://ltsc.ieee.org/xsd/LOM",
    "oai_lrmi": "http://schema.org/",
}


@dataclass(frozen=True)
class Entry:
    number: int
    title: str
    about: str
    subjects: tuple[str, ...]
    language: str = "en"
    level: str = "beginner"
    length: str = "PT45M"
    date: str = "2025-12-01T08:00:00Z"
    spec: str = "data"
    deleted: bool = False

    @property
    def identifier(self) -> str:
        return f"oai:repository.example:{self.number}"


ENTRIES = (
    Entry(1, "Reading a query plan", "What a database says it will do.", ("databases", "SQL")),
    Entry(2, "Confidence intervals by hand", "Twenty dice and a pencil.", ("statistics",)),
    Entry(3, "Einführung in Git", "Stände festhalten & wiederfinden.", ("version control",), "de"),
    Entry(4, "Threat modelling in an hour", "Four questions and a drawing.", ("security",)),
    Entry(5, "Writing a lab report", "Say what you did, then what it means.", ("writing",)),
    Entry(6, "Withdrawn draft", "", (), date="2025-12-20T08:00:00Z", deleted=True),
)


def settings(base: str) -> dict[str, object]:
    return {"url": f"{base}/oai"}


def _dublin_core(entry: Entry) -> str:
    rights = "https://creativecommons.org/licenses/by-sa/4.0/"
    terms = [
        ("title", entry.title),
        ("creator", "Lind, Mara"),
        ("description", entry.about),
        ("date", "2025-10-02"),
        ("type", "Text"),
        ("type", "info:eu-repo/semantics/lecture"),
        ("language", entry.language),
        ("identifier", f"https://repository.example/{entry.number}"),
        ("rights", "info:eu-repo/semantics/openAccess"),
        ("rights", rights),
        *(("subject", subject) for subject in entry.subjects),
    ]
    inner = "".join(f"<dc:{name}>{escape(text)}</dc:{name}>" for name, text in terms)
    spaces = f'xmlns:oai_dc="{FORMATS["oai_dc"]}" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f"<oai_dc:dc {spaces}>{inner}</oai_dc:dc>"


def _lom(entry: Entry) -> str:
    def text(name: str, said: str) -> str:
        return f'<{name}><string language="en">{escape(said)}</string></{name}>'

    keywords = "".join(text("keyword", subject) for subject in entry.subjects)
    return (
        f'<lom xmlns="{FORMATS["lom"]}"><general>{text("title", entry.title)}'
        f"<language>{entry.language}</language>{text('description', entry.about)}{keywords}"
        f"</general><technical><location>https://repository.example/{entry.number}</location>"
        f"</technical><educational><typicalLearningTime><duration>{entry.length}</duration>"
        f"</typicalLearningTime><difficulty><value>easy</value></difficulty></educational>"
        "<rights><cost><value>no</value></cost></rights></lom>"
    )


def _lrmi(entry: Entry) -> str:
    about = "".join(f"<s:about>{escape(subject)}</s:about>" for subject in entry.subjects)
    return (
        f'<s:LearningResource xmlns:s="{FORMATS["oai_lrmi"]}">'
        f"<s:name>{escape(entry.title)}</s:name>"
        f"<s:description>{escape(entry.about)}</s:description>{about}"
        f"<s:url>https://repository.example/{entry.number}</s:url>"
        f"<s:inLanguage>{entry.language}</s:inLanguage><s:timeRequired>{entry.length}</s:timeRequired>"
        f"<s:educationalLevel>{entry.level}</s:educationalLevel>"
        "<s:learningResourceType>lesson</s:learningResourceType><s:isAccessibleForFree>true"
        "</s:isAccessibleForFree><s:educationalAlignment><s:AlignmentObject>"
        "<s:alignmentType>teaches</s:alignmentType><s:targetName>careful work</s:targetName>"
        "</s:AlignmentObject></s:educationalAlignment>"
        "<s:author><s:Person><s:name>Mara Lind</s:name></s:Person></s:author>"
        "</s:LearningResource>"
    )


_WRITERS = {"oai_dc": _dublin_core, "lom": _lom, "oai_lrmi": _lrmi}


def record(entry: Entry, prefix: str, dented: bool = False) -> str:
    status = ' status="deleted"' if entry.deleted else ""
    header = (
        f"<header{status}><identifier>{entry.identifier}</identifier>"
        f"<datestamp>{entry.date}</datestamp><setSpec>{entry.spec}</setSpec></header>"
    )
    metadata = "" if entry.deleted else f"<metadata>{_WRITERS[prefix](entry)}</metadata>"
    broken = metadata.replace("</metadata>", "<b>bold & </metadata>") if dented else metadata
    return f"<record>{header}{broken}</record>"


def answer(verb: str, inner: str, now: str) -> Answer:
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH {_OAI}>'
        f"<responseDate>{now}</responseDate>"
        f'<request verb="{verb}">https://repository.example/oai</request>{inner}</OAI-PMH>'
    )
    return Answer(body, headers={"Content-Type": "text/xml; charset=utf-8"})


def error(code: str, said: str, now: str = NOW) -> Answer:
    return answer("ListRecords", f'<error code="{code}">{said}</error>', now)


@dataclass(frozen=True)
class Repository:
    """`expired` tokens are no longer known; `dented` is the number of a broken record."""

    entries: tuple[Entry, ...] = ENTRIES
    now: str = NOW
    deleted: str = "persistent"
    granularity: str = "YYYY-MM-DDThh:mm:ssZ"
    formats: tuple[str, ...] = tuple(FORMATS)
    dented: int = 0
    expired: frozenset[str] = frozenset()

    def __call__(self, request: PreparedRequest) -> Answer:
        asked = {n: v[0] for n, v in parse_qs(urlsplit(request.url or "").query).items()}
        verb = str(asked.get("verb", ""))
        said = {
            "Identify": self.identify,
            "ListMetadataFormats": self.metadata_formats,
            "ListRecords": self.list_records,
            "GetRecord": self.get_record,
        }.get(verb)
        return said(asked) if said else error("badVerb", "no such verb", self.now)

    def identify(self, _: dict[str, str]) -> Answer:
        about = (
            "<repositoryName>Open lessons</repositoryName><protocolVersion>2.0</protocolVersion>"
            f"<deletedRecord>{self.deleted}</deletedRecord>"
            f"<granularity>{self.granularity}</granularity>"
        )
        return answer("Identify", f"<Identify>{about}</Identify>", self.now)

    def metadata_formats(self, _: dict[str, str]) -> Answer:
        formats = "".join(
            f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix>"
            f"<metadataNamespace>{FORMATS[prefix]}</metadataNamespace></metadataFormat>"
            for prefix in self.formats
        )
        inner = f"<ListMetadataFormats>{formats}</ListMetadataFormats>"
        return answer("ListMetadataFormats", inner, self.now)

    def get_record(self, asked: dict[str, str]) -> Answer:
        for entry in self.entries:
            if entry.identifier == asked["identifier"]:
                written = self._written(entry, asked["metadataPrefix"])
                return answer("GetRecord", f"<GetRecord>{written}</GetRecord>", self.now)
        return error("idDoesNotExist", "no such record", self.now)

    def list_records(self, asked: dict[str, str]) -> Answer:
        token = asked.get("resumptionToken", "")
        if token in self.expired:
            return error("badResumptionToken", "The token has expired", self.now)
        if token:
            prefix, spec, since, start = token.split("/")
        else:
            prefix, spec, since = (asked.get(n, "") for n in ("metadataPrefix", "set", "from"))
            start = "0"
        if prefix not in self.formats:
            return error("cannotDisseminateFormat", f"no format {prefix}", self.now)
        if since and ("T" in since) != ("T" in self.granularity):
            return error("badArgument", "from has the wrong granularity", self.now)
        fitting = [e for e in self.entries if e.date >= since and e.spec.startswith(spec)]
        if not fitting:
            return error("noRecordsMatch", "nothing has changed", self.now)
        return self._page(fitting, int(start), (prefix, spec, since))

    def _page(self, entries: list[Entry], start: int, asked: Iterable[str]) -> Answer:
        end = start + PAGE
        written = "".join(self._written(e, next(iter(asked))) for e in entries[start:end])
        following = "/".join([*asked, str(end)]) if end < len(entries) else ""
        token = f'<resumptionToken cursor="{start}">{following}</resumptionToken>'
        return answer("ListRecords", f"<ListRecords>{written}{token}</ListRecords>", self.now)

    def _written(self, entry: Entry, prefix: str) -> str:
        return record(entry, prefix, entry.number == self.dented)


def repository(world: str = "whole") -> Repository:
    """In "shrunk" a record was deleted since, in "dented" one is no XML."""
    since = "2026-01-08T12:00:00Z"
    if world == "shrunk":
        gone = replace(ENTRIES[1], deleted=True, date=since)
        return Repository((ENTRIES[0], gone, *ENTRIES[2:]), LATER)
    if world == "dented":
        changed = replace(ENTRIES[3], date=since)
        return Repository((*ENTRIES[:3], changed, ENTRIES[4]), LATER, dented=4)
    return Repository()


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    return repository(world)
