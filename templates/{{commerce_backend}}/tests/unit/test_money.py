"""Money: the minor unit of each currency, the one rule for rounding, the tax within a price."""

import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from moneyed import CURRENCIES

from app.money import (
    AMOUNT,
    Money,
    check_amount,
    check_currency,
    from_thousandths,
    included_tax,
    minor_unit,
    plain,
    rounded,
    total,
)

UNITS = {"EUR": "0.01", "JPY": "1", "KWD": "0.001"}

currencies = st.sampled_from(sorted(UNITS))
amounts = st.decimals(0, 10**9, places=5, allow_nan=False, allow_infinity=False)
rates = st.decimals(0, Decimal("99.99"), places=2)


def money(text: str) -> Money:
    amount, currency = text.split()
    return Money(Decimal(amount), currency)


@pytest.mark.parametrize(("code", "unit"), UNITS.items())
def test_each_currency_has_its_smallest_amount(code: str, unit: str) -> None:
    assert minor_unit(CURRENCIES[code]) == Decimal(unit)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1.004 EUR", "1.00 EUR"),
        ("1.005 EUR", "1.01 EUR"),
        ("1.025 EUR", "1.03 EUR"),  # and not to the even digit, as Python's round does
        ("1.00499999 EUR", "1.00 EUR"),
        ("-1.005 EUR", "-1.01 EUR"),
        ("0.5 JPY", "1 JPY"),
        ("1.49 JPY", "1 JPY"),
        ("2.5 JPY", "3 JPY"),
        ("0.0005 KWD", "0.001 KWD"),
        ("0.0004 KWD", "0.000 KWD"),
    ],
)
def test_a_half_goes_away_from_zero(written: str, expected: str) -> None:
    result = rounded(money(written))
    assert result == money(expected)
    assert plain(result) == expected.split(maxsplit=1)[0]


@given(amounts, currencies)
def test_rounding_moves_an_amount_by_half_a_unit_at_the_most(
    amount: Decimal, currency: str
) -> None:
    before = Money(amount, currency)
    after = rounded(before)
    unit = minor_unit(before.currency)
    assert after.currency == before.currency
    assert after.amount % unit == 0
    assert abs(after.amount - amount) <= unit / 2
    assert rounded(after) == after


@pytest.mark.parametrize(
    ("gross", "rate", "tax"),
    [
        ("119.00 EUR", "19", "19.00 EUR"),
        ("12.50 EUR", "19", "2.00 EUR"),  # 1.9957...
        ("9.99 EUR", "7", "0.65 EUR"),  # 0.6535...
        ("0.01 EUR", "19", "0.00 EUR"),
        ("0.03 EUR", "20", "0.01 EUR"),  # 0.005, a half
        ("12.50 EUR", "0", "0.00 EUR"),
        ("10.00 EUR", "99.99", "5.00 EUR"),  # 4.99975
        ("11 JPY", "10", "1 JPY"),
        ("1000 JPY", "8", "74 JPY"),  # 74.07...
        ("1.234 KWD", "5", "0.059 KWD"),  # 0.0587...
    ],
)
def test_the_tax_within_a_price(gross: str, rate: str, tax: str) -> None:
    assert included_tax(money(gross), Decimal(rate)) == money(tax)


@given(amounts, currencies, rates)
def test_net_and_tax_are_the_price_and_tax_is_the_rate_of_net(
    amount: Decimal, currency: str, rate: Decimal
) -> None:
    gross = rounded(Money(amount, currency))
    tax = included_tax(gross, rate)
    net = gross - tax
    unit = minor_unit(gross.currency)
    assert Decimal(0) <= tax.amount <= gross.amount
    # As near as whole units allow: one unit of tax more or less would not be nearer.
    assert abs(net.amount * rate / 100 - tax.amount) <= unit


@given(st.lists(amounts, max_size=20), currencies)
def test_a_total_is_the_sum_in_whatever_order(found: list[Decimal], currency: str) -> None:
    each = [Money(amount, currency) for amount in found]
    assert total(each, currency) == total(reversed(each), currency)
    assert total(each, currency).amount == sum(found)


def test_the_total_of_nothing_is_zero_of_its_currency() -> None:
    assert total([], "JPY") == Money(0, "JPY")


def test_two_currencies_cannot_be_added() -> None:
    with pytest.raises(TypeError):
        total([money("1 EUR"), money("1 JPY")], "EUR")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("12.5 EUR", "12.50"),
        ("12.500 EUR", "12.50"),  # as it comes from a column of three places
        ("1E+3 EUR", "1000.00"),
        ("0 EUR", "0.00"),
        ("99999999999.99 EUR", "99999999999.99"),
        ("1200.000 JPY", "1200"),
        ("1.5 KWD", "1.500"),
    ],
)
def test_an_amount_is_written_with_the_digits_of_its_currency(written: str, text: str) -> None:
    assert plain(money(written)) == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("12.5 EUR", "€12.50"),
        ("1234567.891 EUR", "€1,234,567.89"),
        ("0 EUR", "€0.00"),
        ("1200 JPY", "¥1,200"),
    ],
)
def test_people_read_an_amount_in_english_whatever_the_machine_speaks(
    written: str, text: str
) -> None:
    assert str(money(written)) == text


@given(st.from_regex(re.compile(AMOUNT.replace("$", r"\Z"), re.ASCII)), st.just("KWD"))
def test_whatever_is_taken_as_an_amount_is_one_to_the_last_digit(text: str, currency: str) -> None:
    assert Decimal(plain(Money(Decimal(text), currency))) == Decimal(text)


@pytest.mark.parametrize("code", ["CHF", "EUR", "GBP", "JPY", "KWD", "USD"])
def test_currencies_that_the_shop_sells_in_are_taken(code: str) -> None:
    check_currency(code)


@pytest.mark.parametrize(
    "code",
    [
        "SEK",
        "XAU",  # gold
        "XYZ",
        "eur",
        "EU",
        "EURO",
        "",
        "€",
    ],
)
def test_what_is_no_currency_for_the_shop_is_refused(code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        check_currency(code)
    assert caught.value.messages == [
        "Give the code of a currency that we sell in: CHF, EUR, GBP, JPY, KWD, USD."
    ]


@pytest.mark.parametrize("text", ["0.01 EUR", "99999999999.99 EUR", "1 JPY", "0.001 KWD"])
def test_whole_minor_units_above_zero_are_prices(text: str) -> None:
    check_amount(money(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 EUR", "A price must be above zero."),
        ("-1 EUR", "A price must be above zero."),
        ("0.001 EUR", "The smallest amount of EUR is 0.01."),
        ("1.005 EUR", "The smallest amount of EUR is 0.01."),
        ("0.5 JPY", "The smallest amount of JPY is 1."),
        ("0.0001 KWD", "The smallest amount of KWD is 0.001."),
    ],
)
def test_what_is_no_price_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        check_amount(money(text))
    assert caught.value.messages == [message]


@pytest.mark.parametrize(
    ("thousandths", "expected"),
    [(None, "0 EUR"), (0, "0 EUR"), (12_500, "12.50 EUR"), (1, "0.001 EUR")],
)
def test_thousandths_are_read_exactly(thousandths: int | None, expected: str) -> None:
    assert from_thousandths(thousandths, "EUR") == money(expected)
