"""Which of a source's items its filters leave out. Pure: the time is given."""

from collections.abc import Callable, Iterator
from datetime import datetime
from fnmatch import fnmatchcase
from urllib.parse import unquote

from catalogue.model import Draft
from config.stanza import Filter

LONGEST = 200  # characters of a reason

# Why an item is left out, as "deny.kind: video"; "" where it is not.
Judge = Callable[[Draft], str]


def keep_all(draft: Draft) -> str:
    return ""


def judge(allow: Filter, deny: Filter, now: datetime) -> Judge:
    """What an item does not say is never held against it."""
    if allow == deny == Filter():
        return keep_all

    def judged(draft: Draft) -> str:
        missed = (f"allow.{what}" for what, matches in _matches(allow, draft, now) if not matches)
        met = (f"deny.{what}" for what, matches in _matches(deny, draft, now) if matches)
        return next((reason[:LONGEST] for reasons in (missed, met) for reason in reasons), "")

    return judged


def _matches(wanted: Filter, draft: Draft, now: datetime) -> Iterator[tuple[str, bool]]:
    """Field and value of all that the filter asks and the draft says, and whether they match."""
    if wanted.kind:
        yield f"kind: {draft.kind}", draft.kind in wanted.kind
    if wanted.language and draft.language:
        fits = any(_within(draft.language, tag) for tag in wanted.language)
        yield f"language: {draft.language}", fits
    if wanted.provider and draft.provider:
        known = {name.casefold() for name in wanted.provider}
        yield f"provider: {draft.provider}", draft.provider.casefold() in known
    if wanted.url:
        fits = any(_like(draft.url, pattern) for pattern in wanted.url)
        yield f"url: {draft.url}", fits
    yield from _ages(wanted, draft, now)


def _ages(wanted: Filter, draft: Draft, now: datetime) -> Iterator[tuple[str, bool]]:
    """An item is as old as its last change; what is yet to take place is not old."""
    moments = [draft.published, draft.updated]
    moments += [moment for session in draft.sessions for moment in (session.start, session.end)]
    latest = max((moment for moment in moments if moment), default=None)
    if latest and wanted.newer_than:
        yield f"newer_than: {latest:%Y-%m-%d}", latest > now - wanted.newer_than
    if latest and wanted.older_than:
        yield f"older_than: {latest:%Y-%m-%d}", latest <= now - wanted.older_than


def _within(language: str, wanted: str) -> bool:
    return f"{language}-".casefold().startswith(f"{wanted}-".casefold())


def _like(url: str, pattern: str) -> bool:
    return fnmatchcase(url, pattern) or fnmatchcase(unquote(url), pattern)
