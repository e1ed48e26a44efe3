"""Money: an exact decimal amount in a currency, and the one rule for rounding.

Amounts are those of py-moneyed, which refuse to be added to another currency. In the database an
amount and its currency are two columns; in the API they are an object, with the amount as text,
because numbers in JSON are floating point to most who read them.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, F, Sum
from django.db.models.functions import Cast, Round
from moneyed import Currency
from moneyed import Money as PyMoney
from moneyed.l10n import format_money

MAX_DIGITS = 14
DECIMAL_PLACES = 3
"""Of columns. Most currencies have two; some, such as the Kuwaiti dinar, have three."""

WHOLE_DIGITS = MAX_DIGITS - DECIMAL_PLACES
AMOUNT = rf"^[0-9]{{1,{WHOLE_DIGITS}}}(?:\.[0-9]{{1,{DECIMAL_PLACES}}})?$"
"""An amount as text: as many digits as the database has room for."""

_SCALE = 10**DECIMAL_PLACES
_HUNDRED = Decimal(100)
_LOCALE = "en"


class Money(PyMoney):
    """An exact amount in a currency."""

    def __str__(self) -> str:
        """Write it for people: `€12.50`. Else it would be as the machine's locale has it."""
        return format_money(self, locale=_LOCALE)


def minor_unit(currency: Currency) -> Decimal:
    """The smallest amount of a currency, by Unicode's CLDR: 0.01 euro, 1 yen."""
    return Decimal(1).scaleb(-get_currency_precision(currency.code))


def rounded(money: Money) -> Money:
    """Round to the minor unit; a half goes away from zero, as people do on paper."""
    unit = minor_unit(money.currency)
    return Money(money.amount.quantize(unit, ROUND_HALF_UP), money.currency)


def included_tax(gross: Money, rate: Decimal) -> Money:
    """The tax that a price includes.

    It is the only amount here that does not come out even, so it is rounded: for each line of an
    order, not for each piece, so that the error does not grow with the quantity.

    Args:
        gross: What the customer pays.
        rate: In percent.
    """
    return rounded(gross * (rate / (_HUNDRED + rate)))


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of amounts, all in one currency; zero where there are none."""
    return sum(amounts, start=Money(0, currency))


def plain(money: Money) -> str:
    """Write an amount with the digits that its currency has: `12.50`."""
    return str(money.amount.quantize(minor_unit(money.currency)))


def check_currency(code: str) -> None:
    """Check that the shop sells in a currency: those of the setting CURRENCIES.

    Raises:
        ValidationError: It does not.
    """
    if code not in settings.CURRENCIES:
        known = ", ".join(settings.CURRENCIES)
        raise ValidationError(f"Give the code of a currency that we sell in: {known}.", "currency")


def check_amount(money: Money) -> None:
    """Check that an amount can be a price.

    Raises:
        ValidationError: It is not above zero, or finer than its currency's minor unit.
    """
    if money.amount <= 0:
        raise ValidationError("A price must be above zero.", "price")
    if money.amount % minor_unit(money.currency):
        unit = minor_unit(money.currency)
        raise ValidationError(f"The smallest amount of {money.currency} is {unit}.", "price")


def exact_sum(column: str) -> Sum:
    """Sum a column of amounts in the database, exactly: in thousandths, as integers.

    SQLite stores decimals as floating point. Each comes back right, for 14 digits fit; a sum of
    many need not. Read the result with `from_thousandths`.
    """
    return Sum(Cast(Round(F(column) * _SCALE), BigIntegerField()))


def from_thousandths(value: int | None, currency: str) -> Money:
    """Make money of what `exact_sum` gave."""
    return Money(Decimal(value or 0) / _SCALE, currency)
