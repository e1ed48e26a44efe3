"""Bodies that are no JSON, no object, too large, or of another kind are refused in words."""

from collections.abc import AsyncIterator

import people
from breaking import OBJECT, REQUIRED, Answer, answer, answered, invalid
from databases import RolledBack, snapshot
from httpx2 import AsyncClient
from joining import enter
from support import assert_problem, differences

from app.core.problems import BODY_TOO_LARGE, BODY_UNREADABLE, NOT_JSON, Problem

JSON = "application/json"
LIMIT = 1_048_576

METHOD, PATH, _ = people.WRITTEN


def not_json(character: int) -> Answer:
    sentence = f"The body is not valid JSON, at character {character}."
    return answer(Problem(400, sentence, "malformed"))


NO_OBJECT = invalid(f"body: {OBJECT}")
UNREADABLE = answer(BODY_UNREADABLE)
SEND_JSON = answer(NOT_JSON)

# What is sent, its type, and the answer.
BODIES: dict[str, tuple[bytes, str | None, Answer]] = {
    "nothing": (b"", JSON, invalid(f"body: {REQUIRED}")),
    "null": (b"null", JSON, NO_OBJECT),
    "a list": (b"[]", JSON, NO_OBJECT),
    "a text": (b'"{}"', JSON, NO_OBJECT),
    "a number": (b"1", JSON, NO_OBJECT),
    "no number": (b"NaN", JSON, NO_OBJECT),
    "cut off": (b'{"article":', JSON, not_json(11)),
    "more after the end": (b"{} {}", JSON, not_json(3)),
    "JavaScript": (b"{'a': 1}", JSON, not_json(1)),
    "not UTF-8": (b'{"title": "\xff"}', JSON, UNREADABLE),
    "endless lists": (b"[" * 100_000, JSON, UNREADABLE),
    "deep lists": (b"[" * 20_000 + b"]" * 20_000, JSON, UNREADABLE),
    "deep objects": (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, JSON, UNREADABLE),
    "a number of 5000 digits": (b"9" * 5000, JSON, UNREADABLE),
    "a form": (b"title=x", "application/x-www-form-urlencoded", SEND_JSON),
    "a file": (b"x", "multipart/form-data; boundary=x", SEND_JSON),
    "text": (b"{}", "text/plain", SEND_JSON),
    "nonsense as type": (b"{}", "x", SEND_JSON),
    "no type": (b"{}", None, NO_OBJECT),
    "more than a mebibyte": (b" " * (LIMIT + 1), JSON, answer(BODY_TOO_LARGE)),
}


async def test_a_body_that_cannot_be_read_is_refused(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await enter(client, "ada")
    before = await snapshot(database)
    found = {}
    for name, (content, kind, _) in BODIES.items():
        headers = {"Content-Type": kind} if kind else {}
        found[name] = answered(await ada.request(METHOD, PATH, content=content, headers=headers))
    assert differences(found, {name: expected for name, (*_, expected) in BODIES.items()}) == {}
    assert await snapshot(database) == before


async def test_a_body_of_many_parts_is_not_read_beyond_the_limit(client: AsyncClient) -> None:
    """Without a length, a body that never ends would otherwise fill the memory."""
    ada = await enter(client, "ada")
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent <= 10 * LIMIT:  # an end nevertheless, for the sake of this machine
            sent += 65_536
            yield b" " * 65_536

    headers = {"Content-Type": JSON}
    assert_problem(
        await ada.request(METHOD, PATH, content=endless(), headers=headers), BODY_TOO_LARGE
    )
    assert sent <= 2 * LIMIT
