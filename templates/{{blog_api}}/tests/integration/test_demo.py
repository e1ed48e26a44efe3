"""The demo, and the commands of the blog."""

from typing import Any

import pytest
from commanding import call
from databases import RolledBack, sizes, snapshot, visit
from httpx2 import AsyncClient
from sqlalchemy import select

from app import demo
from app.commands import cli, role, seed
from app.core.database import Database
from app.users.models import User

assert {command.callback for command in cli.registered_commands} >= {role, seed}


def test_seeding_writes_what_was_asked_for_and_a_draft(own: str) -> None:
    result = call("seed", "--users", "3", "--articles", "5")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-2:] == [
        "Made 3 users and 5 articles. Sign in with:",
        "  demo@example.com  demo-password",
    ]
    found = sizes(visit(own, snapshot))
    assert (found["users"], found["articles"], found["article_tags"]) == (3, 6, 15)


@pytest.mark.parametrize("arguments", [("--users", "0"), ("--articles", "0"), ("--users", "x")])
def test_impossible_numbers_are_refused(arguments: tuple[str, str]) -> None:
    assert call("seed", *arguments).exit_code == 2


def role_of(url: str, name: str) -> str:
    async def look(database: Database) -> Any:
        async with database.session(read_only=True) as session:
            return await session.scalar(select(User.role).where(User.username == name))

    return str(visit(url, look))


def test_a_user_is_made_a_moderator_and_an_ordinary_user_again(own: str) -> None:
    call("seed", "--users", "2", "--articles", "1")
    for wanted in ("moderator", "user"):
        result = call("role", "ADA", wanted)
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout.endswith(f"ADA is now: {wanted}\n")
        assert (role_of(own, "ada"), role_of(own, "demo")) == (wanted, "user")


def test_a_role_for_nobody_is_an_error(own: str) -> None:
    del own
    result = call("role", "nobody", "moderator")
    assert result.exit_code == 1
    assert result.stderr == "error: There is no user named nobody.\n"


def test_an_unknown_role_is_refused(own: str) -> None:
    del own
    assert call("role", "ada", "king").exit_code == 2


def test_a_role_needs_tables(fresh_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", fresh_url)
    result = call("role", "ada", "moderator")
    assert result.exit_code == 1
    assert result.stderr.endswith("`python -m app migrate` makes its tables.\n")


async def pages(client: AsyncClient) -> list[Any]:
    """All that a visitor of the demo sees, without the times, which are those of its making."""
    paths = ["/articles?limit=100", "/articles?tag=sql", "/tags", "/profiles/ada"]
    for article in (await client.get(f"/api{paths[0]}")).json()["articles"]:
        paths += [f"/articles/{article['slug']}", f"/articles/{article['slug']}/comments"]
    found = [(await client.get(f"/api{path}")).json() for path in paths]
    return [_without(page, {"createdAt", "updatedAt", "id"}) for page in found]


def _without(value: Any, names: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner, names) for key, inner in value.items() if key not in names}
    return [_without(inner, names) for inner in value] if isinstance(value, list) else value


async def test_the_demo_is_the_same_each_time(client: AsyncClient, database: RolledBack) -> None:
    seen = []
    for _ in range(2):
        async with database.undone():
            async with database.session() as session:
                assert not await demo.is_there(session)
                numbers = [number async for number in demo.fill(session, users=4, articles=12)]
                assert await demo.is_there(session)
                await session.commit()
            seen.append(await pages(client))
    assert numbers == list(range(12))
    assert seen[0] == seen[1]
    assert seen[0][0]["articlesCount"] == 12


async def test_titles_never_repeat_however_many_there_are() -> None:
    titles = [demo._subject(number)[0] for number in range(1000)]
    assert len(set(titles)) == 1000
    assert titles[0] == "What PostgreSQL taught me"
    assert titles[-1].endswith(", part 16")


def test_more_users_than_names_get_made_up_ones() -> None:
    people = demo._people(10)
    assert [person.username for person in people] == [*demo.NAMES, "reader8", "reader9"]
