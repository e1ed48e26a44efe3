"""Whose address counts, behind proxies that are known and some that are not."""

from typing import Any

import pytest
from django.test import RequestFactory

from app.core.clients import client_address

PROXY, OTHER_PROXY, CLIENT, LIE = "10.0.0.1", "10.0.0.2", "203.0.113.7", "198.51.100.9"


def seen(settings: Any, trusted: str, peer: str, forwarded: str | None) -> str:
    settings.FORWARDED_ALLOW_IPS = trusted
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer))


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "expected"),
    [
        (PROXY, CLIENT, None, CLIENT),
        # Whoever is no proxy of ours may say what they like.
        (PROXY, CLIENT, LIE, CLIENT),
        (PROXY, PROXY, CLIENT, CLIENT),
        # The proxy adds to what the client has made up.
        (PROXY, PROXY, f"{LIE}, {CLIENT}", CLIENT),
        (PROXY, PROXY, f"{PROXY}, {CLIENT}", CLIENT),
        (f"{PROXY}, {OTHER_PROXY}", PROXY, f"{LIE}, {CLIENT}, {OTHER_PROXY}", CLIENT),
        ("10.0.0.0/8", PROXY, f"{LIE}, {CLIENT}, {OTHER_PROXY}", CLIENT),
        # A proxy that says nothing, or nonsense.
        (PROXY, PROXY, None, PROXY),
        (PROXY, PROXY, "", PROXY),
        (PROXY, PROXY, "unknown", PROXY),
        (PROXY, PROXY, f"{CLIENT}, <script>", PROXY),
        # All hops are proxies of ours: the first is as near to the client as can be known.
        ("10.0.0.0/8", PROXY, "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        # Where everybody is believed, there is one proxy.
        ("*", PROXY, f"{LIE}, {CLIENT}", CLIENT),
        ("*", PROXY, None, PROXY),
        # A server that listens for both kinds of addresses sees the older ones so.
        (PROXY, f"::ffff:{PROXY}", CLIENT, CLIENT),
        # Some proxies write the port as well.
        (PROXY, PROXY, f"{CLIENT}:5678", CLIENT),
        (PROXY, PROXY, "[2001:db8::7]:5678", "2001:db8::7"),
        ("fd00::/8", "fd00::1", "2001:db8::7", "2001:db8::7"),
        # A socket of this machine has no address.
        (PROXY, "", CLIENT, ""),
        ("", CLIENT, LIE, CLIENT),
    ],
)
def test_the_address_is_the_last_that_is_no_proxy_of_ours(
    settings: Any, trusted: str, peer: str, forwarded: str | None, expected: str
) -> None:
    assert seen(settings, trusted, peer, forwarded) == expected
