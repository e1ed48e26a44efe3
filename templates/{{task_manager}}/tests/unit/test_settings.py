"""The settings of this service alone; `test_environment.py` has those of every service."""

from datetime import timedelta

import pytest

from app.core.environment import SettingsError
from app.core.settings import load_settings


def test_in_development_nothing_need_be_set() -> None:
    settings = load_settings()
    assert settings.database_pool_size == 10
    assert settings.access_token_lifetime == timedelta(minutes=10)
    assert settings.refresh_token_lifetime == timedelta(days=14)
    assert settings.invitation_lifetime == timedelta(days=7)
    assert settings.front_end_url == "http://localhost:5173"


def test_everything_can_be_set_by_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in {
        "ACCESS_TOKEN_LIFETIME": "PT5M",
        "REFRESH_TOKEN_LIFETIME": "P1D",
        "INVITATION_LIFETIME": "PT12H",
        "FRONT_END_URL": "https://tasks.example.com/team/",
    }.items():
        monkeypatch.setenv(variable, value)
    settings = load_settings()
    assert settings.access_token_lifetime == timedelta(minutes=5)
    assert settings.refresh_token_lifetime == timedelta(days=1)
    assert settings.invitation_lifetime == timedelta(hours=12)
    assert settings.front_end_url == "https://tasks.example.com/team"


LIFETIMES = ("ACCESS_TOKEN_LIFETIME", "REFRESH_TOKEN_LIFETIME", "INVITATION_LIFETIME")
NOT_POSITIVE = "Input should be greater than 0 seconds"
NO_DURATION = "must be a duration such as PT10M or P7D"
NO_ADDRESS = "must be an address such as https://tasks.example.com"


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        *((variable, "P0D", NOT_POSITIVE) for variable in LIFETIMES),
        *((variable, "10", NO_DURATION) for variable in LIFETIMES),
        *(
            ("FRONT_END_URL", value, NO_ADDRESS)
            for value in ("tasks.example.com", "ftp://example.com", "https://", "http://a\nb")
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == f"{variable}: {message}"
