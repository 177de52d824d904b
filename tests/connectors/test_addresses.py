"""What may be shown of an address, and which ones are public."""

import pytest

from connectors.http.addresses import may_share_credentials, public, shown


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("https://a.example/x?page=2", "https://a.example/x?page=2"),
        ("https://ann:pw@a.example/x", "https://a.example/x"),
        ("https://a.example/?wstoken=abc&page=1", "https://a.example/?wstoken=***&page=1"),
        ("https://a.example/?API_KEY=abc", "https://a.example/?API_KEY=***"),
        ("https://a.example/?X-Amz-Signature=abc", "https://a.example/?X-Amz-Signature=***"),
        ("https://a.example/?verifier=abc", "https://a.example/?verifier=***"),
        ("https://a.example/#access_token=abc", "https://a.example/"),
        ("http://[::1", "(an address that cannot be read)"),
    ],
)
def test_secrets_are_not_shown(url: str, seen: str) -> None:
    assert shown(url) == seen


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_public_addresses(address: str) -> None:
    assert public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.1.2.3",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not public(address)


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        ("https://a.example/x", "https://a.example/y", True),
        ("https://a.example/x", "https://A.example:443/y", True),
        ("http://a.example/x", "https://a.example/x", True),
        ("https://a.example/x", "http://a.example/x", False),
        ("https://a.example/x", "https://a.example:8443/x", False),
        ("https://a.example/x", "https://b.a.example/x", False),
        ("http://a.example:8080/x", "https://a.example/x", False),
    ],
)
def test_credentials_go_only_where_they_could_have_gone(one: str, other: str, may: bool) -> None:
    assert may_share_credentials(one, other) is may
