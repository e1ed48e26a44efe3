"""Somebody who sends requests, in tests over HTTP. `people.py` adds what people do here."""

from typing import Any, ClassVar

from httpx2 import AsyncClient, Response

Json = Any


class Visitor:
    """Somebody who uses the API; without a token it is nobody in particular.

    The methods named after HTTP's send any request below `/api`.

    Attributes:
        scheme: The word before the token in the header Authorization.
    """

    scheme: ClassVar = "Bearer"

    def __init__(self, client: AsyncClient, name: str = "", token: str = "") -> None:
        self.client = client
        self.name = name
        self.token = token

    @property
    def authorization(self) -> dict[str, str]:
        """The header that shows who this is."""
        return {"Authorization": f"{self.scheme} {self.token}"} if self.token else {}

    async def request(self, method: str, path: str, **options: Any) -> Response:
        """Send a request."""
        headers = {**self.authorization, **options.pop("headers", {})}
        return await self.client.request(method, f"/api{path}", headers=headers, **options)

    async def get(self, path: str, **parameters: Any) -> Response:
        """Send GET, with query parameters."""
        return await self.request("GET", path, params=parameters or None)

    async def post(self, path: str, body: Json = None) -> Response:
        """Send POST."""
        return await self.request("POST", path, json=body)

    async def put(self, path: str, body: Json) -> Response:
        """Send PUT."""
        return await self.request("PUT", path, json=body)

    async def delete(self, path: str) -> Response:
        """Send DELETE."""
        return await self.request("DELETE", path)
