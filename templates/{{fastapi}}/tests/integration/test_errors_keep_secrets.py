"""Errors end up in logs, so they must not carry what was sent to the database."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.database import Database

SECRET = "ada@private.example"


@pytest.mark.parametrize("read_only", [False, True])
async def test_an_error_of_the_database_does_not_name_the_parameters(
    own_database: Database, *, read_only: bool
) -> None:
    async with own_database.session(read_only=read_only) as session:
        with pytest.raises(DBAPIError) as caught:
            await session.execute(text("SELECT * FROM nowhere WHERE x = :x"), {"x": SECRET})

    assert SECRET not in str(caught.value)
    assert "SELECT * FROM nowhere" in str(caught.value)
