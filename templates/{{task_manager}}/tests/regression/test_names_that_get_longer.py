"""Letters that Unicode writes out as many: a page after such a name could not be asked for.

The cursor has the name as names are compared, and that was longer than a cursor might be.
"""

from databases import RolledBack
from httpx2 import AsyncClient
from joining import register
from people import token_of
from team import Person, alone, invite

ONE_FOR_EIGHTEEN = "\ufdfa"


async def test_the_page_after_the_longest_name_can_be_read(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await alone(client)
    names = [ONE_FOR_EIGHTEEN * 49 + last for last in "ab"]
    for number, name in enumerate(names):
        registered = await register(client, name, email=f"long{number}@example.com")
        person = Person(client, f"long{number}", token_of(registered))
        await invite(ada, database, person)
    members = await ada.pages("/projects/WEB/members", limit=1)
    assert [member["username"] for member in members] == ["ada", *names]
