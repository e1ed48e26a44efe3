"""Settings that every service has: defaults, what is refused, and what the refusal says."""

from pathlib import Path

import pytest

from app.core.environment import DEVELOPMENT_SECRET, ServiceSettings, SettingsError, load

SECRET = "0123456789abcdef0123456789abcdef"
SECRET_TOO_SHORT = (
    "SECRET_KEY must have at least 32 characters and be secret:"
    ' python -c "import secrets; print(secrets.token_urlsafe(48))"'
)


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of this machine or of other tests, and no `.env`."""
    for name in ServiceSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_in_development_nothing_need_be_set() -> None:
    settings = load(ServiceSettings)
    assert settings.environment == "development"
    assert settings.database_url == "sqlite:///app.db"
    assert settings.secret_key.get_secret_value() == DEVELOPMENT_SECRET
    assert (settings.host, settings.port, settings.logs_as) == ("127.0.0.1", 8000, "text")
    assert settings.cors_origins == ()


def test_everything_can_be_set_by_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ENVIRONMENT": "production",
        "DATABASE_URL": "postgresql://user:word@host/name?sslmode=require",
        "SECRET_KEY": SECRET,
        "LOGIN_LIMIT": "3/hour",
        "CORS_ORIGINS": " https://a.example/ ,https://b.example,",
        "MAX_BODY_BYTES": "2048",
        "LOG_LEVEL": "ERROR",
        "PORT": "0",
    }.items():
        monkeypatch.setenv(name, value)
    settings = load(ServiceSettings)
    assert settings.database_url == "postgresql://user:word@host/name?sslmode=require"
    assert (settings.login_rate.amount, settings.login_rate.get_expiry()) == (3, 3600)
    assert settings.cors_origins == ("https://a.example", "https://b.example")
    assert (settings.max_body_bytes, settings.port) == (2048, 0)
    assert settings.logs_as == "json"


def test_a_file_has_what_no_variable_has(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PORT=8001\nHOST=0.0.0.0\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("PORT", "8002")
    settings = load(ServiceSettings)
    assert (settings.host, settings.port) == ("0.0.0.0", 8002)


def test_the_format_of_logs_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")
    assert load(ServiceSettings).logs_as == "json"


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("CORS_ORIGINS", "")
    settings = load(ServiceSettings)
    assert (settings.database_url, settings.cors_origins) == ("sqlite:///app.db", ())


def test_origins_can_be_given_as_values() -> None:
    assert ServiceSettings(cors_origins=("https://a.example",)).cors_origins == (
        "https://a.example",
    )


DATABASES = [
    "postgresql://user:word@host:5432/name?sslmode=require",
    "postgresql://user:p%40ss@[2001:db8::1]/name",
    "postgresql:///name",
    "postgres://host/name",
    "sqlite:///app.db",
    "sqlite:////data/app.db",
]


@pytest.mark.parametrize("url", DATABASES)
def test_a_database_is_postgresql_or_a_file(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert load(ServiceSettings).database_url == url


NOT_A_URL = "DATABASE_URL: is not a URL such as sqlite:///app.db"
NOT_A_DATABASE = (
    "DATABASE_URL: must begin with postgresql:// or name a file, as sqlite:///app.db does"
)
NOT_A_LIMIT = "LOGIN_LIMIT: must be a number of tries and a time, such as 10/minute"
WRONG = {
    "no URL": ({"DATABASE_URL": "app.db"}, NOT_A_URL),
    "half of a URL": ({"DATABASE_URL": "sqlite:app.db"}, NOT_A_URL),
    "an impossible host": ({"DATABASE_URL": "postgresql://[host/name"}, NOT_A_URL),
    "an impossible port of the database": (
        {"DATABASE_URL": "postgresql://host:port/name"},
        NOT_A_URL,
    ),
    "an impossible port among parameters": (
        {"DATABASE_URL": "postgresql:///name?host=a,b&port=5432,x"},
        NOT_A_URL,
    ),
    "another database": ({"DATABASE_URL": "mysql://host/name"}, NOT_A_DATABASE),
    "a driver": ({"DATABASE_URL": "postgresql+psycopg://host/name"}, NOT_A_DATABASE),
    "in memory": ({"DATABASE_URL": "sqlite://"}, NOT_A_DATABASE),
    "in memory by name": ({"DATABASE_URL": "sqlite:///:memory:"}, NOT_A_DATABASE),
    "a file on a host": ({"DATABASE_URL": "sqlite://host/app.db"}, NOT_A_DATABASE),
    "no secret": ({"ENVIRONMENT": "production"}, SECRET_TOO_SHORT),
    "short secret": ({"SECRET_KEY": "short"}, SECRET_TOO_SHORT),
    "public secret": (
        {"ENVIRONMENT": "production", "SECRET_KEY": DEVELOPMENT_SECRET},
        SECRET_TOO_SHORT,
    ),
    "no limit": ({"LOGIN_LIMIT": "often"}, NOT_A_LIMIT),
    "no tries at all": ({"LOGIN_LIMIT": "0/minute"}, NOT_A_LIMIT),
    "two limits": ({"LOGIN_LIMIT": "1/minute;9/hour"}, NOT_A_LIMIT),
    "a path in an origin": (
        {"CORS_ORIGINS": "https://a.example/app"},
        "CORS_ORIGINS: https://a.example/app is not an origin such as http://localhost:4200, nor *",
    ),
    "unknown place": (
        {"ENVIRONMENT": "staging"},
        "ENVIRONMENT: Input should be 'development' or 'production'",
    ),
    "impossible port": ({"PORT": "65536"}, "PORT: Input should be less than or equal to 65535"),
}


@pytest.mark.parametrize(("variables", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], message: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load(ServiceSettings)
    assert str(caught.value) == message


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "x")
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    with pytest.raises(SettingsError) as caught:
        load(ServiceSettings)
    assert str(caught.value).splitlines() == [
        "LOG_LEVEL: Input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'",
        "PORT: Input should be a valid integer, unable to parse string as an integer",
    ]


def test_a_secret_is_not_shown() -> None:
    assert SECRET not in repr(ServiceSettings(secret_key=SECRET))
