"""Some people could not sign in to the account that they had just made.

Registration writes an address in one normal form, signing in compared what was typed.
"""

import pytest
from blog import PASSWORD
from httpx2 import AsyncClient


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
    user = {"email": email, "password": PASSWORD}
    made = await client.post("/api/users", json={"user": {**user, "username": "ada"}})
    assert made.status_code == 201, made.text

    response = await client.post("/api/users/login", json={"user": user})

    assert response.status_code == 200, response.text
    assert response.json()["user"]["username"] == "ada"
