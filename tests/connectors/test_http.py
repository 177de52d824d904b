"""The polite door against a real server that behaves in every bad way we could think of."""

import gzip
import ssl
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from catalogue.errors import BadItem, NeedsPerson, SkillshelfError, TryLater
from connectors.http import Http, Limits, Missing, Validators, polite
from connectors.http.clock import SystemClock
from connectors.http.wire import Wire as GuardedWire
from connectors.testing.worlds import EPOCH, Answer, ManualClock, Wire
from tests.connectors.loopback import Heard, Loopback, Said, loopback

LIMITS = Limits(timeout_s=0.4, max_bytes=200_000, spacing_s=0)


@pytest.fixture
def site() -> Iterator[Loopback]:
    with loopback() as told:
        yield told


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def http(clock: ManualClock) -> Http:
    return polite("curator@example.org", LIMITS, allow_private=True, clock=clock)


def test_an_answer_comes_back_whole(site: Loopback, http: Http) -> None:
    site.answers["/a"] = Said(
        "grüße".encode(), headers={"Content-Type": "text/plain; charset=utf-8"}
    )
    reply = http.get(site.url("/a"), params={"page": 2})
    assert (reply.text, reply.content_type, reply.status) == ("grüße", "text/plain", 200)
    assert site.paths() == ["/a?page=2"]


def test_the_user_agent_says_whom_to_write_to(site: Loopback, http: Http) -> None:
    site.answers["/a"] = Said(b"x")
    http.get(site.url("/a"))
    assert {h.headers["User-Agent"] for h in site.heard} == {
        "Skillshelf/0.1 (+curator@example.org)"
    }


def test_compressed_answers_are_unpacked(site: Loopback, http: Http) -> None:
    site.answers["/z"] = Said(gzip.compress(b"hello" * 100), headers={"Content-Encoding": "gzip"})
    assert http.get(site.url("/z")).body == b"hello" * 100


@pytest.mark.parametrize(
    ("status", "item", "error"),
    [
        (401, False, NeedsPerson),
        (401, True, NeedsPerson),
        (407, True, NeedsPerson),
        (403, False, NeedsPerson),
        (403, True, BadItem),
        (404, False, NeedsPerson),
        (404, True, Missing),
        (410, True, Missing),
        (408, False, TryLater),
        (425, False, TryLater),
        (429, True, TryLater),
        (500, False, TryLater),
        (503, True, TryLater),
    ],
)
def test_a_status_becomes_what_the_caller_does_next(
    site: Loopback, http: Http, status: int, item: bool, error: type[SkillshelfError]
) -> None:
    site.answers["/a"] = Said(status=status)
    with pytest.raises(error, match=str(status)):
        http.get(site.url("/a"), item=item)


def test_what_fails_for_a_moment_is_asked_again(
    site: Loopback, http: Http, clock: ManualClock
) -> None:
    site.answers["/a"] = [Said(status=503), Said(status=503), Said(b"here")]
    assert http.get(site.url("/a")).body == b"here"
    assert clock.slept == [2.0, 4.0]


def test_three_attempts_are_enough(site: Loopback, http: Http) -> None:
    site.answers["/a"] = Said(status=500)
    with pytest.raises(TryLater):
        http.get(site.url("/a"))
    assert len(site.paths()) == 3


def test_a_post_is_sent_once(site: Loopback, http: Http) -> None:
    site.answers["/a"] = Said(status=503)
    with pytest.raises(TryLater):
        http.post(site.url("/a"), data={"q": "x"})
    assert [(h.method, h.body) for h in site.heard] == [("POST", b"q=x")]


def test_retry_after_in_seconds_is_obeyed(site: Loopback, http: Http, clock: ManualClock) -> None:
    site.answers["/a"] = [Said(status=429, headers={"Retry-After": "17"}), Said(b"here")]
    assert http.get(site.url("/a")).body == b"here"
    assert clock.slept == [17.0]


def test_retry_after_as_a_date_is_obeyed(site: Loopback, http: Http, clock: ManualClock) -> None:
    when = format_datetime(EPOCH + timedelta(seconds=30), usegmt=True)
    site.answers["/a"] = [Said(status=503, headers={"Retry-After": when}), Said(b"here")]
    assert http.get(site.url("/a")).body == b"here"
    assert clock.slept == [30.0]


@pytest.mark.parametrize(
    "body",
    [b"403 Forbidden (Rate Limit Exceeded)", b'{"error": {"reason": "quotaExceeded"}}'],
)
def test_a_refusal_of_haste_is_tried_later(site: Loopback, http: Http, body: bytes) -> None:
    site.answers["/a"] = Said(body, status=403)
    with pytest.raises(TryLater):
        http.get(site.url("/a"), item=True)


def test_a_host_that_wants_an_hour_is_left_alone(site: Loopback, http: Http) -> None:
    site.answers["/a"] = Said(status=429, headers={"Retry-After": "3600"})
    with pytest.raises(TryLater) as told:
        http.get(site.url("/a"))
    assert told.value.retry_after == 3600
    with pytest.raises(TryLater, match="left alone"):
        http.get(site.url("/b"))
    assert site.paths() == ["/a"]


def test_unchanged_answers_are_seen_as_such(site: Loopback, http: Http) -> None:
    def conditional(heard: Heard) -> Said:
        known = heard.headers.get("If-None-Match") == '"v1"'
        return Said(status=304) if known else Said(b"x", headers={"ETag": '"v1"'})

    site.answers["/a"] = conditional
    first = http.get(site.url("/a"))
    kept = Validators.from_json(first.validators.as_json())
    assert http.get(site.url("/a"), validators=kept).not_modified
    assert not first.not_modified


@pytest.mark.parametrize("kept", [None, {}, [], "x", {"etag": None}])
def test_validators_of_a_foreign_cursor_are_none(kept: object) -> None:
    assert Validators.from_json(kept).headers() == {}


def test_requests_to_one_host_are_spaced(site: Loopback) -> None:
    clock = ManualClock()
    http = polite(limits=Limits(0.4, spacing_s=1.5), allow_private=True, clock=clock)
    site.answers["/a"] = Said(b"x")
    for _ in range(2):
        http.get(site.url("/a"))
    assert clock.slept == [1.5, 1.5]  # after robots.txt, and after the first


def test_robots_are_asked_once_and_obeyed(site: Loopback, http: Http) -> None:
    site.answers["/robots.txt"] = Said(b"User-agent: *\nDisallow: /private")
    site.answers["/a"] = Said(b"x")
    http.get(site.url("/a"))
    with pytest.raises(NeedsPerson, match=r"robots\.txt"):
        http.get(site.url("/private/a"))
    assert [h.path for h in site.heard] == ["/robots.txt", "/a"]


def test_an_interface_with_a_token_is_no_crawling(site: Loopback, http: Http) -> None:
    site.answers["/a"] = Said(b"x")
    http.get(site.url("/a"), robots=False)
    assert [h.path for h in site.heard] == ["/a"]


def test_unreadable_robots_forbid_for_now(site: Loopback, http: Http) -> None:
    site.answers["/robots.txt"] = Said(status=500)
    site.answers["/a"] = Said(b"x")
    with pytest.raises(TryLater, match=r"robots\.txt"):
        http.get(site.url("/a"))
    assert site.paths() == []


def test_crawl_delay_widens_the_spacing(site: Loopback, http: Http, clock: ManualClock) -> None:
    site.answers["/robots.txt"] = Said(b"User-agent: skillshelf\nCrawl-delay: 7")
    site.answers["/a"] = Said(b"x")
    for _ in range(2):
        http.get(site.url("/a"))
    assert clock.slept == [7.0]


def test_a_slow_server_is_cut_off(site: Loopback, http: Http) -> None:
    site.answers["/slow"] = Said(b"x" * 1000, drip=0.05)  # each byte well within any pause allowed
    with pytest.raises(TryLater, match="no complete answer within"):
        http.get(site.url("/slow"))


def test_a_page_that_is_too_large_is_refused(site: Loopback, http: Http) -> None:
    site.answers["/big"] = Said(b"x" * 200_001)
    with pytest.raises(NeedsPerson, match="200,000 bytes"):
        http.get(site.url("/big"))
    with pytest.raises(BadItem, match="larger than"):
        http.get(site.url("/big"), item=True)


def test_a_gzip_bomb_does_not_unfold(site: Loopback, http: Http) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    site.answers["/bomb"] = Said(bomb, headers={"Content-Encoding": "gzip"})
    with pytest.raises(BadItem, match="larger than"):
        http.get(site.url("/bomb"), item=True)


def test_an_answer_cut_short_is_no_answer(site: Loopback, http: Http) -> None:
    site.answers["/short"] = Said(b"abc", length=10)
    with pytest.raises(TryLater, match="ended before the length"):
        http.get(site.url("/short"))


def test_a_wrong_encoding_is_named(site: Loopback, http: Http) -> None:
    site.answers["/a"] = Said(b"plain", headers={"Content-Encoding": "gzip"})
    with pytest.raises(NeedsPerson, match="not compressed the way"):
        http.get(site.url("/a"))


def test_json_under_another_type_is_read(site: Loopback, http: Http) -> None:
    site.answers["/a"] = Said(b'{"x": 1}', headers={"Content-Type": "text/html"})
    assert http.get(site.url("/a")).json() == {"x": 1}


def test_a_page_instead_of_json_is_named(site: Loopback, http: Http) -> None:
    site.answers["/a"] = Said(b"<html>Please log in", headers={"Content-Type": "text/html"})
    with pytest.raises(BadItem, match="expected JSON, got text/html beginning '<html>Please"):
        http.get(site.url("/a"), item=True).json()


def test_redirects_are_followed_and_checked(site: Loopback, http: Http) -> None:
    site.answers["/robots.txt"] = Said(b"User-agent: *\nDisallow: /no")
    site.answers["/a"] = Said(status=302, headers={"Location": "/b"})
    site.answers["/b"] = Said(b"x")
    site.answers["/c"] = Said(status=301, headers={"Location": "/no"})
    assert http.get(site.url("/a")).url == site.url("/b")
    with pytest.raises(NeedsPerson, match="forbids"):
        http.get(site.url("/c"))


def test_a_redirect_loop_ends(site: Loopback, http: Http) -> None:
    site.answers["/a"] = Said(status=302, headers={"Location": "/a"})
    with pytest.raises(NeedsPerson, match="10 redirects"):
        http.get(site.url("/a"))


@pytest.mark.parametrize("place", ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://", "//["])
def test_a_redirect_to_no_web_address_is_refused(site: Loopback, http: Http, place: str) -> None:
    site.answers["/a"] = Said(status=302, headers={"Location": place})
    with pytest.raises(SkillshelfError):
        http.get(site.url("/a"))


def test_credentials_stay_with_their_host(site: Loopback, http: Http) -> None:
    site.answers["/a"] = Said(status=302, headers={"Location": site.url("/b", "localhost")})
    site.answers["/b"] = Said(b"x")
    sent = {"Authorization": "Bearer s3cret", "PRIVATE-TOKEN": "s3cret", "Accept": "text/html"}
    http.get(site.url("/a"), headers=sent)
    at_home, abroad = (h.headers for h in site.heard if h.path in "/a/b")
    assert at_home["PRIVATE-TOKEN"] == "s3cret"
    assert "s3cret" not in str(abroad)
    assert abroad["Accept"] == "text/html"


def test_a_post_is_not_redirected(site: Loopback, http: Http) -> None:
    site.answers["/a"] = Said(status=307, headers={"Location": "https://elsewhere.example/b"})
    with pytest.raises(NeedsPerson, match=r"moved: put https://elsewhere\.example/b"):
        http.post(site.url("/a"), data={"wstoken": "s3cret"})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_private_addresses_need_permission(site: Loopback, host: str) -> None:
    http = polite(limits=LIMITS, clock=ManualClock())
    with pytest.raises(NeedsPerson, match="allow_private: true"):
        http.get(site.url("/a", host))
    assert site.heard == []


class Public(Wire):
    """A network on which one host is reached without the guard, as a public one would be."""

    def __init__(self, host: str, answer: Answer, network: BaseAdapter) -> None:
        super().__init__(lambda _: answer)
        self.host = host
        self.network = network

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        if self.host in (request.url or ""):
            return super().send(request)
        return self.network.send(request, *args, **options)


def test_a_public_site_cannot_send_us_home(site: Loopback, clock: ManualClock) -> None:
    moved = Answer(status=302, headers={"Location": site.url("/secrets")})
    network = Public("https://public.example", moved, GuardedWire(0.4))
    http = polite(limits=LIMITS, clock=clock, adapter=network)
    with pytest.raises(BadItem, match="private or local network"):
        http.get("https://public.example/a", item=True)
    assert site.heard == []
    network.close()


def test_an_unreachable_host_is_not_asked_over_and_over(clock: ManualClock) -> None:
    http = polite(limits=LIMITS, allow_private=True, clock=clock)
    with loopback() as closed:
        url = closed.url("/a")
    with pytest.raises(TryLater, match="refused"):
        http.get(url)
    with pytest.raises(TryLater, match="left alone"):
        http.get(url)


@pytest.mark.parametrize(
    "url", ["ftp://x.example/", "x.example/feed", "http://", "http://[::1", ""]
)
def test_what_is_no_web_address_is_refused(http: Http, url: str) -> None:
    with pytest.raises(NeedsPerson, match="not a complete http"):
        http.get(url)


SECRET = "".join(["s3", "cret"])  # a traceback quotes source lines, so it stands in none


@pytest.mark.parametrize("status", [401, 404, 503])
def test_no_secret_is_ever_told(site: Loopback, http: Http, status: int) -> None:
    site.answers["/a"] = Said(status=status)
    url = site.url(f"/a?wstoken={SECRET}&page=1").replace("://", f"://ann:{SECRET}@")
    with pytest.raises(SkillshelfError) as told:
        http.get(url, params={"access_token": SECRET}, headers={"X-Key": SECRET})
    trace = "".join(traceback.format_exception(told.value))
    assert SECRET not in trace
    assert "page=1" in trace


def test_no_secret_is_told_of_a_dead_host(clock: ManualClock) -> None:
    with loopback() as closed:
        url = closed.url(f"/a?token={SECRET}")
    with pytest.raises(TryLater) as told:
        polite(limits=LIMITS, allow_private=True, clock=clock).get(url)
    assert SECRET not in "".join(traceback.format_exception(told.value))


def test_a_certificate_nobody_vouches_for_is_refused(clock: ManualClock, tmp_path: Path) -> None:
    with tls_server(tmp_path) as port, pytest.raises(NeedsPerson, match="not trusted"):
        polite(limits=LIMITS, allow_private=True, clock=clock).get(f"https://127.0.0.1:{port}/")


@contextmanager
def tls_server(folder: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(folder))
    with loopback(context) as told:
        yield told.port


def self_signed(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that only signs itself."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = SystemClock().utc()
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(secret + certificate.public_bytes(pem))
    return path
