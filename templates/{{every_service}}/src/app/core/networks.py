"""Networks: to whom an address belongs, where attempts are counted."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address; nothing where it is none, such as the name of a socket of this machine.

    A server that listens for both kinds sees `::ffff:192.0.2.1` where 192.0.2.1 asks.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def network_of(text: str) -> str:
    """Whom an address belongs to. With IPv6 everybody has a network of 2**64: RFC 6177."""
    address = address_of(text)
    if isinstance(address, IPv6Address):
        return str(ip_network(f"{address}/64", strict=False))
    return text if address is None else str(address)
