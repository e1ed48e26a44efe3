"""Throttling of sign-ins: a password can be tried a few times, not a million."""

import math
import time
from functools import cache

from django.conf import settings
from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.core.errors import TooManyRequestsError
from app.core.networks import network_of

ADDRESS_SHARE = 10
"""An address may try this many times as often as one account: many people may be behind it."""


class LoginThrottle:
    """Counts attempts to sign in, by account and address, and by address alone.

    An attacker at one address cannot lock an account's owner out at another.

    Args:
        rate: How many attempts in which time for one account from one address. Each process counts
            for itself, and around the edge of two windows there can be twice as many.
    """

    def __init__(self, rate: RateLimitItem) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._rate = rate
        self._address_rate = type(rate)(rate.amount * ADDRESS_SHARE, rate.multiples)

    def attempt(self, account: str, address: str) -> None:
        """Count an attempt, before the password is looked at.

        Raises:
            TooManyRequestsError: There were too many; it says when to try again.
        """
        network = network_of(address)
        self._hit(self._address_rate, "address", network)
        self._hit(self._rate, "account", account, network)

    def succeeded(self, account: str, address: str) -> None:
        """Forget the attempts of somebody who turned out to know the password."""
        self._limiter.clear(self._rate, "account", account, network_of(address))

    def registration(self, address: str) -> None:
        """Count an attempt to register, which tells whether an address is taken.

        Raises:
            TooManyRequestsError: There were too many; it says when to try again.
        """
        self._hit(self._rate, "registration", network_of(address))

    def _hit(self, rate: RateLimitItem, *names: str) -> None:
        if self._limiter.hit(rate, *names):
            return
        window = self._limiter.get_window_stats(rate, *names)
        wait = max(1, math.ceil(window.reset_time - time.time()))
        raise TooManyRequestsError(
            f"Too many attempts. Try again in {wait} seconds.", retry_after=wait
        )


@cache
def login_throttle() -> LoginThrottle:
    """The throttle of this process, for the API and the admin alike."""
    return LoginThrottle(settings.LOGIN_RATE)
