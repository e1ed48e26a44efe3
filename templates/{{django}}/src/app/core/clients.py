"""Who sends a request: the client's address, behind any number of proxies that are known."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

EVERYBODY = "*"


def client_address(request: HttpRequest) -> str:
    """The address of whoever sent a request; empty where it came by a socket without one.

    A proxy adds the address it was asked from at the end of `X-Forwarded-For`; what stands before
    may be made up. So the last address counts that is none of our proxies'.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    while hops and _is_trusted(address, settings.FORWARDED_ALLOW_IPS):
        hop = hops.pop()
        if not _is_address(hop):
            break
        address = hop
    return address


def _is_trusted(address: str, trusted: str) -> bool:
    everybody, networks = _networks(trusted)
    if everybody:
        return True
    try:
        known = ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=8)
def _networks(trusted: str) -> tuple[bool, tuple[IPv4Network | IPv6Network, ...]]:
    names = [name.strip() for name in trusted.split(",") if name.strip()]
    networks = tuple(ip_network(name) for name in names if name != EVERYBODY)
    return EVERYBODY in names, networks
