"""What all tests share: a person's own settings kept out, and a template at a known version."""

import os
from pathlib import Path

import pytest

from tests.support import PROJECTS, run, scratch_template

FORGOTTEN = ("CI", "COPIER_", "GIT_", "NOX", "UV_PROJECT", "VIRTUAL_ENV", "XDG_")
KEPT = ("GIT_SSL_CAINFO",)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run be about some projects only."""
    parser.addoption("--project", action="append", choices=PROJECTS, help="prove this project only")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes a `project_name` runs for each project that was asked for."""
    if "project_name" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--project") or PROJECTS
        metafunc.parametrize("project_name", chosen, scope="module")


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
