"""The throttle: who is counted with whom, and for how long."""

import threading
import time

import pytest
from limits import parse

from app.core.errors import TooManyRequestsError
from app.core.throttling import ADDRESS_SHARE, LoginThrottle

RATE = parse("3/minute")
HERE, THERE = "192.0.2.1", "198.51.100.1"


@pytest.fixture
def throttle() -> LoginThrottle:
    return LoginThrottle(RATE)


def tries(throttle: LoginThrottle, account: str = "ada", address: str = HERE) -> int:
    """How many attempts are allowed before one is refused."""
    for number in range(1000):
        try:
            throttle.attempt(account, address)
        except TooManyRequestsError:
            return number
    raise AssertionError


def test_so_many_attempts_and_no_more(throttle: LoginThrottle) -> None:
    assert [tries(throttle), tries(throttle)] == [3, 0]


def test_accounts_and_addresses_count_for_themselves(throttle: LoginThrottle) -> None:
    assert [
        tries(throttle),
        tries(throttle, "grace"),
        tries(throttle, "ada", THERE),
        tries(throttle),
    ] == [3, 3, 3, 0]


def test_an_address_has_a_share_for_all_accounts_together(throttle: LoginThrottle) -> None:
    allowed = 0
    for number in range(2 * RATE.amount * ADDRESS_SHARE):
        try:
            throttle.attempt(f"account-{number}", HERE)
            allowed += 1
        except TooManyRequestsError:
            break
    assert allowed == RATE.amount * ADDRESS_SHARE
    assert tries(throttle, "ada", THERE) == 3


def test_a_network_of_ipv6_is_one_address(throttle: LoginThrottle) -> None:
    assert [
        tries(throttle, "ada", "2001:db8::1"),
        tries(throttle, "ada", "2001:db8::ffff"),
        tries(throttle, "ada", "2001:db8:0:1::1"),
    ] == [3, 0, 3]


def test_success_forgets_the_account_and_not_the_address(throttle: LoginThrottle) -> None:
    for _ in range(RATE.amount * ADDRESS_SHARE):
        throttle.attempt("ada", HERE)
        throttle.succeeded("ada", HERE)
    assert tries(throttle) == 0
    assert tries(throttle, "ada", THERE) == 3


def test_registrations_count_by_address(throttle: LoginThrottle) -> None:
    for _ in range(RATE.amount):
        throttle.registration(HERE)
    with pytest.raises(TooManyRequestsError):
        throttle.registration(HERE)
    throttle.registration(THERE)
    assert tries(throttle) == 3


def test_the_refusal_says_when_to_come_back(throttle: LoginThrottle) -> None:
    tries(throttle)
    with pytest.raises(TooManyRequestsError) as caught:
        throttle.attempt("ada", HERE)
    seconds = int(caught.value.headers["Retry-After"])
    assert 0 < seconds <= 60
    assert caught.value.message == f"Too many attempts. Try again in {seconds} seconds."


def test_when_the_time_is_over_it_begins_anew() -> None:
    throttle = LoginThrottle(parse("2/second"))
    assert tries(throttle) >= 2
    time.sleep(1.1)
    throttle.attempt("ada", HERE)


def test_threads_are_counted_together(throttle: LoginThrottle) -> None:
    allowed: list[int] = []

    def attempt() -> None:
        allowed.append(tries(throttle))

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == 3
