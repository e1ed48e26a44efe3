"""What tests of the blog need: people who use it, and what its answers look like."""

from collections.abc import Mapping
from typing import Any, ClassVar

from httpx2 import AsyncClient, Response
from joining import register
from people import SCHEME, token_of
from visitors import Visitor

from app.core.database import Database
from app.users.models import Role
from app.users.service import set_role


class Person(Visitor):
    """Somebody who uses the blog.

    The methods do what a person does and expect it to succeed; they return what was asked for,
    without its envelope.
    """

    scheme: ClassVar = SCHEME

    async def write(self, title: str, **fields: Any) -> dict[str, Any]:
        """Write an article."""
        article = {"description": f"About {title}.", "body": f"All of {title}.", **fields}
        response = await self.post("/articles", {"article": {"title": title, **article}})
        return took(response, 201, "article")

    async def change(self, slug: str, **fields: Any) -> dict[str, Any]:
        """Change an article."""
        return took(await self.put(f"/articles/{slug}", {"article": fields}), 200, "article")

    async def read(self, slug: str) -> dict[str, Any]:
        """Read an article."""
        return took(await self.get(f"/articles/{slug}"), 200, "article")

    async def remove(self, slug: str) -> None:
        """Remove an article."""
        assert (await self.delete(f"/articles/{slug}")).status_code == 204

    async def listed(self, path: str = "/articles", **parameters: Any) -> tuple[list[str], int]:
        """List articles: the slugs of the part that comes back, and how many there are in all."""
        response = await self.get(path, **parameters)
        assert response.status_code == 200, response.text
        page = response.json()
        return [article["slug"] for article in page["articles"]], page["articlesCount"]

    async def favorite(self, slug: str) -> dict[str, Any]:
        """Favourite an article."""
        return took(await self.post(f"/articles/{slug}/favorite"), 200, "article")

    async def unfavorite(self, slug: str) -> dict[str, Any]:
        """Favourite an article no longer."""
        return took(await self.delete(f"/articles/{slug}/favorite"), 200, "article")

    async def comment(self, slug: str, body: str) -> dict[str, Any]:
        """Comment on an article."""
        response = await self.post(f"/articles/{slug}/comments", {"comment": {"body": body}})
        return took(response, 200, "comment")

    async def comments(self, slug: str, **parameters: Any) -> list[dict[str, Any]]:
        """Read the comments on an article."""
        response = await self.get(f"/articles/{slug}/comments", **parameters)
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json()["comments"]
        return found

    async def follow(self, name: str) -> dict[str, Any]:
        """Follow somebody."""
        return took(await self.post(f"/profiles/{name}/follow"), 200, "profile")

    async def unfollow(self, name: str) -> dict[str, Any]:
        """Follow somebody no longer."""
        return took(await self.delete(f"/profiles/{name}/follow"), 200, "profile")

    async def profile(self, name: str) -> dict[str, Any]:
        """Look at somebody's profile."""
        return took(await self.get(f"/profiles/{name}"), 200, "profile")


def took(response: Response, status: int, envelope: str) -> dict[str, Any]:
    """Check that a request succeeded, and open the envelope of its answer."""
    assert response.status_code == status, response.text
    body: dict[str, dict[str, Any]] = response.json()
    assert list(body) == [envelope]
    return body[envelope]


async def join(client: AsyncClient, name: str) -> Person:
    """Register somebody who then uses the blog."""
    return Person(client, name, token_of(await register(client, name)))


async def join_moderator(client: AsyncClient, database: Database, name: str = "mod") -> Person:
    """Register a moderator."""
    person = await join(client, name)
    async with database.session() as session:
        assert await set_role(session, name, Role.MODERATOR)
        await session.commit()
    return person


# The required properties of each schema of the RealWorld specification, 1.1.0. An article has
# `status` besides, which this service adds.
USER = {"email": str, "token": str, "username": str, "bio": str, "image": str}
PROFILE = {"username": str, "bio": str, "image": str, "following": bool}
LISTED_ARTICLE = {
    "slug": str,
    "title": str,
    "description": str,
    "tagList": list,
    "createdAt": str,
    "updatedAt": str,
    "favorited": bool,
    "favoritesCount": int,
    "author": PROFILE,
    "status": str,
}
ARTICLE = {**LISTED_ARTICLE, "body": str}
COMMENT = {"id": int, "createdAt": str, "updatedAt": str, "body": str, "author": PROFILE}

Shape = Mapping[str, Any]


def assert_shape(value: Any, shape: Any) -> None:
    """Check that a value has exactly the properties of a shape, each of its type."""
    if isinstance(shape, dict):
        assert set(value) == set(shape)
        for name, inner in shape.items():
            assert_shape(value[name], inner)
    else:
        assert type(value) is shape


def assert_error(response: Response, status: int, *messages: str) -> None:
    """Check an error response: its status, its whole body, its type."""
    assert (response.status_code, response.json()) == (status, {"errors": {"body": [*messages]}})
    assert response.headers["content-type"] == "application/json"
