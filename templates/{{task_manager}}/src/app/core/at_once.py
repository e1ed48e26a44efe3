"""A limit on how often one user does something at the same time, in this process."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.errors import TooManyRequestsError


class AtOnce:
    """Counts what each user is doing, so that nobody takes the share of all others.

    Args:
        most: How often each may do it at the same time.
        message: What somebody is told who wants more.
        code: The same for programs.
        retry_after: After how many seconds it is worth another try.
    """

    def __init__(self, most: int, message: str, *, code: str, retry_after: int) -> None:
        self._most = most
        self._message = message
        self._code = code
        self._retry_after = retry_after
        self._doing: Counter[int] = Counter()

    @contextmanager
    def one_of(self, user_id: int) -> Iterator[None]:
        """Do it once more while the block runs.

        Raises:
            TooManyRequestsError: They do it too often already.
        """
        if self._doing[user_id] >= self._most:
            raise TooManyRequestsError(
                self._message, code=self._code, retry_after=self._retry_after
            )
        self._doing[user_id] += 1
        try:
            yield
        finally:
            self._doing[user_id] -= 1
            if not self._doing[user_id]:
                del self._doing[user_id]
