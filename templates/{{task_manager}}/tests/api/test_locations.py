"""What was made can be read at the address that the answer names: RFC 9110, section 10.2.2."""

from httpx2 import AsyncClient
from team import join, took


async def test_the_answer_to_who_makes_something_says_where_it_is(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    for path, new, location in (
        ("/projects", {"key": "WEB", "name": "Web"}, "/api/projects/WEB"),
        ("/projects/WEB/tasks", {"title": "New"}, "/api/tasks/WEB-1"),
        ("/tasks/WEB-1/comments", {"body": "New."}, "/api/tasks/WEB-1/comments/{id}"),
    ):
        response = await ada.post(path, new)
        made = took(response, 201)
        assert response.headers["location"] == location.format(**made)
        assert took(await ada.get(response.headers["location"].removeprefix("/api")), 200) == made
