"""The OpenAPI document: committed, so that a change of the interface is seen in a review."""

import json
from pathlib import Path

from httpx2 import AsyncClient
from support import PASSWORDS, settings_for

from app.main import create_app

COMMITTED = Path(__file__).parents[2] / "openapi.json"


def test_the_committed_document_is_that_of_the_program() -> None:
    document = create_app(settings_for(), passwords=PASSWORDS).openapi()
    assert json.loads(COMMITTED.read_text("utf-8")) == document, (
        "The interface has changed. If that is meant:"
        " uv run python -m app openapi --output openapi.json"
    )


async def test_the_service_hands_out_the_same_document(client: AsyncClient) -> None:
    assert (await client.get("/openapi.json")).json() == json.loads(COMMITTED.read_text("utf-8"))


def test_each_operation_has_a_name_of_its_own() -> None:
    document = json.loads(COMMITTED.read_text("utf-8"))
    names = [
        operation["operationId"]
        for operations in document["paths"].values()
        for operation in operations.values()
    ]
    assert sorted(names) == sorted(set(names))
