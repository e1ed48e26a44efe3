"""What all tests share: a person's own settings kept out, and a template at a known version."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from tests.postgres import Postgres, postgres_server
from tests.support import BROWSED, PROJECTS, SERVICES, run, scratch_template
from tests.updates.history import releases

FORGOTTEN = (
    *("CI", "COPIER_", "GIT_", "NOX", "PG", "UV_PROJECT", "VIRTUAL_ENV", "XDG_"),
    # What services read.
    *("ACCESS_TOKEN_", "ALLOWED_HOSTS", "CORS_ORIGINS", "DATABASE_", "DJANGO_", "EMAIL_"),
    *("ENVIRONMENT", "FORWARDED_", "FRONT_END_", "HOST", "INVITATION_", "LOG_", "LOGIN_LIMIT"),
    *("MAX_BODY_", "PORT", "REDIRECT_TO_HTTPS", "REFRESH_TOKEN_", "SECRET_KEY", "SHUTDOWN_"),
    *("TEST_DATABASE_URL", "TOKEN_LIFETIME", "WEB_"),
)
KEPT = ("GIT_SSL_CAINFO",)
# Kinds of projects, by the fixture that gives the folder of one.
KINDS = {"service": SERVICES, "browsed": BROWSED}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run be about some projects only."""
    parser.addoption("--project", action="append", choices=PROJECTS, help="prove this project only")
    parser.addoption("--begun-at", help="update from this released version only")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes a `project_name` runs for each project that was asked for.

    One that takes a project of some kind, such as a `service`, runs for those among them. One that
    also takes the version that it was `begun_at` runs for each released version that had it.
    """
    if "project_name" not in metafunc.fixturenames:
        return
    chosen = _chosen(metafunc.config, metafunc.fixturenames)
    if "begun_at" not in metafunc.fixturenames:
        metafunc.parametrize("project_name", chosen, scope="module")
        return
    wanted = metafunc.config.getoption("--begun-at")
    begun = [
        (project, release.tag)
        for project in chosen
        for release in releases()
        if project in release.projects and wanted in {None, release.version}
    ]
    metafunc.parametrize(("project_name", "begun_at"), begun, scope="module")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of a kind of project are left out, not skipped, where none was asked for."""
    items[:] = [item for item in items if _chosen(config, getattr(item, "fixturenames", ()))]


def _chosen(config: pytest.Config, fixtures: Collection[str]) -> list[str]:
    """The projects that were asked for and are of every kind that a test takes."""
    chosen: list[str] = config.getoption("--project") or list(PROJECTS)
    kinds = [KINDS[name] for name in fixtures if name in KINDS]
    return [name for name in chosen if all(name in kind for kind in kinds)]


@pytest.fixture(scope="session", autouse=True)
def own_settings_kept_out(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing that stands in a person's home or environment may change a result."""
    uv_cache = run(["uv", "cache", "dir"]).strip()
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(FORGOTTEN) and name not in KEPT:
            del os.environ[name]
    settings = home / "copier.yml"
    settings.write_text("{}\n")
    git_config = home / "gitconfig"
    git_config.write_text(
        "[user]\nname = Test\nemail = test@example.com\n[init]\ndefaultBranch = main\n"
    )
    os.environ.update(
        HOME=str(home),
        GIT_CONFIG_GLOBAL=str(git_config),
        GIT_CONFIG_NOSYSTEM="1",
        COPIER_SETTINGS_PATH=str(settings),
        # What is downloaded once serves every test.
        UV_CACHE_DIR=uv_cache,
        NO_COLOR="1",
    )


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template, committed and tagged in a repository of its own."""
    return scratch_template(tmp_path_factory.mktemp("template") / "seedbed")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL that listens on this machine for as long as the tests run."""
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new, empty database: each test that takes one runs on both."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/app.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()
