"""Searching articles: word forms, ranking, and that no character is special."""

import pytest
from blog import join
from httpx2 import AsyncClient


async def test_a_word_is_found_in_any_of_its_forms(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    await ada.write("Testing databases", body="Nothing else.")
    await ada.write("Gardening", body="Nothing else.")
    for words in ("test", "tests", "TESTED", "testing", "database", "Databases test"):
        assert await ada.listed(q=words) == (["testing-databases"], 1)


async def test_a_word_in_the_title_counts_for_more_than_one_in_the_text(
    client: AsyncClient,
) -> None:
    ada = await join(client, "ada")
    filler = "Words that nobody looks for. " * 20
    await ada.write("Dragons", description="d", body=filler)
    await ada.write("Second", description="About a dragon.", body=filler)
    await ada.write("Third", description="d", body=f"{filler} A dragon.")
    await ada.write("Fourth", description="d", body=filler)
    assert await ada.listed(q="dragon") == (["dragons", "second", "third"], 3)


async def test_frequent_words_are_words_like_others(client: AsyncClient) -> None:
    """PostgreSQL would skip them, and with them all that was searched for."""
    ada = await join(client, "ada")
    await ada.write("The dragon", description="d", body="b")
    await ada.write("Unicorn", description="d", body="b")
    assert await ada.listed(q="the") == (["the-dragon"], 1)
    assert await ada.listed(q="the unicorn") == ([], 0)


async def test_equally_good_matches_come_newest_first(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    for number in range(4):
        await ada.write(f"Dragon {number}", description="d", body="b")
    slugs = [f"dragon-{number}" for number in (3, 2, 1, 0)]
    assert await ada.listed(q="dragon") == (slugs, 4)
    assert await ada.listed(q="dragon", limit=2, offset=1) == (slugs[1:3], 4)


async def test_all_words_must_be_there(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    await ada.write("Red dragon")
    await ada.write("Green dragon")
    assert await ada.listed(q="dragon red") == (["red-dragon"], 1)
    assert await ada.listed(q="red green") == ([], 0)
    assert await ada.listed(q="unicorn") == ([], 0)


async def test_a_changed_or_removed_article_is_found_by_its_new_words_alone(
    client: AsyncClient,
) -> None:
    ada = await join(client, "ada")
    await ada.write("Hello", body="dragon")
    await ada.change("hello", body="unicorn")
    assert await ada.listed(q="dragon") == ([], 0)
    assert await ada.listed(q="unicorn") == (["hello"], 1)
    await ada.remove("hello")
    assert await ada.listed(q="unicorn") == ([], 0)


# What has a meaning in FTS5 or in a tsquery; each with a word that the article has.
SPECIAL = [
    "dragon",
    '"dragon"',
    '"dragon',
    'dragon"',
    'dragon "" dragon',
    "dragon*",
    "^dragon",
    "-dragon",
    "+dragon",
    "(dragon)",
    "(dragon",
    "dragon)",
    "dragon:*",
    "dragon!",
    "!dragon",
    "dragon;",
    "'dragon'",
    "\\dragon\\",
    "dragon\t\r\n",
    "  dragon  ",
]


@pytest.mark.parametrize("words", SPECIAL)
async def test_punctuation_has_no_meaning(client: AsyncClient, words: str) -> None:
    ada = await join(client, "ada")
    await ada.write("The dragon")
    await ada.write("The unicorn")
    assert await ada.listed(q=words) == (["the-dragon"], 1)


# Operators as words: they must neither fail nor find what they would as operators.
@pytest.mark.parametrize(
    "words",
    [
        "dragon OR unicorn",
        "dragon NEAR unicorn",
        "NEAR(dragon unicorn, 5)",
        "title:unicorn dragon",
        "unicorn & dragon",
        "unicorn | dragon",
        "unicorn <-> dragon",
        "{title body}: unicorn dragon",
        "dragon AND unicorn NOT red",
    ],
)
async def test_operators_are_words_like_others(client: AsyncClient, words: str) -> None:
    ada = await join(client, "ada")
    await ada.write("The dragon")
    await ada.write("The unicorn")
    assert await ada.listed(q=words) == ([], 0)


@pytest.mark.parametrize(
    "words",
    ["", " ", '"', '""', "'", "*", "-", "\U0001f600", "%", "_", "\\", "()", "\u200b", ":"],
)
async def test_what_is_no_word_finds_nothing(client: AsyncClient, words: str) -> None:
    ada = await join(client, "ada")
    await ada.write("Hello \U0001f600", body="Of the world.")
    assert await ada.listed(q=words) == ([], 0)


async def test_words_of_any_script_are_found(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    await ada.write("Über Bücher")
    await ada.write("Война и мир")
    assert await ada.listed(q="bücher") == (["uber-bucher"], 1)
    assert await ada.listed(q="ВОЙНА") == (["voina-i-mir"], 1)


async def test_an_article_of_the_greatest_size_can_be_written_and_found(
    client: AsyncClient,
) -> None:
    ada = await join(client, "ada")
    body = " ".join(f"w{number:05}" for number in range(14_285))[:99_990]
    await ada.write("Long", body=f"{body} zebra")
    assert await ada.listed(q="zebra w00042") == (["long"], 1)
