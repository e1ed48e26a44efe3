"""The token of an invitation that was withdrawn was good for the next one.

SQLite gives the number of the last row out again once that row is deleted. The second invitation
had the number of the first, and whoever kept the first mail accepted what they had never been sent.
"""

from databases import RolledBack
from httpx2 import AsyncClient
from team import assert_refused, join, token_in_mail, took


async def test_an_old_token_does_not_accept_a_new_invitation(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob = await join(client, "ada"), await join(client, "bob")
    for key in ("WEB", "OPS"):
        await ada.start(key)
    tokens, numbers = [], set()
    for key in ("WEB", "OPS"):
        path = f"/projects/{key}/invitations"
        invitation = took(await ada.post(path, {"email": "bob@example.com"}), 201)
        numbers.add(invitation["id"])
        tokens.append({"token": await token_in_mail(database)})
        if key == "WEB":
            assert (await ada.delete(f"{path}/{invitation['id']}")).status_code == 204
    assert len(numbers) == 2
    old, new = tokens
    assert_refused(await bob.post("/invitations/accept", old), 404, "no_invitation")
    assert await bob.pages("/projects") == []
    assert took(await bob.post("/invitations/accept", new), 200)["key"] == "OPS"
