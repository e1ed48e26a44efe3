"""Searching tasks: word forms, all words, and that no character is special."""

import pytest
from databases import RolledBack
from httpx2 import AsyncClient
from team import Person, alone


@pytest.fixture
async def ada(client: AsyncClient) -> Person:
    """Somebody with a project."""
    return await alone(client)


async def test_a_word_is_found_in_any_of_its_forms(ada: Person) -> None:
    await ada.add("Testing databases")
    await ada.add("Gardening")
    for words in ("test", "tests", "TESTED", "testing", "database", "Databases test"):
        assert await ada.listed(q=words) == ["WEB-1"], words


async def test_all_words_must_be_there_in_the_title_or_in_the_description(ada: Person) -> None:
    await ada.add("Red dragon", description="Breathes fire.")
    await ada.add("Green dragon", description="A red flag.")
    await ada.add("Green unicorn")
    assert await ada.listed(q="dragon red") == ["WEB-1", "WEB-2"]
    assert await ada.listed(q="red fire") == ["WEB-1"]
    assert await ada.listed(q="green") == ["WEB-2", "WEB-3"]
    assert await ada.listed(q="green fire") == []
    assert await ada.listed(q="phoenix") == []


async def test_frequent_words_are_words_like_others(ada: Person) -> None:
    """PostgreSQL would skip them, and with them all that was searched for."""
    await ada.add("The dragon")
    await ada.add("To be or not to be", description="The question.")
    await ada.add("Unicorn")
    assert await ada.listed(q="the") == ["WEB-1", "WEB-2"]
    assert await ada.listed(q="to be") == ["WEB-2"]
    assert await ada.listed(q="the unicorn") == []


async def test_a_task_is_found_by_its_key_and_so_is_what_names_it(ada: Person) -> None:
    await ada.start("APP")
    await ada.add("One")
    await ada.add("Two", description="After WEB-1.")
    await ada.add("Three", project="APP")
    for words in ("WEB-1", " web-1 "):
        assert await ada.listed(q=words) == ["WEB-1", "WEB-2"]
        assert await ada.listed(q=words, limit=1, sort="-created") == ["WEB-2", "WEB-1"]
    assert await ada.listed(q="WEB-1", status="done") == []
    assert await ada.listed(q="WEB-2") == ["WEB-2"]
    assert await ada.listed(q="WEB-9") == []
    assert await ada.listed(q="APP-1") == []
    assert await ada.listed("APP", q="WEB-1") == []


async def test_what_is_found_comes_in_the_sort_that_is_asked_for_page_by_page(
    ada: Person,
) -> None:
    for number in range(5):
        await ada.add(f"Dragon {number}", priority="high" if number == 3 else "low")
        await ada.add("Unicorn")
    for limit in (1, 2, 100):
        found = await ada.listed(q="dragon", sort="-priority", limit=limit)
        assert found == ["WEB-7", "WEB-9", "WEB-5", "WEB-3", "WEB-1"]


async def test_a_changed_or_removed_task_is_found_by_its_new_words_alone(
    ada: Person, database: RolledBack
) -> None:
    await ada.add("Dragon", description="Wyvern.")
    await ada.change("WEB-1", title="Unicorn")
    assert await ada.listed(q="dragon") == []
    assert await ada.listed(q="unicorn wyvern") == ["WEB-1"]
    await ada.change("WEB-1", description="Griffin.", status="in_progress", labels=["x"])
    assert await ada.listed(q="wyvern") == []
    assert await ada.listed(q="unicorn griffin") == ["WEB-1"]
    async with database.undone():
        await ada.change("WEB-1", title="Phoenix")
        assert await ada.listed(q="phoenix") == ["WEB-1"]
    assert await ada.listed(q="phoenix") == []
    await ada.remove("WEB-1")
    assert await ada.listed(q="unicorn") == []
    # The row of the next task may have the number of the one that was removed.
    await ada.add("Basilisk")
    assert await ada.listed(q="unicorn") == []
    assert await ada.listed(q="basilisk") == ["WEB-2"]


# What has a meaning in FTS5 or in a tsquery; each with a word that the first task has.
SPECIAL = [
    *("dragon", '"dragon"', '"dragon', 'dragon"', 'dragon "" dragon', "dragon*", "^dragon"),
    *("-dragon", "+dragon", "(dragon)", "(dragon", "dragon)", "dragon:*", "dragon!", "!dragon"),
    *("dragon;", "'dragon'", "\\dragon\\", "dragon\t\r\n", "  dragon  "),
]


async def test_punctuation_has_no_meaning(ada: Person) -> None:
    await ada.add("The dragon")
    await ada.add("The unicorn")
    found = {words: await ada.listed(q=words) for words in SPECIAL}
    assert found == {words: ["WEB-1"] for words in SPECIAL}


# Operators as words: they must neither fail nor find what they would as operators.
OPERATORS = [
    *("dragon OR unicorn", "dragon NEAR unicorn", "NEAR(dragon unicorn, 5)"),
    *("title:unicorn dragon", "unicorn & dragon", "unicorn | dragon", "unicorn <-> dragon"),
    *("{title description}: unicorn dragon", "dragon AND unicorn NOT red"),
]
NO_WORDS = ["", " ", '"', '""', "'", "*", "-", "\U0001f600", "%", "_", "\\", "()", "\u200b", ":"]


async def test_operators_are_words_like_others(ada: Person) -> None:
    await ada.add("The dragon")
    await ada.add("The unicorn")
    found = {words: await ada.listed(q=words) for words in OPERATORS}
    assert found == {words: [] for words in OPERATORS}


async def test_what_is_no_word_finds_nothing(ada: Person) -> None:
    await ada.add("Hello \U0001f600", description="Of the world.")
    found = {words: await ada.listed(q=words) for words in NO_WORDS}
    assert found == {words: [] for words in NO_WORDS}


async def test_words_of_any_script_are_found(ada: Person) -> None:
    await ada.add("\u00dcber B\u00fccher")
    await ada.add("\u0412\u043e\u0439\u043d\u0430")
    assert await ada.listed(q="b\u00fccher") == ["WEB-1"]
    assert await ada.listed(q="\u0412\u041e\u0419\u041d\u0410") == ["WEB-2"]


async def test_a_task_of_the_greatest_size_can_be_written_and_found(ada: Person) -> None:
    words = " ".join(f"w{number:05}" for number in range(7142))
    await ada.add("Long", description=f"{words} zebra"[:50_000])
    assert await ada.listed(q="zebra w00042") == ["WEB-1"]
