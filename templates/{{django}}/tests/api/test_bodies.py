"""Bodies of requests: what is no JSON, too large, or of another kind is refused in words."""

from typing import Any

import pytest
from support import Api, assert_invalid, assert_problem

from app.core.problems import BODY_TOO_LARGE, NOT_JSON, UNKNOWN_METHOD

LOGIN = "/api/auth/login"


def assert_malformed(api: Api, body: bytes, detail: str) -> None:
    assert_problem(api.post(LOGIN, body), 400, "malformed", detail)


@pytest.mark.parametrize(
    ("body", "at"),
    [
        (b"{", 1),
        (b'{"email": }', 10),
        (b"{'email': 1}", 1),
        (b'{"email": "a"} more', 15),
        (b" ", 1),
        (b"\xef\xbb\xbf{}", 0),
    ],
)
def test_a_place_is_named_where_it_is_no_json(api: Api, body: bytes, at: int) -> None:
    assert_malformed(api, body, f"The body is not valid JSON, at character {at}.")


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_numbers_that_json_does_not_have_are_refused(api: Api, number: bytes) -> None:
    assert_malformed(
        api, b'{"email": %b}' % number, "The body has a number in it that JSON does not have."
    )


@pytest.mark.parametrize("number", [b"1e400", b"-1e999", b"9" * 5000])
def test_numbers_that_are_too_large_are_refused(api: Api, number: bytes) -> None:
    assert_malformed(
        api, b'{"email": %b}' % number, "The body has a number in it that is too large."
    )


@pytest.mark.parametrize("body", [b"\xff", b'{"email": "\xc3\x28"}', '{"a": 1}'.encode("utf-16")])
def test_other_encodings_are_refused(api: Api, body: bytes) -> None:
    assert_malformed(api, body, "The body is not in UTF-8.")


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_a_body_that_is_nested_without_end_is_refused(api: Api, opening: bytes) -> None:
    assert_malformed(
        api, opening * 100_000, "The body has lists or objects within each other too often."
    )


@pytest.mark.parametrize("body", [[], "text", 1, True, [{}]])
def test_a_body_that_must_be_an_object_says_so(api: Api, body: Any) -> None:
    assert_invalid(api.post(LOGIN, body), ("", "must be an object"))


def test_a_body_must_not_be_null(api: Api) -> None:
    assert_invalid(api.post(LOGIN, b"null"), ("", "No data provided"))


def test_each_field_that_is_missing_is_named(api: Api) -> None:
    for body in (b"", {}, {"another": 1}):
        assert_invalid(
            api.post(LOGIN, body),
            ("email", "This field is required."),
            ("password", "This field is required."),
        )


@pytest.mark.parametrize("value", [1, True, None, [], {}, 1.5])
def test_text_must_be_text(api: Api, value: Any) -> None:
    response = api.post(LOGIN, {"email": value, "password": "x"})
    assert response.status_code == 400
    (problem,) = response.json()["errors"]
    assert problem["field"] == "email"


@pytest.mark.parametrize("text", ["a\0b", "\ud83d", "\udc00a"])
@pytest.mark.parametrize("field", ["email", "password"])
def test_text_that_cannot_be_stored_is_refused(api: Api, field: str, text: str) -> None:
    body = {"email": "a", "password": "b", field: text}
    response = api.post(LOGIN, body)
    assert response.status_code == 400
    assert {problem["field"] for problem in response.json()["errors"]} == {field}


def test_what_was_sent_is_never_repeated(api: Api) -> None:
    secret = "hunter2" * 3
    for body in ({"email": [secret], "password": {secret: secret}}, [secret], secret):
        assert secret not in api.post(LOGIN, body).content.decode()


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/problem+json",
        "application/json; charset=latin-1",
        "application/json;charset=utf-16",
        "nonsense",
        "",
    ],
)
def test_another_kind_of_body_is_refused(api: Api, kind: str) -> None:
    response = api.send("POST", LOGIN, b'{"email": "a"}', content_type=kind)
    assert_problem(response, 415, "unsupported_media_type", NOT_JSON)


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=UTF-8",
        'application/json;charset="utf-8"',
        "application/json; odd=1",
    ],
)
def test_json_may_be_named_in_several_ways(api: Api, kind: str) -> None:
    assert api.send("POST", LOGIN, b"{}", content_type=kind).status_code == 400


@pytest.mark.parametrize("accepted", ["text/html", "application/xml", "image/*", "nonsense"])
def test_whatever_is_accepted_the_answer_is_json(api: Api, accepted: str) -> None:
    response = api.get("/health/live", accept=accepted)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")


def test_a_body_may_be_as_large_as_the_setting_says(api: Api, settings: Any) -> None:
    settings.MAX_BODY_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000
    assert api.post(LOGIN, b"[" + b" " * 1998 + b"]").status_code == 400
    assert_problem(
        api.post(LOGIN, b"[" + b" " * 1999 + b"]"), 413, "body_too_large", BODY_TOO_LARGE
    )


def test_bodies_of_the_admin_are_limited_too(api: Api, settings: Any) -> None:
    settings.MAX_BODY_BYTES = 2000
    response = api.send("POST", "/admin/login/", b"x" * 2001, content_type="multipart/form-data")
    assert response.status_code == 413


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "NONSENSE"])
def test_a_method_that_an_address_does_not_know_is_answered_with_those_it_does(
    api: Api, method: str
) -> None:
    response = api.send(method, LOGIN)
    assert_problem(response, 405, "method_not_allowed", UNKNOWN_METHOD)
    assert response.headers["allow"] == "POST"


def test_an_address_that_is_not_there_is_a_problem(api: Api) -> None:
    for path in ("/nowhere", "/api/nowhere", "/api/account/", "/api/a%00b", "/%ff"):
        response = api.get(path)
        assert_problem(response, 404, "not_found", "There is nothing at this address.")


def test_an_unknown_host_is_a_problem(api: Api) -> None:
    response = api.get("/api/account", host="elsewhere.example")
    assert_problem(response, 400, "invalid", "The request cannot be understood.")


def test_in_the_admin_what_is_not_there_is_a_page(api: Api) -> None:
    response = api.get("/admin/login/", host="elsewhere.example")
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/html")
