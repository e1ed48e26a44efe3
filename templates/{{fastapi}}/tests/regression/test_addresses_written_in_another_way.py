"""Some people could not sign in to the account that they had just made.

Registration writes an address in one normal form, signing in compared what was typed.
"""

import people
import pytest
from httpx2 import AsyncClient
from joining import log_in, register
from visitors import Visitor


@pytest.mark.parametrize(
    "email",
    [
        "ada@xn--exmple-cua.com",  # an internationalised domain, as it is sent
        "e\u0301mile@example.com",  # an accent of its own
        "ada@\uff45xample.com",  # a letter of full width
        "ADA@Example.COM",
    ],
)
async def test_who_registers_with_an_address_signs_in_with_it(
    client: AsyncClient, email: str
) -> None:
    made = await register(client, "ada", email=email)
    assert made.status_code == 201, made.text

    response = await log_in(client, email)

    visitor = Visitor(client, token=people.token_of(response))
    assert people.name_of(await visitor.get(people.OWN)) == "ada"
