"""A provider that did not answer was a 500, as if the shop were broken."""

from collections.abc import Iterator

import pytest
from shop import join, product, snapshot
from support import assert_problem

from app.money import Money
from app.payments.fake import FakeProvider
from app.payments.provider import Intent, ProviderUnavailableError, provider


class SilentProvider(FakeProvider):
    def create(self, *, key: str, money: Money) -> Intent:
        del key, money
        raise ProviderUnavailableError


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(FakeProvider, "create", SilentProvider.create)
    provider.cache_clear()
    yield
    provider.cache_clear()


@pytest.mark.django_db
@pytest.mark.usefixtures("silent")
def test_the_customer_is_told_to_try_again_and_nothing_is_changed() -> None:
    product("MUG-01")
    ada = join("ada")
    number = ada.buy("MUG-01")["number"]
    before = snapshot()
    response = ada.post(f"/orders/{number}/payment")
    assert_problem(
        response,
        503,
        "provider_unavailable",
        "The payment provider does not answer. Try again in a moment.",
    )
    assert response.headers["Retry-After"] == "5"
    assert snapshot() == before
