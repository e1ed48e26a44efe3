"""How many streams one user may have at once."""

import asyncio

from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from team import Person, assert_refused, join

from app.live.router import STREAMS

SENTENCE = "You are following 10 projects, or one in as many places. End one of them first."


async def follow(person: Person, key: str) -> Response:
    return await person.get(f"/projects/{key}/events")


async def test_a_user_has_ten_streams_and_may_have_another_when_one_has_ended(
    own_client: AsyncClient, own_app: FastAPI
) -> None:
    ada, bob = await join(own_client, "ada"), await join(own_client, "bob")
    for key in ("WEB", "OPS"):
        await ada.start(key)
    await bob.start("BOB")
    streams = [
        asyncio.create_task(follow(ada, key)) for key in ("WEB", "OPS") for _ in range(STREAMS)
    ]
    ended, going_on = set[asyncio.Task[Response]](), set(streams)
    async with asyncio.timeout(10):
        while len(ended) < STREAMS:
            done, going_on = await asyncio.wait(going_on, return_when=asyncio.FIRST_COMPLETED)
            ended |= done
    for task in ended:
        refused = task.result()
        assert_refused(refused, 429, "too_many_streams", SENTENCE)
        assert refused.headers["retry-after"] == "15"
    others = asyncio.create_task(follow(bob, "BOB"))
    # To an end that is none of the application: the client has gone.
    gone = going_on.pop()
    gone.cancel()
    await asyncio.wait([gone])
    again = asyncio.create_task(follow(ada, "WEB"))
    going_on |= {others, again}
    own_app.state.hub.stop()
    assert [task.result().status_code for task in (await asyncio.wait(going_on))[0]] == [200] * 11
    # None of them counts any more.
    assert (await follow(ada, "WEB")).status_code == 200
    await own_app.state.hub._asking.ended()
