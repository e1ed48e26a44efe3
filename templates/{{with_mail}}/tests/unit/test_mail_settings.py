"""Settings of mail: defaults, what is refused, and what the refusal says."""

from pathlib import Path

import pytest

from app.core.environment import SettingsError, load
from app.core.mail import MailServer, MailSettings, mail_server


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of this machine or of other tests, and no `.env`."""
    for name in MailSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_unless_something_is_set_mail_is_written_to_standard_output() -> None:
    settings = load(MailSettings)
    assert mail_server(settings.email_url.get_secret_value()) is None
    assert settings.email_from == "noreply@localhost"


def test_both_can_be_set_by_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtp://mail.example.com")
    monkeypatch.setenv("EMAIL_FROM", "Team <team@example.com>")
    settings = load(MailSettings)
    assert settings.email_url.get_secret_value() == "smtp://mail.example.com"
    assert settings.email_from == "Team <team@example.com>"


SENDER = "EMAIL_FROM: must be an address, such as Team <team@example.com>"
MAIL = "EMAIL_URL: must be console:, or smtp:// or smtps:// and user:password@host:port"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("EMAIL_FROM", "nobody", SENDER),
        ("EMAIL_FROM", "@example.com", SENDER),
        ("EMAIL_FROM", "shop@example.com\nBcc: eve@example.com", SENDER),
        ("EMAIL_URL", "mail.example.com", MAIL),
        ("EMAIL_URL", "smtp://", MAIL),
        ("EMAIL_URL", "smtp://mail.example.com:port", MAIL),
        ("EMAIL_URL", "smtp://[mail", MAIL),
        ("EMAIL_URL", "https://user:secret@mail.example.com", MAIL),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load(MailSettings)
    assert str(caught.value) == message


def test_a_password_for_mail_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtp://user:hunter2@mail.example.com")
    assert "hunter2" not in repr(load(MailSettings))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "smtp://us%40er:p%2Fw@mail.example.com:2525",
            MailServer(
                host="mail.example.com",
                port=2525,
                user="us@er",
                password="p/w",
                encrypted_at_once=False,
            ),
        ),
        (
            "smtp://localhost",
            MailServer(host="localhost", port=587, user="", password="", encrypted_at_once=False),
        ),
        (
            "smtps://localhost",
            MailServer(host="localhost", port=465, user="", password="", encrypted_at_once=True),
        ),
    ],
)
def test_a_mail_server_is_read_from_its_url(url: str, expected: MailServer) -> None:
    assert mail_server(url) == expected
