"""Which versions a header If-Match names: RFC 9110, section 13.1.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.problems import problem_of
from app.core.versions import Expected, StaleError, etag

STALE = (
    "It has changed since you read it. Read it again, and see whether you still want to change it."
)


def is_expected(header: str, version: int) -> bool:
    """Whether somebody who sends this may change that version."""
    try:
        Expected(header).check(version)
    except StaleError:
        return False
    return True


def test_an_etag_is_the_version_in_quotes() -> None:
    assert etag(3) == '"3"'


@pytest.mark.parametrize(
    "header", ['"3"', "*", ' "3"\t', '"2", "3"', '"3","4"', 'W/"3", "3"', '"3",', "nonsense, *"]
)
def test_a_version_that_is_named_may_be_changed(header: str) -> None:
    assert is_expected(header, 3)


@pytest.mark.parametrize(
    "header",
    [
        *('"2"', '"4"', '"33"', '"-3"', '"03"', '"3.0"', '" 3"', '"\u0663"'),
        *('W/"3"', 'w/"3"', 'W/"3", W/"3"'),
        *("3", "'3'", '"3', '3"', '""3""', '"3" "4"', '"3";"4"'),
        *("", ",", ", ,", '""', '"*"', "**", "W/*"),
    ],
)
def test_what_is_weak_or_malformed_or_of_another_names_no_version(header: str) -> None:
    assert not is_expected(header, 3)


def test_who_names_another_version_is_told_to_read_again() -> None:
    with pytest.raises(StaleError) as caught:
        Expected('"2"').check(3)
    problem = problem_of(caught.value)
    assert (problem.status, problem.code, problem.detail) == (412, "stale", STALE)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=5), st.integers(1, 30))
def test_a_list_names_the_versions_in_it_and_no_others(named: list[int], version: int) -> None:
    header = ", ".join(etag(each) for each in named)
    assert is_expected(header, version) is (version in named)


@given(st.text(max_size=20))
def test_any_text_is_a_header_that_names_something_or_nothing(header: str) -> None:
    tags = [tag.strip() for tag in header.split(",")]
    assert is_expected(header, 1) is ('"1"' in tags or "*" in tags)
