"""The demo that a new database is filled with; `test_demo.py` looks at what is in it."""

import pytest
from commanding import call
from databases import sizes, snapshot, visit
from support import SECRET

from app import demo
from app.core.database import Database
from app.users.models import User


def test_seeding_says_how_to_sign_in(own: str) -> None:
    result = call("seed")
    assert (result.exit_code, result.stderr) == (0, "")
    made, credentials = result.stdout.splitlines()[-2:]
    assert made.startswith("Made ")
    assert made.endswith(". Sign in with:")
    assert credentials == f"  {demo.EMAIL}  {demo.PASSWORD}"
    assert sizes(visit(own, snapshot))["users"] > 1


def test_seeding_again_changes_nothing(own: str) -> None:
    call("seed")
    before = visit(own, snapshot)
    result = call("seed")
    assert result.exit_code == 0
    assert result.stdout.endswith("The demo is there already. Nothing was changed.\n")
    assert visit(own, snapshot) == before


def test_what_is_in_the_way_of_the_demo_is_not_touched(own: str) -> None:
    async def register(database: Database) -> None:
        async with database.session() as session:
            session.add(User(username="ada", email="ada@example.org", password_hash="x"))
            await session.commit()

    visit(own, register)
    before = visit(own, snapshot)
    result = call("seed")
    assert (result.exit_code, result.stdout.splitlines()[-1:]) == (1, [])
    error, hint = result.stderr.splitlines()
    assert error.startswith("error: The database has a user or ")
    assert hint == "hint: Seed a new database, before anything else is in it."
    assert visit(own, snapshot) == before


def test_the_demo_has_no_place_in_production(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    result = call("seed")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "error: The demo's password is public, so it has no place in production.\n"
    )
    assert sizes(visit(own, snapshot)) == {}


def test_without_tables_the_message_says_how_to_make_them(
    fresh_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", fresh_url)
    monkeypatch.setenv("SECRET_KEY", SECRET)
    result = call("seed")
    assert result.exit_code == 1
    error, hint = result.stderr.splitlines()
    assert error.startswith("error: ")
    assert hint.endswith("`python -m app migrate` makes its tables.")
