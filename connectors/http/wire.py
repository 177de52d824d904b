"""Connections to checked addresses only, each request under one deadline.

The address that was checked is the one connected to, so a name that resolves differently a moment
later (DNS rebinding) gains nothing. The deadline covers headers and body together: a limit between
two bytes alone would let a server that sends one byte a second hold a run for hours.
"""

import logging
import math
import socket
import ssl
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.ssl_ import create_urllib3_context

from connectors.http.addresses import public

CONNECT_S = 10.0
# Below that it logs the query of every request, keys and all.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


class PrivateAddress(Exception):
    """The host lies on a private, loopback or otherwise special network."""


class NoConnection(OSError):
    """No address of the host could be reached; the cause says why."""


class _PlainSocket(socket.socket):
    ends_at = math.inf

    def recv_into(self, *args: Any, **options: Any) -> int:
        self.settimeout(_left(self.ends_at))
        return super().recv_into(*args, **options)


class _TlsSocket(ssl.SSLSocket):
    ends_at = math.inf

    def recv_into(self, *args: Any, **options: Any) -> int:
        self.settimeout(_left(self.ends_at))
        return super().recv_into(*args, **options)


def _left(ends_at: float) -> float | None:
    if ends_at == math.inf:
        return None
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError("the deadline has passed")
    return left


class Wire(HTTPAdapter):
    """The real network behind `Http`. `total_s` bounds one request from connect to last byte."""

    def __init__(self, total_s: float, *, allow_private: bool = False) -> None:
        self.total_s = total_s
        self.allow_private = allow_private
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        context = create_urllib3_context()
        context.sslsocket_class = _TlsSocket
        super().init_poolmanager(*args, ssl_context=context, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self)

    def connect(self, host: str, port: int) -> socket.socket:
        """A socket to the first reachable address of `host`, all of which must be allowed."""
        ends_at = time.monotonic() + self.total_s
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NoConnection(host) from error
        if not self.allow_private and not all(public(str(where[0])) for *_, where in found):
            raise PrivateAddress(host)
        refusal = OSError("the name has no address")
        for family, kind, protocol, _, where in found:
            connection = _PlainSocket(family, kind, protocol)
            try:
                connection.settimeout(min(CONNECT_S, _left(ends_at) or CONNECT_S))
                connection.connect(where)
            except OSError as error:
                connection.close()
                refusal = error
                continue
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(_left(ends_at))
            connection.ends_at = ends_at
            return connection
        raise NoConnection(host) from refusal


def _pools(wire: Wire) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return wire.connect(self._dns_host, self.port or 80)

        def request(self, *args: Any, **options: Any) -> None:
            _renew(self.sock, wire.total_s)
            super().request(*args, **options)

    class Tls(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return wire.connect(self._dns_host, self.port or 443)

        def request(self, *args: Any, **options: Any) -> None:
            _renew(self.sock, wire.total_s)
            super().request(*args, **options)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = Tls

    return {"http": PlainPool, "https": TlsPool}


def _renew(kept: socket.socket | None, total_s: float) -> None:
    """Give a kept connection the deadline of its next request; a new one has its own."""
    if isinstance(kept, _PlainSocket | _TlsSocket):
        kept.ends_at = time.monotonic() + total_s
