"""Permissions: everybody reads, and who writes needs a right."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from support import Api, Routes, assert_problem, member

from app.accounts.models import User
from app.core.permissions import writers

pytestmark = pytest.mark.django_db


class View(APIView):
    permission_classes = (writers(POST="accounts.add_user"),)

    def get(self, _request: Request) -> Response:
        return Response({})

    post = delete = get


@pytest.fixture(autouse=True)
def routes(settings: Any) -> None:
    """A view that writes."""
    settings.ROOT_URLCONF = Routes(things=View.as_view())


def test_everybody_reads(api: Api) -> None:
    assert api.get("/things").status_code == 200


def test_who_is_nobody_is_asked_who_they_are(api: Api) -> None:
    assert_problem(
        api.post("/things"),
        401,
        "not_authenticated",
        "Sign in: the header Authorization is missing.",
    )


def test_who_has_no_right_is_refused(api: Api) -> None:
    member()
    api.sign_in("ada@example.com")
    assert_problem(api.post("/things"), 403, "permission_denied", "You may not do this.")


def give(user: User) -> None:
    user.user_permissions.add(Permission.objects.get(codename="add_user"))


def test_who_is_staff_and_has_the_right_may(api: Api) -> None:
    give(member(is_staff=True))
    api.sign_in("ada@example.com")
    assert api.post("/things").status_code == 200


def test_rights_are_for_staff_alone(api: Api) -> None:
    give(member())
    api.sign_in("ada@example.com")
    assert api.post("/things").status_code == 403


def test_what_nobody_thought_of_is_nobodys(api: Api) -> None:
    member(is_staff=True, is_superuser=True)
    api.sign_in("ada@example.com")
    assert api.send("DELETE", "/things").status_code == 403


def test_what_the_view_does_not_know_is_a_405_whoever_asks(api: Api) -> None:
    assert api.send("PUT", "/things").status_code == 405
