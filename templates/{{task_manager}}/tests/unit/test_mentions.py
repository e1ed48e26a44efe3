"""Mentions: whom a text means by an @ and a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.comments.markdown import to_prose
from app.comments.mentions import mentioned
from app.users.names import name_key, user_name

NAMES = ["ada", "ada lovelace", "ada.b", "bob", "bob-2", "x_y", "Émile", "李小龍", "हिन्दी", "7"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", set()),
        ("ada", set()),
        ("@", set()),
        ("@ ada", set()),
        ("@nobody", set()),
        ("@ada", {"ada"}),
        ("Ask @ada, or @bob!", {"ada", "bob"}),
        ("@ada @ada", {"ada"}),
        ("@@ada", {"ada"}),
        ("(@ada)", {"ada"}),
        ("@ada's", {"ada"}),
        ("**@ada**", {"ada"}),
        ("@ada@bob", {"ada"}),
        ("line\n@ada\nline", {"ada"}),
        ("@7", {"7"}),
    ],
)
def test_an_at_and_a_name_is_a_mention(text: str, found: set[str]) -> None:
    assert mentioned(text, NAMES) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@ada lovelace", "ada lovelace"),
        ("@ada  lovelace", "ada"),
        ("@ada lovelaces", "ada"),
        ("@ada.b", "ada.b"),
        ("@ada.", "ada"),
        ("@ada.c", "ada"),
        ("@bob-2", "bob-2"),
        ("@bob-", "bob"),
        ("@x_y", "x_y"),
    ],
)
def test_the_longest_name_that_fits_is_meant(text: str, found: str) -> None:
    assert mentioned(text, NAMES) == {found}


@pytest.mark.parametrize(
    "text", ["@adam", "@bob7", "@bob2", "@adaé", "@77", "@ada\u0301", "@हिन्दीा"]
)
def test_a_name_ends_where_its_word_ends(text: str) -> None:
    assert mentioned(text, NAMES) == set()


@pytest.mark.parametrize(
    "text",
    ["someone@ada", "me@bob.example", "a7@ada", "é@ada", "e\u0301@ada", "नी@ada", "x@ada @nobody"],
)
def test_nobody_is_mentioned_in_an_address(text: str) -> None:
    assert mentioned(text, NAMES) == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@ADA", "ada"),
        ("@Ada Lovelace", "ada lovelace"),
        ("@e\u0301MILE", "émile"),
        ("\uff20\uff21da", "ada"),
        ("@李小龍", "李小龍"),
        ("@हिन्दी", "हिन्दी"),
    ],
)
def test_names_are_compared_as_they_always_are(text: str, found: str) -> None:
    assert mentioned(text, [name_key(name) for name in NAMES]) == {found}


@st.composite
def names(draw: st.DrawFn) -> str:
    """Names that an account can have."""
    text = draw(
        st.text(st.characters(categories=["L", "M", "N"]) | st.sampled_from("._- "), max_size=9)
    )
    try:
        return user_name(text or "a")
    except ValueError:
        return "a b"


@given(st.lists(names(), min_size=1), st.data())
def test_everybody_can_be_mentioned(accounts: list[str], data: st.DataObject) -> None:
    known = {name_key(name) for name in accounts}
    name = data.draw(st.sampled_from(accounts))
    text = f"So, @{name}: what do you think?"
    assert mentioned(text, known) == mentioned(to_prose(text), known) == {name_key(name)}


@pytest.mark.parametrize(
    "text",
    [
        "`@ada`",
        "``a ` @ada``",
        "a `b\n@ada` c",
        "```\n@ada\n```",
        "~~~python\n@ada",
        "    @ada",
        "> - ```\n>   @ada",
        "[x](https://example.com/@ada)",
        '[x](https://example.com "@ada")',
        "[x]\n\n[x]: https://example.com/@ada",
    ],
)
def test_nobody_is_mentioned_in_code_or_where_a_link_leads(text: str) -> None:
    assert mentioned(to_prose(text), NAMES) == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("`@bob` @ada", {"ada"}),
        ("`x`@ada", {"ada"}),
        ("\\`@ada\\`", {"ada"}),
        ("`@ada", {"ada"}),
        ("**@ada** _@bob_", {"ada", "bob"}),
        ("# @ada\n\n- @bob\n\n> @x_y", {"ada", "bob", "x_y"}),
        ("[@ada](https://example.com)", {"ada"}),
        ("![@ada](https://example.com)", {"ada"}),
        ("a\n@ada\n@bob", {"ada", "bob"}),
        ("<b>@ada</b>", {"ada"}),
        ("@ada lovelace", {"ada lovelace"}),
    ],
)
def test_in_all_other_text_people_are_mentioned(text: str, found: set[str]) -> None:
    assert mentioned(to_prose(text), NAMES) == found


@given(st.text(), st.lists(names()))
def test_only_those_are_found_who_are_known_and_written(text: str, accounts: list[str]) -> None:
    known = {name_key(name) for name in accounts}
    found = mentioned(text, known)
    assert found <= known
    assert all(f"@{name}" in name_key(text) for name in found)
