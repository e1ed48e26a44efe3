"""Passwords: hashed with Argon2id, a few at a time."""

import threading
import time

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.module_loading import import_string

from app.core import base_settings, hashers
from app.core.hashers import Argon2


def test_it_is_argon2id_with_a_salt_of_its_own() -> None:
    hasher = Argon2()
    first, second = (hasher.encode("correct horse", hasher.salt()) for _ in range(2))
    assert first.startswith("argon2$argon2id$")
    assert first != second
    assert hasher.verify("correct horse", first)
    assert not hasher.verify("another", first)


def test_it_is_what_the_service_uses() -> None:
    (name,) = base_settings.PASSWORD_HASHERS
    assert import_string(name) is Argon2
    assert [name] != settings.PASSWORD_HASHERS  # in tests, another that costs nothing


def test_not_more_at_once_than_there_are_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    now, most, lock = 0, 0, threading.Lock()

    def slow(_self: Argon2PasswordHasher, _password: str, _salt: str) -> str:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.02)
        with lock:
            now -= 1
        return ""

    monkeypatch.setattr(Argon2PasswordHasher, "encode", slow)
    monkeypatch.setattr(hashers, "_turns", threading.BoundedSemaphore(2))
    threads = [threading.Thread(target=Argon2().encode, args=("x", "salt")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (now, most) == (0, 2)
