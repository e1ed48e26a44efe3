"""Filters for lists that refuse what they do not understand.

django-filter's own take an unknown parameter, an empty value or `maybe` for a yes or no as if it
had not been there, and a client that mistyped something gets a list that looks right.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django_filters import filters
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.rest_framework import FilterSet as DjangoFilterSet
from drf_spectacular.drainage import set_override
from rest_framework.request import Request
from rest_framework.views import APIView

from app.core.errors import FieldProblem
from app.core.validation import invalid_fields

AnyQuerySet = QuerySet[Any]

_UNKNOWN = "has a parameter that this address does not know"
_TWICE = "must not be given twice"
_EMPTY = "must not be empty"
_NOT_A_CHOICE = "must be one of the values that the documentation lists"


class FilterSet(DjangoFilterSet):
    """The parameters of a list. The form that reads them is made once, not with each request."""

    form_class: ClassVar[type[forms.Form]]

    def get_form_class(self) -> type[forms.Form]:
        """Return the form."""
        kind = type(self)
        # Its own, not one that it inherits: a subclass has more parameters.
        if "form_class" not in vars(kind):
            kind.form_class = super().get_form_class()
        return kind.form_class


class FilterBackend(DjangoFilterBackend):
    """Narrows and orders a list by the view's `filterset_class`, or says what is wrong.

    A view that takes further parameters names them in `query_parameters`.
    """

    def filter_queryset(self, request: Any, queryset: AnyQuerySet, view: APIView) -> AnyQuerySet:
        """Return what was asked for.

        Raises:
            BadRequestError: Something in the query is wrong.
        """
        filterset = self.get_filterset(request, queryset, view)
        fields = {} if filterset is None else filterset.form.fields
        problems = list(_problems(request, set(fields) | _parameters(view), fields))
        if filterset is None:
            found = queryset
        elif filterset.is_valid():
            found = filterset.qs
        else:
            named = {problem.field for problem in problems}
            problems += [
                FieldProblem(name, _words(error))
                for name, errors in filterset.form.errors.as_data().items()
                for error in errors[:1]
                if name not in named
            ]
        if problems:
            raise invalid_fields(problems)
        return found


def _parameters(view: APIView) -> set[str]:
    paging = getattr(getattr(view, "pagination_class", None), "parameters", ())
    return {*paging, *getattr(view, "query_parameters", ())}


def _problems(
    request: Request, known: set[str], fields: Mapping[str, forms.Field]
) -> Sequence[FieldProblem]:
    problems = []
    for name, values in request.query_params.lists():
        if name not in known:
            # Without its name, which may be anything.
            problems.append(FieldProblem("", _UNKNOWN))
        elif len(values) > 1:
            problems.append(FieldProblem(name, _TWICE))
        elif values == [""] and not isinstance(fields.get(name), TextField | None):
            problems.append(FieldProblem(name, _EMPTY))
    return problems


def _words(error: ValidationError) -> str:
    if error.code == "invalid_choice":
        return _NOT_A_CHOICE
    return " ".join(error.messages)


class TextField(forms.CharField):
    """Text in a query; without any, it is as if the parameter were not there."""


class PatternField(forms.Field):
    """A value that is written in one way only."""

    def __init__(self, *, pattern: str, message: str, **options: Any) -> None:
        super().__init__(**options)
        self._pattern = re.compile(pattern)
        self._message = message

    def to_python(self, value: Any) -> Any:
        """Check how it is written."""
        if value in self.empty_values:
            return None
        if not self._pattern.fullmatch(value):
            raise ValidationError(self._message)
        return self.read(value)

    def read(self, value: str) -> Any:
        """Turn what is written into what is meant."""
        return value


class _DecimalField(PatternField):
    def read(self, value: str) -> Decimal:
        return Decimal(value)


class _WholeField(PatternField):
    def read(self, value: str) -> int:
        return int(value)


class _FlagField(PatternField):
    def read(self, value: str) -> bool:
        return value == "true"


class Text(filters.CharFilter):
    """Words to look for."""

    field_class = TextField

    def __init__(self, *, max_length: int = 100, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)
        schema = {"type": "string", "maxLength": max_length, "pattern": r"^[^\u0000]*$"}
        _describe(self, schema)


class Amount(filters.Filter):
    """A decimal number that is not negative, written as in bodies: `12.50`.

    Args:
        digits: How many digits there may be before the point.
        places: How many there may be behind it.
        **options: As for other filters.
    """

    field_class = _DecimalField

    def __init__(self, *, digits: int = 10, places: int = 2, **options: Any) -> None:
        pattern = rf"[0-9]{{1,{digits}}}(\.[0-9]{{1,{places}}})?"
        super().__init__(
            pattern=pattern,
            message=f"must be a number with at most {places} decimal places, such as 12.50",
            **options,
        )
        _describe(self, {"type": "string", "pattern": f"^{pattern}$"})


class Whole(filters.Filter):
    """A whole number that is not negative.

    Args:
        digits: How many digits it may have.
        **options: As for other filters.
    """

    field_class = _WholeField

    def __init__(self, *, digits: int = 9, **options: Any) -> None:
        super().__init__(
            pattern=f"[0-9]{{1,{digits}}}", message="must be a whole number", **options
        )
        _describe(self, {"type": "integer", "minimum": 0, "maximum": 10**digits - 1})


class Flag(filters.Filter):
    """Yes or no."""

    field_class = _FlagField

    def __init__(self, **options: Any) -> None:
        super().__init__(pattern="true|false", message="must be true or false", **options)
        _describe(self, {"type": "boolean"})


class Choice(filters.ChoiceFilter):
    """One of several values."""

    def __init__(self, values: Sequence[str], **options: Any) -> None:
        super().__init__(choices=[(value, value) for value in values], **options)
        _describe(self, {"type": "string", "enum": list(values)})


class Ordering(Choice):
    """In which order a list comes. Rows that are equal in it are ordered by their primary key.

    Without that, pages of one list could show a row twice, and another never.

    Args:
        orders: Which fields each name orders by, as for `QuerySet.order_by`.
        default: The name that counts where none is given.
    """

    def __init__(self, orders: Mapping[str, Sequence[str]], *, default: str) -> None:
        super().__init__(list(orders))
        self._orders = orders
        self._default = default
        _describe(self, {"type": "string", "enum": list(orders), "default": default})

    def filter(self, queryset: AnyQuerySet, value: str | None) -> AnyQuerySet:
        """Order the list."""
        return queryset.order_by(*self._orders[value or self._default], "pk")


def _describe(of: filters.Filter, schema: Mapping[str, Any]) -> None:
    set_override(of, "field", dict(schema))
