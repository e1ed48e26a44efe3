"""Throttling of sign-ins."""

import asyncio
import time

import pytest
from limits import parse

from app.core.errors import TooManyRequestsError
from app.core.throttling import LoginThrottle


@pytest.fixture
def throttle() -> LoginThrottle:
    """Two attempts a minute."""
    return LoginThrottle(parse("2/minute"))


async def refused(throttle: LoginThrottle, account: str, address: str) -> TooManyRequestsError:
    with pytest.raises(TooManyRequestsError) as caught:
        await throttle.attempt(account, address)
    return caught.value


async def test_an_account_has_its_number_of_attempts_from_an_address(
    throttle: LoginThrottle,
) -> None:
    for account in ("ada", "bob"):
        for address in ("192.0.2.1", "192.0.2.2"):
            for _ in range(2):
                await throttle.attempt(account, address)
            await refused(throttle, account, address)


async def test_the_refusal_says_when_to_try_again(
    throttle: LoginThrottle, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = time.time()
    monkeypatch.setattr(time, "time", lambda: begun)
    for _ in range(2):
        await throttle.attempt("ada", "192.0.2.1")
    monkeypatch.setattr(time, "time", lambda: begun + 19.5)
    error = await refused(throttle, "ada", "192.0.2.1")
    assert str(error) == "Too many attempts with a password. Try again in 41 seconds."
    assert error.headers == {"Retry-After": "41"}
    monkeypatch.setattr(time, "time", lambda: begun + 60.01)
    await throttle.attempt("ada", "192.0.2.1")


async def test_who_signs_in_has_all_attempts_again(throttle: LoginThrottle) -> None:
    for _ in range(5):
        await throttle.attempt("ada", "192.0.2.1")
        await throttle.succeeded("ada", "192.0.2.1")


async def test_an_address_has_ten_times_as_many_attempts_in_all(throttle: LoginThrottle) -> None:
    for number in range(20):
        await throttle.attempt(f"account {number}", "192.0.2.1")
    await refused(throttle, "another account", "192.0.2.1")
    await throttle.attempt("another account", "192.0.2.2")


async def test_everybody_with_ipv6_has_a_whole_network_of_addresses(
    throttle: LoginThrottle,
) -> None:
    await throttle.attempt("ada", "2001:db8::1")
    await throttle.attempt("ada", "2001:db8::ffff:2")
    await refused(throttle, "ada", "2001:db8:0:0:3::")
    await throttle.attempt("ada", "2001:db8:0:1::1")
    await throttle.succeeded("ada", "2001:db8::4")
    await throttle.attempt("ada", "2001:db8::1")


async def test_who_has_no_address_is_one_of_them(throttle: LoginThrottle) -> None:
    for _ in range(2):
        await throttle.attempt("ada", "")
    await refused(throttle, "ada", "")


async def test_signing_in_while_old_attempts_are_swept_away_fails_nowhere(
    throttle: LoginThrottle,
) -> None:
    """Counting starts a task that sweeps; what it works on may be gone when it comes to it."""
    await throttle.attempt("ada", "192.0.2.1")
    sweeping = throttle._limiter.storage.timer  # type: ignore[attr-defined]
    await asyncio.sleep(0)  # it begins
    await throttle.succeeded("ada", "192.0.2.1")
    await sweeping
