"""The OpenAPI document: what is found out about a view, and what is added."""

from typing import Any

from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from app.accounts.models import User
from app.accounts.serializers import UserOutput
from app.core.fields import SlugField, TextField
from app.core.filters import Amount, Choice, FilterSet, Flag, Ordering, Text, Whole
from app.core.openapi import errors
from app.core.pagination import LONGEST
from app.core.permissions import writers


class Filters(FilterSet):
    search = Text(field_name="name", max_length=7, help_text="Words of the name.")
    staff = Flag(field_name="is_staff")
    kind = Choice(["human", "robot"], field_name="name")
    price = Amount(field_name="name", digits=3, places=1)
    age = Whole(field_name="name", digits=2)
    ordering = Ordering({"name": ["name"], "-name": ["-name"]}, default="name")


class People(ListAPIView[User]):
    """People."""

    permission_classes = (AllowAny,)
    serializer_class = UserOutput
    queryset = User.objects.all()
    filterset_class = Filters


class Input(serializers.Serializer[Any]):
    name = TextField(max_length=9)
    note = TextField(max_length=9, allow_blank=True, required=False)
    slug = SlugField()


class Person(APIView):
    """One of them."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(responses=UserOutput)
    def get(self, request: Request, number: int) -> Response:
        """Get one."""
        raise NotImplementedError

    @extend_schema(request=Input, responses={200: UserOutput, **errors(403, 409)})
    def patch(self, request: Request, number: int) -> Response:
        """Change one."""
        raise NotImplementedError


class Shelf(APIView):
    """What everybody reads and some may write."""

    permission_classes = (writers(PATCH="accounts.change_user"),)

    @extend_schema(responses=UserOutput)
    def get(self, request: Request) -> Response:
        """Get it."""
        raise NotImplementedError

    @extend_schema(request=Input, responses=UserOutput)
    def patch(self, request: Request) -> Response:
        """Change it."""
        raise NotImplementedError


def document() -> Any:
    generator: Any = SchemaGenerator
    patterns = [
        path("api/tall-people", People.as_view()),
        path("api/people/<int:number>", Person.as_view()),
        path("api/shelf", Shelf.as_view()),
    ]
    return generator(patterns=patterns).get_schema(request=None, public=True)


def listing() -> Any:
    return document()["paths"]["/api/tall-people"]["get"]


def test_operations_are_named_by_what_is_done_and_to_what() -> None:
    person = document()["paths"]["/api/people/{number}"]
    names = [listing(), person["get"], person["patch"]]
    assert [each["operationId"] for each in names] == [
        "list_tall_people",
        "retrieve_people",
        "update_people",
    ]


def test_each_operation_lists_the_errors_that_it_can_answer() -> None:
    person = document()["paths"]["/api/people/{number}"]
    found = [sorted(each["responses"]) for each in (listing(), person["get"], person["patch"])]
    assert found == [
        ["200", "400", "401", "503"],
        ["200", "401", "404", "503"],
        ["200", "400", "401", "403", "404", "409", "413", "415", "503"],
    ]


def test_where_signing_in_is_optional_a_bad_token_is_an_error_all_the_same() -> None:
    assert listing()["security"] == [{"Bearer": []}, {}]


def test_what_everybody_reads_asks_for_signing_in_to_be_changed_alone() -> None:
    shelf = document()["paths"]["/api/shelf"]
    assert shelf["get"]["security"] == [{"Bearer": []}, {}]
    assert shelf["patch"]["security"] == [{"Bearer": []}]


def test_parameters_are_described_as_they_are_read() -> None:
    found = {each["name"]: each["schema"] for each in listing()["parameters"]}
    int32 = {"type": "integer", "format": "int32", "maximum": 2**31 - 1}
    assert found == {
        "limit": {**int32, "minimum": 1, "default": 20},
        "offset": {**int32, "minimum": 0, "default": 0},
        "search": {"type": "string", "maxLength": 7, "pattern": r"^[^\u0000]*$"},
        "staff": {"type": "boolean"},
        "kind": {"type": "string", "enum": ["human", "robot"]},
        "price": {"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,1})?$"},
        "age": {"type": "integer", "minimum": 0, "maximum": 99},
        "ordering": {"type": "string", "enum": ["-name", "name"], "default": "name"},
    }
    assert not any(each.get("required") for each in listing()["parameters"])


def test_fields_are_described_as_they_are_checked() -> None:
    described = document()["components"]["schemas"]["Input"]
    assert described["properties"] == {
        "name": {
            "type": "string",
            "maxLength": 9,
            "pattern": r"^[^\u0000]*[^\u0000\s\u001c-\u001f\u0085\ufeff][^\u0000]*$",
        },
        "note": {"type": "string", "maxLength": 9, "pattern": r"^[^\u0000]*$"},
        "slug": {"type": "string", "pattern": "^[a-z0-9]+(?:-[a-z0-9]+)*$"},
    }
    assert described["required"] == ["name", "slug"]


def test_a_list_is_described_with_its_bounds() -> None:
    content = listing()["responses"]["200"]["content"]["application/json"]["schema"]
    name = content["$ref"].rpartition("/")[2]
    described = document()["components"]["schemas"][name]
    assert described["required"] == ["count", "results"]
    assert described["properties"]["results"] == {
        "type": "array",
        "maxItems": LONGEST,
        "items": {"$ref": "#/components/schemas/UserOutput"},
    }


def test_problems_are_described_once() -> None:
    found = document()
    problem = found["components"]["schemas"]["Problem"]
    assert problem["required"] == ["type", "title", "status", "detail", "code", "errors"]
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    assert listing()["responses"]["400"]["content"] == {"application/problem+json": reference}
