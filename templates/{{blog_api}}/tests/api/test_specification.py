"""A walk through every operation of the RealWorld specification, with the shape of each answer."""

import re
from typing import Any

from blog import ARTICLE, COMMENT, LISTED_ARTICLE, PROFILE, USER, Person, assert_shape, join
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from joining import register, sign_in

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

# Operation, by its identifier in the specification: method, path, status of success.
OPERATIONS = {
    "Login": ("post", "/api/users/login", 200),
    "CreateUser": ("post", "/api/users", 201),
    "GetCurrentUser": ("get", "/api/user", 200),
    "UpdateCurrentUser": ("put", "/api/user", 200),
    "GetProfileByUsername": ("get", "/api/profiles/{username}", 200),
    "FollowUserByUsername": ("post", "/api/profiles/{username}/follow", 200),
    "UnfollowUserByUsername": ("delete", "/api/profiles/{username}/follow", 200),
    "GetArticlesFeed": ("get", "/api/articles/feed", 200),
    "GetArticles": ("get", "/api/articles", 200),
    "CreateArticle": ("post", "/api/articles", 201),
    "GetArticle": ("get", "/api/articles/{slug}", 200),
    "UpdateArticle": ("put", "/api/articles/{slug}", 200),
    "DeleteArticle": ("delete", "/api/articles/{slug}", 204),
    "GetArticleComments": ("get", "/api/articles/{slug}/comments", 200),
    "CreateArticleComment": ("post", "/api/articles/{slug}/comments", 200),
    "DeleteArticleComment": ("delete", "/api/articles/{slug}/comments/{id}", 204),
    "CreateArticleFavorite": ("post", "/api/articles/{slug}/favorite", 200),
    "DeleteArticleFavorite": ("delete", "/api/articles/{slug}/favorite", 200),
    "GetTags": ("get", "/api/tags", 200),
}


async def test_the_document_has_each_operation_with_its_status_of_success(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    found = {
        (method, path): [int(status) for status in operation["responses"] if status < "300"]
        for path, operations in paths.items()
        for method, operation in operations.items()
    }
    expected = {(method, path): [status] for method, path, status in OPERATIONS.values()}
    assert {key: found[key] for key in expected} == expected


def body_of(response: Response, status: int, **shapes: Any) -> Any:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert_shape(body, shapes)
    return body


async def test_every_answer_has_the_status_and_shape_of_the_specification(
    client: AsyncClient,
) -> None:
    body_of(await register(client, "ada"), 201, user=USER)
    signed_in = body_of(await sign_in(client, "ada"), 200, user=USER)
    ada = Person(client, "ada", signed_in["user"]["token"])
    bob = await join(client, "bob")
    body_of(await ada.get("/user"), 200, user=USER)
    body_of(await ada.put("/user", {"user": {"bio": "I write."}}), 200, user=USER)

    body_of(await bob.get("/profiles/ada"), 200, profile=PROFILE)
    body_of(await bob.post("/profiles/ada/follow"), 200, profile=PROFILE)

    new = {"title": "Hello", "description": "d", "body": "b", "tagList": ["x"]}
    body_of(await ada.post("/articles", {"article": new}), 201, article=ARTICLE)
    body_of(await bob.get("/articles/hello"), 200, article=ARTICLE)
    body_of(await ada.put("/articles/hello", {"article": {"body": "c"}}), 200, article=ARTICLE)
    body_of(await bob.post("/articles/hello/favorite"), 200, article=ARTICLE)
    for path in ("/articles", "/articles/feed"):
        page = body_of(await bob.get(path), 200, articles=list, articlesCount=int)
        assert len(page["articles"]) == 1
        assert_shape(page["articles"][0], LISTED_ARTICLE)
    body_of(await bob.get("/tags"), 200, tags=list)

    said = body_of(
        await bob.post("/articles/hello/comments", {"comment": {"body": "Hi."}}),
        200,
        comment=COMMENT,
    )
    comments = body_of(await bob.get("/articles/hello/comments"), 200, comments=list)
    assert comments["comments"] == [said["comment"]]

    body_of(await bob.delete("/articles/hello/favorite"), 200, article=ARTICLE)
    body_of(await bob.delete("/profiles/ada/follow"), 200, profile=PROFILE)
    for path in (f"/articles/hello/comments/{said['comment']['id']}", "/articles/hello"):
        response = await (bob if "comments" in path else ada).delete(path)
        assert (response.status_code, response.content) == (204, b"")


async def test_moments_are_in_utc_with_milliseconds(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    article = await ada.write("Hello")
    comment = await ada.comment("hello", "Hi.")
    for moment in (article["createdAt"], article["updatedAt"], comment["createdAt"]):
        assert TIMESTAMP.fullmatch(moment)
    assert (await ada.read("hello"))["createdAt"] == article["createdAt"]
