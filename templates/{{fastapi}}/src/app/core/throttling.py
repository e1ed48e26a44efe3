"""Throttling of passwords: one can be tried a few times, not a million."""

import math
import time

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from app.core.errors import TooManyRequestsError
from app.core.networks import network_of

ADDRESS_SHARE = 10
"""An address may try this many times as often as one account: many people may be behind it."""


class LoginThrottle:
    """Counts attempts at passwords, by account and address, and by address alone.

    An attacker at one address cannot lock an account's owner out at another.

    Args:
        rate: How many attempts in which time for one account from one address. Each process counts
            for itself, and around the edge of two windows there can be twice as many.
    """

    def __init__(self, rate: RateLimitItem) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._rate = rate
        self._address_rate = type(rate)(rate.amount * ADDRESS_SHARE, rate.multiples)

    async def attempt(self, account: str, address: str) -> None:
        """Count an attempt, before the password is looked at.

        Raises:
            TooManyRequestsError: There were too many; it says when to try again.
        """
        network = network_of(address)
        for rate, names in (
            (self._address_rate, ("address", network)),
            (self._rate, ("account", account, network)),
        ):
            if not await self._limiter.hit(rate, *names):
                window = await self._limiter.get_window_stats(rate, *names)
                wait = max(1, math.ceil(window.reset_time - time.time()))
                raise TooManyRequestsError(
                    f"Too many attempts with a password. Try again in {wait} seconds.",
                    retry_after=wait,
                )

    async def succeeded(self, account: str, address: str) -> None:
        """Forget the attempts of somebody who turned out to know the password."""
        await self._limiter.clear(self._rate, "account", account, network_of(address))
