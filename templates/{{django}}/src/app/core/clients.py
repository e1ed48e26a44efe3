"""Who sends a request: the client's address, behind any number of proxies that are known."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from django.conf import settings
from django.http import HttpRequest

from app.core.networks import address_of

EVERYBODY = "*"


def client_address(request: HttpRequest) -> str:
    """The address of whoever sent a request; empty where it came by a socket without one.

    A proxy adds the address it was asked from at the end of `X-Forwarded-For`; what stands before
    may be made up. So the last address counts that is none of our proxies'. Where everybody is
    believed there is one proxy, for nobody could tell where the next one ends.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    everybody, networks = _networks(settings.FORWARDED_ALLOW_IPS)
    while hops and (everybody or _is_in(address, networks)):
        hop = _without_port(hops.pop().strip())
        if address_of(hop) is None:
            break
        address = hop
        if everybody:
            break
    return address


def _is_in(address: str, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    known = address_of(address)
    return known is not None and any(known in network for network in networks)


def _without_port(hop: str) -> str:
    """Some proxies write `192.0.2.1:5678` or `[2001:db8::1]:5678`."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


@lru_cache(maxsize=8)
def _networks(trusted: str) -> tuple[bool, tuple[IPv4Network | IPv6Network, ...]]:
    names = [name.strip() for name in trusted.split(",") if name.strip()]
    networks = tuple(ip_network(name) for name in names if name != EVERYBODY)
    return EVERYBODY in names, networks
