"""The settings of this service alone; `test_environment.py` has those of every service."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.core.environment import SettingsError
from app.core.settings import Settings, load_settings


def test_in_development_nothing_need_be_set() -> None:
    settings = load_settings()
    assert settings.environment == "development"
    assert settings.database_pool_size == 10
    assert settings.token_lifetime == timedelta(days=7)


def test_everything_can_be_set_by_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_POOL_SIZE", "3")
    monkeypatch.setenv("TOKEN_LIFETIME", "PT1H")
    settings = load_settings()
    assert settings.database_pool_size == 3
    assert settings.token_lifetime == timedelta(hours=1)


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("DATABASE_POOL_SIZE", "0", "Input should be greater than or equal to 1"),
        ("TOKEN_LIFETIME", "P0D", "Input should be greater than 0 seconds"),
        ("TOKEN_LIFETIME", "10 minutes", "must be a duration such as PT10M or P7D"),
    ],
)
def test_what_is_wrong_is_named_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == f"{variable}: {message}"


def test_the_tests_see_no_settings_of_this_machine() -> None:
    assert not Path(".env").exists()
    assert load_settings() == Settings(_env_file=None)
