"""What somebody typed, made into a search in which no character means anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.search import searched_words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("dragon", '"dragon"'),
        ("  red   dragon ", '"red" "dragon"'),
        ('say "hi"', '"say" """hi"""'),
        ("a OR b*", '"a" "OR" "b*"'),
        ("", '""'),
        (" \t", '""'),
    ],
)
def test_on_sqlite_each_word_is_quoted(typed: str, words: str) -> None:
    assert searched_words(typed, "sqlite") == words


def test_postgresql_reads_words_by_itself() -> None:
    assert searched_words('say "hi" & <->', "postgresql") == 'say "hi" & <->'


@given(st.text())
def test_no_quote_is_left_open(typed: str) -> None:
    words = searched_words(typed, "sqlite")
    assert words.count('"') % 2 == 0
    assert words.startswith('"')
    assert words.endswith('"')
