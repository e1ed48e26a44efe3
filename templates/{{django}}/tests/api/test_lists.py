"""Lists: parts of bounded size, filters and orders that refuse what they do not understand."""

from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django.db.models import QuerySet
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from support import Api, Routes, assert_invalid, member

from app.accounts.models import User
from app.accounts.serializers import UserOutput
from app.core.filters import Amount, Choice, FilterSet, Flag, Ordering, Text, Whole

pytestmark = pytest.mark.django_db

INT32 = 2**31 - 1
UNKNOWN = ("", "has a parameter that this address does not know")


class People(FilterSet):
    """Every kind of filter there is."""

    search = Text(field_name="name", lookup_expr="icontains")
    staff = Flag(field_name="is_staff")
    kind = Choice(["human", "robot"], method="keep")
    price = Amount(method="keep")
    age = Whole(method="keep")
    ordering = Ordering({"name": ["name"], "-name": ["-name"]}, default="name")

    seen: ClassVar[list[tuple[str, object]]] = []

    def keep(self, queryset: QuerySet[User], name: str, value: object) -> QuerySet[User]:
        """Remember what was asked for."""
        self.seen.append((name, value))
        return queryset


class PeopleView(ListAPIView[User]):
    """A list for anybody."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    serializer_class = UserOutput
    queryset = User.objects.all()
    filterset_class = People
    query_parameters = ("extra",)


class PlainView(ListAPIView[User]):
    """A list without filters."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    serializer_class = UserOutput
    queryset = User.objects.order_by("name", "pk")


@pytest.fixture(autouse=True)
def routes(settings: Any) -> None:
    """Lists of people."""
    settings.ROOT_URLCONF = Routes(people=PeopleView.as_view(), plain=PlainView.as_view())
    People.seen.clear()


def people(number: int) -> None:
    """So many people, whose names count up."""
    for each in range(number):
        User.objects.create(email=f"{each}@example.com", name=f"{each:03}")


def names(api: Api, query: str = "", path: str = "people") -> list[str]:
    response = api.get(f"/{path}?{query}")
    assert response.status_code == 200, response.content
    return [each["name"] for each in response.json()["results"]]


def test_a_list_says_how_many_there_are_in_all(api: Api) -> None:
    people(25)
    body = api.get("/people").json()
    assert body.keys() == {"count", "results"}
    assert (body["count"], len(body["results"])) == (25, 20)


@pytest.mark.parametrize("path", ["people", "plain"])
def test_parts_follow_each_other(api: Api, path: str) -> None:
    people(7)
    parts = [names(api, f"limit=3&offset={offset}", path) for offset in (0, 3, 6, 9)]
    assert parts == [["000", "001", "002"], ["003", "004", "005"], ["006"], []]


def test_more_than_the_most_is_the_most(api: Api) -> None:
    people(101)
    assert len(names(api, "limit=101")) == len(names(api, f"limit={INT32}")) == 100


def test_what_begins_behind_the_end_is_not_looked_for(
    api: Api, django_assert_num_queries: Any
) -> None:
    people(1)
    with django_assert_num_queries(1):
        assert names(api, f"offset={INT32}") == []


@pytest.mark.parametrize("path", ["people", "plain"])
@pytest.mark.parametrize(
    "value", ["-1", "x", "1.0", "1e2", "+1", "%20", "\u0663", str(INT32 + 1), "9" * 5000, "0x1"]
)
@pytest.mark.parametrize(("name", "least"), [("limit", 1), ("offset", 0)])
def test_what_is_no_number_is_refused(
    api: Api, path: str, name: str, least: int, value: str
) -> None:
    message = f"must be a whole number from {least} to {INT32}"
    assert_invalid(api.get(f"/{path}?{name}={value}"), (name, message))


def test_nothing_at_all_cannot_be_asked_for(api: Api) -> None:
    assert_invalid(
        api.get("/people?limit=0"), ("limit", f"must be a whole number from 1 to {INT32}")
    )


def test_rows_that_are_equal_have_an_order_too(api: Api) -> None:
    for number in range(9):
        User.objects.create(email=f"{number}@example.com", name="same")
    pages = [
        [each["id"] for each in api.get(f"/people?limit=3&offset={offset}").json()["results"]]
        for offset in (0, 3, 6)
    ]
    assert len({identifier for page in pages for identifier in page}) == 9


def test_the_order_can_be_chosen(api: Api) -> None:
    people(3)
    assert names(api, "ordering=-name") == ["002", "001", "000"]
    assert names(api, "ordering=name") == names(api) == ["000", "001", "002"]


def test_filters_narrow_a_list(api: Api) -> None:
    member("a@example.com", name="Ada", is_staff=True)
    member("g@example.com", name="Grace")
    assert names(api, "search=AD") == names(api, "staff=true") == ["Ada"]
    assert names(api, "staff=false") == ["Grace"]
    assert names(api, "search=") == names(api, "extra=1") == ["Ada", "Grace"]


def test_values_are_read_as_they_are_meant(api: Api) -> None:
    names(api, "kind=robot&price=012.50&age=7")
    assert People.seen == [("kind", "robot"), ("price", Decimal("12.50")), ("age", 7)]


CHOICE = "must be one of the values that the documentation lists"
PRICE = "must be a number with at most 2 decimal places, such as 12.50"
WHOLE = "must be a whole number"
FLAG = "must be true or false"
EMPTY = "must not be empty"


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("staff=maybe", "staff", FLAG),
        ("staff=True", "staff", FLAG),
        ("staff=1", "staff", FLAG),
        ("staff=", "staff", EMPTY),
        ("kind=<script>", "kind", CHOICE),
        ("kind=", "kind", EMPTY),
        ("ordering=password", "ordering", CHOICE),
        ("ordering=name,-name", "ordering", CHOICE),
        ("ordering=", "ordering", EMPTY),
        ("price=-1", "price", PRICE),
        ("price=1.005", "price", PRICE),
        ("price=1e3", "price", PRICE),
        ("price=NaN", "price", PRICE),
        ("price=1_000", "price", PRICE),
        ("price=%201", "price", PRICE),
        ("price=12345678901", "price", PRICE),
        ("price=\u0661", "price", PRICE),
        ("price=1%0a", "price", PRICE),
        ("price=", "price", EMPTY),
        ("age=1.5", "age", WHOLE),
        ("age=-1", "age", WHOLE),
        (f"age={'9' * 50}", "age", WHOLE),
        ("staff=true&staff=true", "staff", "must not be given twice"),
        ("limit=1&limit=2", "limit", "must not be given twice"),
        ("search=a%00b", "search", "Null characters are not allowed."),
    ],
)
def test_what_is_not_understood_is_refused(api: Api, query: str, field: str, message: str) -> None:
    assert_invalid(api.get(f"/people?{query}"), (field, message))


def test_text_that_is_too_long_is_refused(api: Api) -> None:
    response = api.get(f"/people?search={'x' * 101}")
    assert response.status_code == 400
    assert [problem["field"] for problem in response.json()["errors"]] == ["search"]


@pytest.mark.parametrize("path", ["people", "plain"])
@pytest.mark.parametrize("query", ["nonsense=1", "Limit=1", "page=2", "is_staff=true"])
def test_an_unknown_parameter_is_refused_and_not_repeated(api: Api, path: str, query: str) -> None:
    assert_invalid(api.get(f"/{path}?{query}"), UNKNOWN)


def test_all_that_is_wrong_is_told_at_once(api: Api) -> None:
    response = api.get("/people?staff=maybe&price=&nonsense=1")
    fields = [problem["field"] for problem in response.json()["errors"]]
    assert sorted(fields) == ["", "price", "staff"]
