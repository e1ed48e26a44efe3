"""When something is at fault that is no client's: 500 and 503, and what they give away."""

from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from django.db import connection
from django.db.utils import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView
from support import Api, Routes, assert_problem

from app.core.problems import SERVER_FAULT, UNAVAILABLE

ORIGIN = "https://front.example"
SECRET_DETAIL = "password=hunter2"

Settings = Any
Failing = Callable[[Exception], None]


@pytest.fixture(params=["a view of REST framework", "a view of Django"])
def failing(settings: Settings, request: pytest.FixtureRequest) -> Failing:
    """Mount a view at /fails that raises an error."""

    def mount(error: Exception) -> None:
        class View(APIView):
            authentication_classes = ()
            permission_classes = (AllowAny,)

            def get(self, _request: Request) -> NoReturn:
                raise error

        def view(_request: HttpRequest) -> NoReturn:
            raise error

        of_django = request.param == "a view of Django"
        settings.ROOT_URLCONF = Routes(fails=view if of_django else View.as_view())

    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    settings.CORS_URLS_REGEX = ""
    return mount


def test_a_fault_gives_nothing_away_and_can_be_found_in_the_log(
    failing: Failing, api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    failing(RuntimeError(SECRET_DETAIL))
    response = api.get("/fails", origin=ORIGIN, x_request_id="id-1")
    assert_problem(response, 500, "server_error", SERVER_FAULT)
    headers = {
        "x-request-id": "id-1",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "access-control-allow-origin": ORIGIN,
    }
    assert {name: response.headers[name] for name in headers} == headers
    assert SECRET_DETAIL not in str(response.headers) + response.content.decode()
    (logged,) = [record for record in caplog.records if record.exc_info]
    assert logged.exc_info
    assert str(logged.exc_info[1]) == SECRET_DETAIL
    assert (logged.getMessage(), logged.__dict__["path"]) == ("unhandled error", "/fails")


def test_after_a_fault_the_next_request_is_served(failing: Failing, api: Api) -> None:
    failing(RuntimeError())
    api.get("/fails")
    assert api.get("/health/live").status_code == 200


class DriverError(Exception):
    """What a driver raises, as far as the application looks at it."""

    def __init__(self, **attributes: str) -> None:
        super().__init__(SECRET_DETAIL)
        self.__dict__.update(attributes)


def raised(kind: type[Exception], **attributes: str) -> Exception:
    error = kind(SECRET_DETAIL)
    error.__cause__ = DriverError(**attributes) if attributes else None
    return error


PASSING = {
    "refused, or lost": raised(OperationalError),
    "closed": raised(InterfaceError),
    "connection refused by the server": raised(OperationalError, sqlstate="08004"),
    "serialization failure": raised(OperationalError, sqlstate="40001"),
    "deadlock": raised(OperationalError, sqlstate="40P01"),
    "too many connections": raised(OperationalError, sqlstate="53300"),
    "lock not to be had": raised(OperationalError, sqlstate="55P03"),
    "statement timed out": raised(OperationalError, sqlstate="57014"),
    "server starts": raised(OperationalError, sqlstate="57P03"),
    "locked": raised(OperationalError, sqlite_errorname="SQLITE_BUSY"),
    "file cannot be opened": raised(OperationalError, sqlite_errorname="SQLITE_CANTOPEN"),
    "disk full": raised(OperationalError, sqlite_errorname="SQLITE_FULL"),
}
OUR_FAULT = {
    "no such column": raised(OperationalError, sqlstate="42703"),
    "division by zero": raised(DataError, sqlstate="22012"),
    "no such table": raised(OperationalError, sqlite_errorname="SQLITE_ERROR"),
    "violated constraint": raised(IntegrityError, sqlite_errorname="SQLITE_CONSTRAINT_UNIQUE"),
    "nothing known": raised(DataError),
}


@pytest.mark.parametrize("error", PASSING.values(), ids=PASSING)
def test_a_database_that_does_not_answer_is_worth_another_try(
    failing: Failing, api: Api, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    failing(error)
    response = api.get("/fails", origin=ORIGIN)
    assert_problem(response, 503, "database_unavailable", UNAVAILABLE)
    assert response.headers["retry-after"] == "1"
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert "database unavailable" in caplog.messages


@pytest.mark.parametrize("error", OUR_FAULT.values(), ids=OUR_FAULT)
def test_a_statement_that_is_wrong_is_our_fault_and_logged(
    failing: Failing, api: Api, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    failing(error)
    assert_problem(api.get("/fails"), 500, "server_error", SERVER_FAULT)
    assert [record.message for record in caplog.records if record.exc_info] == ["unhandled error"]


@pytest.mark.django_db
def test_a_real_mistake_in_a_statement_is_a_500(settings: Settings, api: Api) -> None:
    def mistake(_request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")
        raise AssertionError

    settings.ROOT_URLCONF = Routes(mistake=mistake)
    assert_problem(api.get("/mistake"), 500, "server_error", SERVER_FAULT)


def test_the_last_resort_answers_when_even_the_answer_to_a_fault_fails(
    settings: Settings, api: Api
) -> None:
    class NoRoutes:
        @property
        def urlpatterns(self) -> NoReturn:
            raise ImportError(SECRET_DETAIL)

        handler500 = urlpatterns

    settings.ROOT_URLCONF = NoRoutes()
    response = api.get("/anything")
    assert_problem(response, 500, "server_error", SERVER_FAULT)
    assert response.headers["x-request-id"]


def test_in_the_admin_a_fault_is_a_page(settings: Settings, api: Api) -> None:
    def view(_request: HttpRequest) -> NoReturn:
        raise RuntimeError(SECRET_DETAIL)

    settings.ROOT_URLCONF = Routes(**{"admin/fails": view})
    response = api.get("/admin/fails")
    assert response.status_code == 500
    assert response.headers["content-type"].startswith("text/html")
    assert SERVER_FAULT in response.content.decode()
    assert SECRET_DETAIL not in response.content.decode()
