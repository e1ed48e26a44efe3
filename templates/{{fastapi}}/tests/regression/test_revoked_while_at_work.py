"""A change of password that was under way outlived the one that revoked its token.

The token was checked at the start. A thief's request, still hashing, then overwrote the password
that the owner had just chosen, and came back with a token that was good.
"""

from collections import Counter

import anyio
from httpx2 import AsyncClient
from joining import change_password, enter


async def test_of_many_changes_of_a_password_with_one_token_one_is_made(
    own_client: AsyncClient,
) -> None:
    ada = await enter(own_client, "ada")
    statuses: list[int] = []

    async def change(number: int) -> None:
        response = await change_password(ada, f"password {number}")
        statuses.append(response.status_code)

    async with anyio.create_task_group() as group:
        for number in range(8):
            group.start_soon(change, number)

    answered = Counter(statuses)
    assert answered[200] == 1
    # Or the password that was right so far is wrong by now, where it has to be given.
    assert answered[401] + answered[422] == 7
