"""Order numbers: their form, their alphabet, and that they do not count up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.orders.numbers import ALPHABET, is_number, new_number


def test_a_number_has_three_groups_of_characters_that_are_not_misread() -> None:
    for _ in range(200):
        number = new_number()
        assert is_number(number)
        assert [len(group) for group in number.split("-")] == [4, 4, 4]
        assert not set(number) & set("ILOU")


def test_the_alphabet_gives_five_bits_for_each_character() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 32


def test_numbers_do_not_repeat_or_count_up() -> None:
    numbers = [new_number() for _ in range(1000)]
    assert len(set(numbers)) == 1000
    assert numbers != sorted(numbers)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7K3M-9QXA",
        "7K3M9QXA2F0B",
        "7k3m-9qxa-2f0b",
        "7K3M-9QXA-2F0I",
        "7K3M-9QXA-2F0B-",
        "7K3M-9QXA-2F0B\n",
        " 7K3M-9QXA-2F0B",
        "7K3M-9QXA-2F0\0",
        "7K3M-9QXA-2F0\u0663",
    ],
)
def test_other_texts_are_no_numbers(text: str) -> None:
    assert not is_number(text)


@given(st.text())
def test_whatever_else_there_is_can_be_asked_about(text: str) -> None:
    assert not is_number(text)
