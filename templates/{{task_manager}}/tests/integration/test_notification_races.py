"""Notifications that go away while they are marked, on a database that is committed to."""

import anyio
import pytest
from databases import snapshot
from httpx2 import AsyncClient, Response
from sqlalchemy import delete
from team import assert_refused, team, took
from waiting import until_somebody_waits

from app.comments.models import Comment
from app.core.database import Database


@pytest.mark.parametrize("many", [False, True])
async def test_a_notification_that_goes_away_while_it_is_marked_is_not_there(
    own_client: AsyncClient, own_database: Database, many: bool
) -> None:
    ada, bob = await team(own_client, own_database, ada="owner", bob="member")
    await ada.add()
    for _ in range(2):
        await ada.comment("WEB-1", "@bob")
    gone, stays = await bob.notes()
    responses: list[Response] = []

    async def mark() -> None:
        path = "/notifications" if many else f"/notifications/{gone}"
        responses.append(await bob.patch(path, {"read": [gone, stays] if many else True}))

    async with own_database.session() as session, anyio.create_task_group() as group:
        newest = (await ada.pages("/tasks/WEB-1/comments"))[-1]
        await session.execute(delete(Comment).where(Comment.id == newest["id"]))
        group.start_soon(mark)
        await until_somebody_waits(own_database)
        await session.commit()
        before = await snapshot(own_database)
    (response,) = responses
    if many:
        assert took(response, 200) == {"marked": 1}
    else:
        assert_refused(response, 404, "no_notification")
        assert await snapshot(own_database) == before
    assert await bob.notes() == [stays]
