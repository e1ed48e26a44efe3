"""Networks: to whom an address belongs, where attempts are counted."""

from ipaddress import ip_address, ip_network

IPV6 = 6


def network_of(address: str) -> str:
    """Whom an address belongs to. With IPv6 everybody has a network of 2**64: RFC 6177."""
    try:
        version = ip_address(address).version
    except ValueError:
        return address  # a socket of this machine has another name, or none
    return str(ip_network(f"{address}/64", strict=False)) if version == IPV6 else address
