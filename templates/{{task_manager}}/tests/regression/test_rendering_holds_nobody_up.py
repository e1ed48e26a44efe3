"""While long comments were made HTML of, nobody else was answered.

Some texts take a tenth of a second each, and a page has a hundred comments: whoever wrote such and
had them shown stopped the service for ten seconds.
"""

import threading

import anyio
import pytest
from httpx2 import AsyncClient, Response
from team import join

from app.comments.markdown import to_html


async def test_others_are_answered_while_comments_are_rendered(
    own_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob = await join(own_client, "ada"), await join(own_client, "bob")
    await ada.start()
    key = await ada.add()
    await ada.comment(key, "*Long*")
    began, go_on = anyio.Event(), threading.Event()
    responses: list[Response] = []

    def slow(text: str) -> str:
        anyio.from_thread.run_sync(began.set)
        assert go_on.wait(10)
        return to_html(text)

    monkeypatch.setattr("app.comments.markdown.to_html", slow)

    async def read() -> None:
        responses.append(await ada.get(f"/tasks/{key}/comments", render="html"))

    async with anyio.create_task_group() as group:
        group.start_soon(read)
        try:
            with anyio.fail_after(5):
                await began.wait()
                assert (await bob.get("/account")).status_code == 200
                assert (await bob.post("/projects", {"key": "BOB", "name": "B"})).is_success
            assert responses == []
        finally:
            go_on.set()
    (comment,) = responses[0].json()["items"]
    assert comment["html"] == "<p><em>Long</em></p>\n"
