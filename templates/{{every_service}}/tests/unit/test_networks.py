"""To whom an address belongs."""

import pytest

from app.core.networks import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:0:ffff::2", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("", ""),
        ("/run/app.sock", "/run/app.sock"),
    ],
)
def test_one_address_with_ipv4_and_a_network_of_them_with_ipv6(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("seen", "whose"),
    [
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::ffff:c000:201", "192.0.2.1"),
        ("192.0.2.1", "192.0.2.1"),
    ],
)
def test_an_address_of_the_older_kind_is_the_same_however_it_is_seen(seen: str, whose: str) -> None:
    """A server that listens at `::` sees all of them within one network of the newer kind."""
    assert network_of(seen) == whose
