"""The checks that CI runs. `uv run nox` runs them all; `uv run nox -s tests-3.13` runs one."""

import nox

nox.needs_version = ">=2026.10.20"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "types", "tests", "lowest"]

PYTHONS = ["3.11", "3.12", "3.13"]


def sync(session: nox.Session, group: str) -> None:
    """Install the project and one dependency group, exactly as uv.lock says."""
    session.run_install(
        "uv",
        "sync",
        "--locked",
        "--no-default-groups",
        f"--group={group}",
        env={"UV_PROJECT_ENVIRONMENT": session.virtualenv.location},
    )


@nox.session
def lint(session: nox.Session) -> None:
    """Lint rules and formatting."""
    sync(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """Static types."""
    sync(session, "types")
    session.run("mypy")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """All tests, with branch coverage."""
    sync(session, "test")
    session.run("pytest", "--cov", *session.posargs)


@nox.session
def lowest(session: nox.Session) -> None:
    """All tests with the oldest dependencies that pyproject.toml allows."""
    session.install("--resolution=lowest-direct", "--editable=.", "--group=test")
    session.run("pytest", *session.posargs)


@nox.session(default=False, venv_backend="none")
def image(session: nox.Session) -> None:
    """Build the image and try it. Needs Docker."""
    session.run("docker", "build", "--tag=smoke-test", ".")
    session.run("sh", "scripts/smoke_image.sh", "smoke-test")
