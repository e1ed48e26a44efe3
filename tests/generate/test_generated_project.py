"""What a learner does on the first day works, word for word and with nothing mended first."""

import os
import re
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.browser import find_browser
from tests.generate.quick_start import blocks, paste, run_quick_start
from tests.image.compose import compose_services
from tests.postgres import Postgres
from tests.support import QUESTIONS, copy_project, git, run

# Projects support the Pythons that the question offers. On a newer one, prove the newest of them.
SUPPORTED = sorted(QUESTIONS["python_version"]["choices"], key=lambda text: int(text.split(".")[1]))
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
PYTHON = RUNNING if RUNNING in SUPPORTED else SUPPORTED[-1]


@pytest.fixture(scope="module")
def project(
    project_name: str,
    template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    own_settings_kept_out: None,  # noqa: ARG001 - it must have run before
) -> Path:
    """A project with the default answers, put into Git and not touched since."""
    folder = tmp_path_factory.mktemp("generated")
    return copy_project(template, folder, project_name, python_version=PYTHON)


@pytest.fixture(scope="module")
def service(project: Path) -> Path:
    """The project, where it is a service."""
    return project


@pytest.fixture(scope="module")
def browsed(project: Path) -> Path:
    """The project, where it has pages for people."""
    return project


@pytest.fixture(autouse=True)
def on_this_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """uv takes the Python under proof, and nox the sessions that it can run."""
    monkeypatch.setenv("UV_PYTHON", sys.executable if RUNNING == PYTHON else PYTHON)
    # Not the environment of these tests but the Python it was made from is what a learner has.
    monkeypatch.setenv("PATH", f"{sys.base_prefix}/bin:{os.environ['PATH']}")
    monkeypatch.setenv("NOXSESSION", f"lint,types,tests-{PYTHON},lowest")


def test_the_readmes_quick_start_runs_word_for_word(project: Path) -> None:
    run_quick_start(project)


def test_lint_types_tests_and_oldest_dependencies_are_green_untouched(project: Path) -> None:
    paste(project, blocks((project / "README.md").read_text(), "Tests"))


def test_every_hook_passes_and_changes_nothing(project: Path) -> None:
    run(["uv", "lock"], cwd=project)
    git(project, "add", "--all")

    run(["uv", "run", "pre-commit", "run", "--all-files"], cwd=project)

    assert git(project, "diff", "--name-only") == ""


def test_hooks_refuse_a_conflict_that_an_update_left(project: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    run(["git", "clone", "--quiet", project, clone])
    run(["uv", "sync"], cwd=clone)
    run(["uv", "run", "pre-commit", "install"], cwd=clone)
    readme = clone / "README.md"
    conflict = "<<<<<<< before updating\nmine\n=======\ntheirs\n>>>>>>> after updating\n"
    readme.write_text(conflict + readme.read_text())
    git(clone, "add", "README.md")

    with pytest.raises(AssertionError, match=r"refuse conflict markers\.+Failed"):
        git(clone, "commit", "--message", "Update")

    assert git(clone, "log", "--format=%s") == "From the template\n"


def test_nothing_that_the_day_leaves_behind_would_be_committed_by_accident(
    project: Path, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    run(["git", "clone", "--quiet", project, clone])

    run_quick_start(clone)
    run(["uv", "run", "pytest", "tests/unit", "--cov", "--cov-fail-under=0"], cwd=clone)
    run(["uv", "build", "--quiet"], cwd=clone)

    changed = git(clone, "status", "--porcelain", "--untracked-files=all").split("\n")
    assert {line[3:] for line in changed if line} == {"uv.lock"}


def test_the_package_is_whole_and_has_the_licence(project: Path, tmp_path: Path) -> None:
    run(["uv", "build", "--quiet", "--out-dir", tmp_path], cwd=project)
    (wheel,) = tmp_path.glob("*.whl")
    (sdist,) = tmp_path.glob("*.tar.gz")

    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
        licences = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]
    with tarfile.open(sdist) as archive:
        sources = {name.partition("/src/")[2] for name in archive.getnames() if "/src/" in name}

    tracked = git(project, "ls-files", "src").split()
    code = {name.removeprefix("src/") for name in tracked}
    assert {name for name in shipped if not name.endswith("/")} == code
    assert code <= sources
    assert len(licences) == 1


def test_every_setting_of_a_service_is_named_wherever_people_look_for_it(service: Path) -> None:
    program = (
        "from app.core.settings import Settings; print(*map(str.upper, Settings.model_fields))"
    )
    settings = set(run(["uv", "run", "python", "-c", program], cwd=service).split())
    readme, example = ((service / name).read_text() for name in ("README.md", ".env.example"))
    rows = re.findall(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|", readme, re.MULTILINE)

    assert set(re.findall("[A-Z_]+", " ".join(rows))) == settings
    assert set(re.findall("^# ([A-Z_]+)=", example, re.MULTILINE)) == settings
    # Where it serves, the image says.
    assert {*compose_services(service)["api"]["environment"], "HOST", "PORT"} == settings


def test_a_service_passes_its_tests_on_postgresql_too_and_leaves_no_database(
    service: Path, postgres: Postgres
) -> None:
    databases = "SELECT datname FROM pg_database ORDER BY 1"
    before = postgres.ask(databases)

    run(["uv", "run", "pytest"], cwd=service, env={"TEST_DATABASE_URL": postgres.url})

    assert postgres.ask(databases) == before


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_project_with_pages_for_people_passes_its_tests_in_a_browser(
    browsed: Path, database: str, request: pytest.FixtureRequest
) -> None:
    env = {"CHROMIUM": find_browser()}
    if database == "postgresql":
        env["TEST_DATABASE_URL"] = request.getfixturevalue("postgres").url

    run(["uv", "run", "pytest", "-m", "browser"], cwd=browsed, env=env)


def test_migrations_lead_up_and_down_on_each_database(service: Path, database_url: str) -> None:
    run(["sh", "scripts/prove_migrations.sh", database_url], cwd=service)
