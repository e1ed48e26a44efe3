"""The proofs of this repository: `nox` runs them on this Python, `nox -t full` on all and more."""

import json
import os
import tomllib
from pathlib import Path

import nox

nox.needs_version = ">=2026.10.20"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
# Sessions share nothing but uv's cache, which is made for that: side by side they take about half
# the time on two cores. Each one's output is shown when it ends; `--parallel 1` shows it at once.
nox.options.parallel = os.cpu_count()
nox.options.allow_parallel = True

OTHER_PYTHONS = ["3.11", "3.12", "3.13"]
PROJECTS: list[str] = json.loads(Path("cookiecutter.json").read_text(encoding="utf-8"))["project"]
# The projects that serve; a test compares this with copier.yml, which nox has no parser for.
SERVICES = ["blog-api", "commerce-backend", "task-manager"]
RELEASES = tomllib.loads(Path("releases.toml").read_text(encoding="utf-8"))["release"]
BEGUN = [(project, each["version"]) for each in RELEASES for project in each["projects"]]


UPDATING = "tests/updates/test_updating.py"


def install(session: nox.Session, *groups: str) -> None:
    """Install seedbed and the named dependency groups of pyproject.toml."""
    session.install("--editable=.", *(f"--group={group}" for group in groups))


@nox.session(tags=["full"])
def lint(session: nox.Session) -> None:
    """Lint rules, formatting and types, of this repository and of the layers as they stand."""
    install(session, "lint")
    session.run("ruff", "check", "--config=ruff.toml")
    session.run("ruff", "format", "--check", "--config=ruff.toml")
    session.run("mypy")


@nox.session(tags=["full"])
def tests(session: nox.Session) -> None:
    """Questions, layers, rendering, updates, both doors, and what the other proofs rest on."""
    install(session, "test", "postgres")
    session.run("pytest", "-n2", "tests/template", "tests/machinery", *session.posargs)
    session.run("pytest", "-n2", "tests/updates", f"--ignore={UPDATING}", *session.posargs)
    # Two plugins, for Copier and for cookiecutter, claim the same option and cannot meet.
    session.run("pytest", "-n2", "-pno:copie", "-pcookies", "tests/doors", *session.posargs)


@nox.session(tags=["full"])
@nox.parametrize("project", PROJECTS, ids=PROJECTS)
def generate(session: nox.Session, project: str) -> None:
    """A project does what its README says and passes its own checks, on this Python."""
    prove_generated(session, project)


@nox.session(python=OTHER_PYTHONS, tags=["full"], default=False)
@nox.parametrize("project", PROJECTS, ids=PROJECTS)
def generate_on(session: nox.Session, project: str) -> None:
    """The same on each Python that projects support."""
    prove_generated(session, project)


def prove_generated(session: nox.Session, project: str) -> None:
    """Run the proofs of one generated project on the session's Python."""
    install(session, "test", "postgres")
    session.run("python", "-m", "tests.browser", project)
    session.run("pytest", "tests/generate", f"--project={project}", *session.posargs)


@nox.session(tags=["full"])
@nox.parametrize(("project", "begun"), BEGUN, ids=[" ".join(each) for each in BEGUN])
def update(session: nox.Session, project: str, begun: str) -> None:
    """A project that was begun at a released version, and changed since, gets the newest one."""
    install(session, "test")
    options = (f"--project={project}", f"--begun-at={begun}")
    session.run("pytest", UPDATING, *options, *session.posargs)


@nox.session(tags=["full"])
def cohorts(session: nox.Session) -> None:
    """The cohort program: seeding, updating, looking, over real transports and with real faults."""
    prove_cohorts(session)


@nox.session(python=OTHER_PYTHONS, tags=["full"], default=False)
def cohorts_on(session: nox.Session) -> None:
    """The same on each Python that seedbed supports."""
    prove_cohorts(session)


def prove_cohorts(session: nox.Session) -> None:
    """Run the proofs of the cohort program on the session's Python."""
    install(session, "test")
    session.run("python", "-m", "tests.browser")
    session.run("python", "-m", "tests.cohort.install")
    session.run("pytest", "-n2", "tests/cohort", *session.posargs)


@nox.session(default=False)
def release(session: nox.Session) -> None:
    """Release a version, if all updates to it are green: `nox -s release -- 0.2.0`."""
    install(session, "test")
    # First what takes a moment to find.
    session.run("python", "tools/release.py", "--check", *session.posargs)
    session.run("pytest", "-n2", "tests/updates")
    session.run("python", "tools/release.py", *session.posargs)


@nox.session(tags=["full"])
@nox.parametrize("project", SERVICES, ids=SERVICES)
def fuzz(session: nox.Session, project: str) -> None:
    """A service answers whatever it is sent as its OpenAPI document says, on both databases."""
    install(session, "test", "fuzz")
    session.run("pytest", "-n2", "tests/fuzz", f"--project={project}", *session.posargs)


@nox.session(tags=["full"])
def workflows(session: nox.Session) -> None:
    """zizmor, schemas and hadolint, over this repository and every project."""
    install(session, "test", "workflows")
    session.run("pytest", "-n2", "tests/workflows", *session.posargs)


@nox.session(tags=["full"])
def image(session: nox.Session) -> None:
    """Every project's image, built and run with Docker or, without a daemon, with buildah."""
    install(session, "test", "postgres")
    session.run("python", "-m", "tests.image.install")
    session.run("pytest", "tests/image", *session.posargs)
