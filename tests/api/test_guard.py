"""What every request must pass, and what every answer carries."""

import pytest

from api.guard import HEADERS, refuse
from api.places import followable
from api.sign_in import own_path
from tests.api.shelf import Client

LOCAL = frozenset({"localhost", "127.0.0.1"})


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[", "evil:80"])
def test_a_name_that_was_bent_to_this_machine_is_refused(reader: Client, host: str) -> None:
    assert refuse("GET", {"host": host}, LOCAL)
    if host:
        answer = reader.get("/api/v1/search", Host=host)
        assert answer.status_code == 400


def test_this_machines_names_are_served(reader: Client) -> None:
    port = reader.base.rpartition(":")[2]
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", "LOCALHOST", f"[::1]:{port}"):
        assert reader.get("/healthz", Host=host).status_code == 200


def test_a_server_for_others_leaves_names_to_its_keys() -> None:
    assert refuse("GET", {"host": "learn.example"}, None) is None


@pytest.mark.parametrize(
    "path", ["/", "/api/v1/search", "/nothing", "/static/style.css", "/api/v1/search?x=1"]
)
def test_every_answer_carries_the_guards_headers(reader: Client, path: str) -> None:
    answer = reader.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://learn.example/a?b#c", True),
        ("HTTP://learn.example", True),
        ("file:///srv/manual.pdf#page=3", True),
        (" https://learn.example ", True),
        ("javascript:alert(1)", False),
        (" JavaScript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("vbscript:x", False),
        ("//evil.example/x", False),
        ("/etc/passwd", False),
        ("https:", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_plain_addresses_are_followed(url: str, followed: bool) -> None:
    assert followable(url) == (url.strip() if followed else None)


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/items/3?x=1", "/items/3?x=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_nowhere_else(target: str, path: str) -> None:
    assert own_path(target) == path
