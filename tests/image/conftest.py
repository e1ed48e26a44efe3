"""What the tests of images share: one engine, and images of generated projects."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.image.engine import find_engine
from tests.image.model import BuildProject, Engine, EngineError, Image
from tests.support import QUESTIONS, copy_project, run

# Taken while tests are collected: when they run, a person's home is out of sight.
HOME = Path.home()
ENGINE = pytest.StashKey[Engine]()


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """What builds and runs images here; at the end all its images and containers are removed."""
    with find_engine(HOME) as found:
        request.config.stash[ENGINE] = found
        yield found


@pytest.fixture(scope="session")
def image_python(engine: Engine) -> str:
    """The newest Python that projects offer and that this machine has a base image of."""
    for version in QUESTIONS["python_version"]["choices"]:
        if engine.has_base(f"python:{version}-slim-bookworm"):
            return str(version)
    raise EngineError("There is a base image for none of the Pythons that projects offer.")


@pytest.fixture(scope="session")
def build_project(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> BuildProject:
    """Lock a copy of a project and build its image, as its owner would."""

    def build(project: Path) -> Image:
        copy = tmp_path_factory.mktemp("project") / project.name
        shutil.copytree(
            project, copy, symlinks=True, ignore=shutil.ignore_patterns(".git", ".venv")
        )
        run(["uv", "lock"], cwd=copy)
        return engine.build(copy, project.name)

    return build


@pytest.fixture(scope="session")
def file_organizer(
    template: Path, tmp_path_factory: pytest.TempPathFactory, image_python: str
) -> Path:
    """A generated file organizer."""
    parent = tmp_path_factory.mktemp("generated")
    return copy_project(template, parent, "file-organizer", python_version=image_python)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what built the images: a stand-in must not pass for the official image."""
    if engine := config.stash.get(ENGINE, None):
        terminalreporter.section("images")
        terminalreporter.line(f"built and run by {engine.name}")
        for note in engine.notes:
            terminalreporter.line(note)
