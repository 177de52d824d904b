"""The network's many exceptions in the words of this product, without the URLs they carry."""

import socket
import ssl
from collections.abc import Iterator

from requests.exceptions import InvalidHeader, InvalidSchema, InvalidURL, MissingSchema
from urllib3.exceptions import DecodeError, IncompleteRead, LocationParseError
from urllib3.exceptions import TimeoutError as PoolTimeout

from catalogue.errors import SkillshelfError, TryLater
from connectors.http.addresses import origin, shown
from connectors.http.ask import Ask
from connectors.http.wire import NoConnection, PrivateAddress

_TIMEOUTS = (TimeoutError, PoolTimeout)
_UNUSABLE = (InvalidHeader, InvalidSchema, InvalidURL, MissingSchema, LocationParseError)


class Unreachable(TryLater):
    """The host gave no answer at all, so its other addresses need not be tried for now."""

    def __init__(self, message: str, host: str) -> None:
        super().__init__(message)
        self.host = host


def named(error: Exception, ask: Ask, timeout_s: float) -> SkillshelfError:
    """What `error`, raised while sending or reading, means for the caller."""
    causes = list(_causes(error))
    place = shown(ask.url)
    if _any(causes, PrivateAddress):
        remedy = "set allow_private: true for this source if that is meant"
        return ask.fault(f"{place} lies on a private or local network; {remedy}")
    if _any(causes, ssl.SSLCertVerificationError):
        return ask.fault(f"{place}: its certificate is not trusted; have the site renew it")
    if _any(causes, *_UNUSABLE):
        return ask.fault(f"{place} is not an address or header that can be sent")
    if _any(causes, DecodeError):
        return ask.fault(f"{place}: its body is not compressed the way its headers say")
    return _outage(causes, ask.url, timeout_s)


def _outage(causes: list[BaseException], url: str, timeout_s: float) -> TryLater:
    reason = _reason(causes, timeout_s)
    if _any(causes, NoConnection):
        return Unreachable(f"{shown(url)}: {reason}", origin(url)[1])
    return TryLater(f"{shown(url)}: {reason}")


def _reason(causes: list[BaseException], timeout_s: float) -> str:
    if _any(causes, IncompleteRead):
        return "the answer ended before the length it announced"
    if _any(causes, socket.gaierror, UnicodeError):
        return "its host name cannot be resolved; check the address, or the network here"
    if _any(causes, ConnectionRefusedError):
        return "connection refused; is it running, and is the port right?"
    if _any(causes, *_TIMEOUTS):
        return f"no complete answer within {timeout_s:g} s; try later, or raise http_timeout_s"
    return f"the connection broke ({type(causes[-1]).__name__})"


def _any(causes: list[BaseException], *kinds: type[BaseException]) -> bool:
    return any(isinstance(cause, kinds) for cause in causes)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it wraps: these libraries put the cause into their arguments."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        wrapped = [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]
        waiting.extend(w for w in wrapped if isinstance(w, BaseException))
