"""The OpenAPI document: committed, so that a change of the interface is seen in a review."""

import json
from pathlib import Path
from typing import Any

from support import Api

from app.core.openapi import document

COMMITTED = Path(__file__).parents[2] / "openapi.json"


def committed() -> Any:
    return json.loads(COMMITTED.read_text("utf-8"))


def operations() -> list[tuple[str, str, Any]]:
    return [
        (path, method, operation)
        for path, item in committed()["paths"].items()
        for method, operation in item.items()
    ]


def test_the_committed_document_is_that_of_the_program() -> None:
    assert document() == COMMITTED.read_text("utf-8"), (
        "The interface has changed. If that is meant:"
        " uv run python -m app openapi --output openapi.json"
    )


def test_the_service_hands_out_the_same_document(api: Api) -> None:
    assert api.get("/openapi.json").json() == committed()


def test_each_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert sorted(names) == sorted(set(names))


def test_each_operation_says_what_it_does_and_where_it_belongs() -> None:
    silent = [
        (method, path)
        for path, method, operation in operations()
        if not operation.get("description") or not operation.get("tags")
    ]
    assert silent == []


def test_errors_are_problems_and_say_when_to_come_back_and_how_to_sign_in() -> None:
    headers = {"401": "WWW-Authenticate", "429": "Retry-After", "503": "Retry-After"}
    for path, method, operation in operations():
        for status, response in operation["responses"].items():
            if status < "400" or path.startswith("/health/"):
                continue
            assert list(response["content"]) == ["application/problem+json"], (method, path)
            name = headers.get(status)
            assert name is None or name in response["headers"], (method, path, status)


def test_what_needs_signing_in_says_so() -> None:
    secured = [
        operation for _, _, operation in operations() if {"Bearer": []} in operation["security"]
    ]
    assert secured
    assert all("401" in operation["responses"] for operation in secured)


def test_what_takes_a_body_says_what_it_refuses() -> None:
    for path, method, operation in operations():
        if "requestBody" in operation:
            assert {"400", "413", "415"} <= operation["responses"].keys(), (method, path)


def test_the_page_shows_the_document_by_files_that_are_served_here(api: Api) -> None:
    page = api.get("/docs").content.decode()
    assert 'data-document="/openapi.json"' in page
    assert "http" not in page
    files = [part.split('"')[0] for part in page.split('="')[1:] if part.startswith("/static/")]
    assert len(files) == 4
    assert [api.get(file).status_code for file in files] == [200] * 4
