"""Passwords: hashing and checking."""

import argon2
import pytest
from support import PASSWORDS

from app.core.passwords import Passwords

WEAK = "$argon2id$v=19$m=8,t=1,p=1$"


async def test_the_usual_hasher_costs_what_the_standard_asks_for() -> None:
    """RFC 9106, section 4, second recommendation: Argon2id, 3 passes over 64 MiB, 4 lanes."""
    passwords = Passwords()
    stored = await passwords.hash("a password")
    parameters = argon2.extract_parameters(stored)
    assert parameters == argon2.Parameters(
        type=argon2.Type.ID,
        version=19,
        salt_len=16,
        hash_len=32,
        time_cost=3,
        memory_cost=65_536,
        parallelism=4,
    )
    assert await passwords.verify(stored, "a password")
    assert not await passwords.verify(stored, "another password")
    assert not await passwords.verify(None, "a password")


async def test_a_password_matches_its_own_hash_alone() -> None:
    stored = await PASSWORDS.hash("a password")
    assert stored.startswith(WEAK)
    assert await PASSWORDS.verify(stored, "a password")
    for other in ("A password", "a password ", "", "a passwor"):
        assert not await PASSWORDS.verify(stored, other)


async def test_the_same_password_has_another_hash_each_time() -> None:
    assert await PASSWORDS.hash("a password") != await PASSWORDS.hash("a password")


async def test_nothing_matches_where_nothing_is_stored() -> None:
    for password in ("", "a password"):
        assert not await PASSWORDS.verify(None, password)


async def test_a_hash_made_with_other_parameters_still_matches() -> None:
    """Parameters are part of a hash, so that they can be raised without locking anybody out."""
    older = argon2.PasswordHasher(time_cost=2, memory_cost=16, parallelism=2)
    assert await PASSWORDS.verify(older.hash("a password"), "a password")


@pytest.mark.parametrize("password", ["pass\0word", "\u00fc\u4e2d\U0001f600", "x" * 1000])
async def test_any_text_can_be_a_password(password: str) -> None:
    stored = await PASSWORDS.hash(password)
    assert await PASSWORDS.verify(stored, password)
    assert not await PASSWORDS.verify(stored, password[:-1])
