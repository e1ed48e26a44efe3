"""Inserting what may be there already."""

from databases import RolledBack
from sqlalchemy import select

from app.core.inserting import insert_unless_there
from app.profiles.models import Follow
from app.users.models import User


async def test_a_row_that_is_there_stays_as_it_is(database: RolledBack) -> None:
    async with database.session() as session:
        people = [
            User(username=name, email=f"{name}@example.com", password_hash="x")
            for name in ("ada", "bob")
        ]
        session.add_all(people)
        await session.flush()
        pair = {"follower_id": people[0].id, "followed_id": people[1].id}
        await insert_unless_there(session, Follow, **pair)
        first = await session.scalar(select(Follow.created_at))
        await insert_unless_there(session, Follow, **pair)
        assert (await session.scalars(select(Follow.created_at))).all() == [first]
