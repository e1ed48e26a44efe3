"""Settings of Django services: defaults, what is refused, and what the refusal says."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.core.environment import SettingsError
from app.core.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of this machine or of other tests, and no `.env`."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_in_development_nothing_need_be_set() -> None:
    settings = load_settings()
    assert settings.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert not settings.redirects_to_https
    assert settings.access_token_lifetime == timedelta(minutes=10)
    assert settings.refresh_token_lifetime == timedelta(days=14)
    assert settings.web_threads == 8


def test_everything_can_be_set_by_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ALLOWED_HOSTS": " shop.example.com, .example.org,",
        "REDIRECT_TO_HTTPS": "true",
        "ACCESS_TOKEN_LIFETIME": "PT5M",
        "REFRESH_TOKEN_LIFETIME": "P1D",
        "WEB_THREADS": "4",
        "FORWARDED_ALLOW_IPS": "10.0.0.1, fd00::/8",
    }.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.allowed_hosts == ("shop.example.com", ".example.org")
    assert settings.redirects_to_https
    assert settings.access_token_lifetime == timedelta(minutes=5)
    assert settings.refresh_token_lifetime == timedelta(days=1)
    assert settings.web_threads == 4


@pytest.mark.parametrize(("chosen", "expected"), [(None, True), ("false", False), ("true", True)])
def test_in_production_plain_http_is_redirected_unless_it_is_said_not_to(
    monkeypatch: pytest.MonkeyPatch, chosen: str | None, *, expected: bool
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", "0123456789abcdef0123456789abcdef")
    if chosen:
        monkeypatch.setenv("REDIRECT_TO_HTTPS", chosen)
    assert load_settings().redirects_to_https is expected


FORWARDED = (
    "FORWARDED_ALLOW_IPS: proxy is not an address such as 10.0.0.1,"
    " a network such as 10.0.0.0/8, or *"
)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "ALLOWED_HOSTS",
            "https://shop.example.com",
            "ALLOWED_HOSTS: https://shop.example.com is not a host name such as shop.example.com",
        ),
        (
            "FORWARDED_ALLOW_IPS",
            "10.0.0.1,proxy",
            FORWARDED,
        ),
        ("WEB_THREADS", "0", "WEB_THREADS: Input should be greater than or equal to 1"),
        (
            "ACCESS_TOKEN_LIFETIME",
            "PT0S",
            "ACCESS_TOKEN_LIFETIME: Input should be greater than 0 seconds",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == message
