"""A limit on how often one user does something at the same time."""

import pytest

from app.core.at_once import AtOnce
from app.core.errors import TooManyRequestsError


def test_each_user_does_something_so_often_at_once_and_no_more() -> None:
    limit = AtOnce(2, "Wait.", code="too_many_things", retry_after=3)
    with limit.one_of(1), limit.one_of(2), limit.one_of(1):
        for _ in range(2):
            with pytest.raises(TooManyRequestsError) as caught, limit.one_of(1):
                raise AssertionError
        assert (caught.value.message, caught.value.code) == ("Wait.", "too_many_things")
        assert caught.value.headers == {"Retry-After": "3"}
        with limit.one_of(2):
            pass
    with limit.one_of(1), limit.one_of(1):
        pass


def test_what_ends_with_an_error_counts_no_more_and_nothing_is_kept_of_it() -> None:
    limit = AtOnce(1, "Wait.", code="too_many_things", retry_after=3)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), limit.one_of(1):
            raise ZeroDivisionError
    assert not limit._doing
