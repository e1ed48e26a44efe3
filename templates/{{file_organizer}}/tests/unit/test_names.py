import os
import unicodedata
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from file_organizer.names import comparison_key, names_to_try, numbered, split_suffix

# Any name that Linux can hold: bytes without / and NUL, at most 255 of them.
FILE_NAMES = (
    st.binary(min_size=1, max_size=255)
    .map(lambda raw: raw.replace(b"/", b"_").replace(b"\0", b"_"))
    .map(os.fsdecode)
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.pdf", "report (1).pdf"),
        ("report", "report (1)"),
        ("backup.tar.gz", "backup (1).tar.gz"),
        (".tar.gz", ".tar (1).gz"),
        (".profile", ".profile (1)"),
        ("report (1).pdf", "report (1) (1).pdf"),
        ("a.b.c", "a.b (1).c"),
    ],
)
def test_the_number_goes_before_the_suffix(name: str, expected: str) -> None:
    assert numbered(name, 1) == expected


@given(FILE_NAMES, st.integers(min_value=1, max_value=10**6))
def test_a_numbered_name_is_a_new_name_that_fits(name: str, number: int) -> None:
    result = numbered(name, number)
    assert len(os.fsencode(result)) <= 255
    assert result != name
    assert f" ({number})" in result
    assert "/" not in result


@pytest.mark.parametrize("stem", ["x" * 251, "ü" * 125 + "x", "🙂" * 62 + "xyz"])
def test_a_long_stem_is_cut_between_characters_and_keeps_its_suffix(stem: str) -> None:
    result = numbered(stem + ".pdf", 12)
    assert result.endswith(" (12).pdf")
    assert 252 <= len(os.fsencode(result)) <= 255
    assert stem.startswith(result.removesuffix(" (12).pdf"))


def test_a_suffix_as_long_as_the_name_is_cut_like_a_stem() -> None:
    result = numbered("a." + "x" * 253, 1)
    assert result == "a." + "x" * 249 + " (1)"


def test_names_to_try_begin_with_the_name_itself() -> None:
    assert list(islice(names_to_try("a.txt"), 3)) == ["a.txt", "a (1).txt", "a (2).txt"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Report.PDF", "report.pdf"),
        ("café", unicodedata.normalize("NFD", "café")),
        ("STRASSE", "straße"),
        ("ÅNGSTRÖM", unicodedata.normalize("NFD", "ångström")),
        ("\u212bngstrom", "ångstrom"),  # the sign for the unit is not the letter
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("soft\u00adhyphen", "softhyphen"),
        ("joined\u200dname", "joinedname"),
    ],
)
def test_names_that_some_file_system_takes_for_one_have_one_key(one: str, other: str) -> None:
    assert comparison_key(one) == comparison_key(other)


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("resume", "résumé"), ("a b", "ab")])
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert comparison_key(one) != comparison_key(other)


@given(FILE_NAMES)
def test_a_key_does_not_depend_on_case_or_normal_form(name: str) -> None:
    key = comparison_key(name)
    assert comparison_key(unicodedata.normalize("NFD", name)) == key
    assert comparison_key(unicodedata.normalize("NFC", name)) == key
    assert comparison_key(key) == key


@given(FILE_NAMES)
def test_stem_and_suffix_together_are_the_name(name: str) -> None:
    stem, suffix = split_suffix(name)
    assert stem + suffix == name
    assert stem
