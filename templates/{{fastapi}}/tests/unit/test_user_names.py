"""User names: what they are made of, and when two are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.users.names import name_key, user_name

CHARACTERS = "may have letters, digits, dots, hyphens, underscores, and single spaces between them"


@pytest.mark.parametrize(
    "name",
    ["ada", "Ada Lovelace", "a", "7", "a.b-c_d", ".a", "Ådä", "李小龍", "हिन्दी", "א", "1 2 3"],
)
def test_letters_of_any_script_make_a_name(name: str) -> None:
    assert user_name(name) == name


def test_a_name_is_kept_in_its_composed_form() -> None:
    assert user_name("E\u0301mile") == "\u00c9mile"


@pytest.mark.parametrize(
    "name",
    [" ada", "ada ", "a  b", "a/b", "a\\b", "a@b", "a\n", "a\tb", "a\0", "\u202ea", "\U0001f600"],
)
def test_other_characters_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"^{CHARACTERS}$"):
        user_name(name)


@pytest.mark.parametrize("name", [".", "..", "-", "_", "._-", "- -"])
def test_a_name_says_something(name: str) -> None:
    with pytest.raises(ValueError, match=r"^needs a letter or a digit$"):
        user_name(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada", "aDA"), ("Straße", "STRASSE"), ("E\u0301mile", "\u00e9mile"), ("\uff21da", "ada")],
)
def test_names_that_would_be_taken_for_each_other_are_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("ada", "ada1"), ("a.da", "ada"), ("a b", "ab")])
def test_names_that_differ_are_not_the_same(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text())
def test_a_name_that_was_taken_is_taken_unchanged_again(text: str) -> None:
    try:
        name = user_name(text)
    except ValueError:
        return
    assert user_name(name) == name
    assert "/" not in name
    assert name not in {"", ".", ".."}
