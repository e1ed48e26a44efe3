"""Which versions a header If-Match names: RFC 9110, section 13.1.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import FieldProblem, InvalidError
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
    "header",
    ['"3"', "*", " * ", ' "3"\t', '"2", "3"', '"3","4"', 'W/"3", "3"', '"3",', ', "a,b",, "3"'],
)
def test_a_version_that_is_named_may_be_changed(header: str) -> None:
    assert is_expected(header, 3)


@pytest.mark.parametrize(
    "header",
    [
        *('"2"', '"4"', '"33"', '"-3"', '"03"', '"3.0"', '"a,3"', '"\xb3"', '""', '"*"'),
        *('W/"3"', 'W/"3", W/"3"', 'W/"3", "2"'),
    ],
)
def test_what_is_weak_or_of_another_names_no_version(header: str) -> None:
    assert not is_expected(header, 3)


@pytest.mark.parametrize(
    "header",
    [
        *("3", "'3'", '"3', '3"', '""3""', '"3" "4"', '"3";"4"', '"3", 4', '" 3"', '"\u0663"'),
        *("", ",", ", ,", "**", "W/*", "*, *", '*, "3"', 'w/"3"', 'W / "3"', "nonsense", '"3"\n'),
        '"1",' * 5000 + "x",
    ],
)
def test_what_is_no_list_of_tags_is_refused_in_words(header: str) -> None:
    with pytest.raises(InvalidError) as caught:
        Expected(header)
    assert caught.value.errors == (
        FieldProblem("If-Match", 'must be an ETag with its quotes, such as "3", or *'),
    )


def test_who_names_another_version_is_told_to_read_again() -> None:
    with pytest.raises(StaleError) as caught:
        Expected('"2"').check(3)
    problem = problem_of(caught.value)
    assert (problem.status, problem.code, problem.detail) == (412, "stale", STALE)
    assert caught.value.headers == {"ETag": '"3"'}


def test_who_names_the_version_by_a_weak_tag_is_told_the_strong_one() -> None:
    with pytest.raises(StaleError) as caught:
        Expected('W/"3"').check(3)
    assert caught.value.message == (
        'The ETag is weak, and a weak one does not do here. Send "3" instead.'
    )
    with pytest.raises(StaleError) as caught:
        Expected('W/"2"').check(3)
    assert caught.value.message == STALE


@given(st.lists(st.integers(1, 30), min_size=1, max_size=5), st.integers(1, 30))
def test_a_list_names_the_versions_in_it_and_no_others(named: list[int], version: int) -> None:
    header = ", ".join(etag(each) for each in named)
    assert is_expected(header, version) is (version in named)


@given(st.text('1*"W/, \t', max_size=12))
def test_any_text_names_something_or_nothing_or_is_refused(header: str) -> None:
    tags = [tag.strip(" \t") for tag in header.split(",")]
    try:
        expected = is_expected(header, 1)
    except InvalidError:
        assert '"1"' not in tags or any(tag.count('"') != 2 for tag in tags if tag)
    else:
        assert expected is ('"1"' in tags or tags == ["*"])
