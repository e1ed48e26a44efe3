"""What the file organizer's image is for: a folder of this machine put in order, and back."""

import os
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.image.model import BuildProject, Completed, Container, Engine, Image, Mount
from tests.image.ownership import OWNER, OWNING_USER, owned
from tests.support import tree

pytestmark = pytest.mark.image

MESSY = {
    "notes.txt": b"some notes\n",
    "report.pdf": b"%PDF-1.7\nreport\n%%EOF\n",
    "letter": b"%PDF-1.7\nletter\n%%EOF\n",
    "holiday.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "unknown.zzz": b"stays\n",
    "kept/inside.txt": b"stays in its folder\n",
}
# By the rules that the program has without being given any.
PLACES = {
    "notes.txt": "Documents/notes.txt",
    "report.pdf": "Documents/report.pdf",
    "letter": "Documents/letter",  # found by looking into it
    "holiday.jpg": "Pictures/2024/holiday.jpg",
}
ORDERED = {PLACES.get(name, name): content for name, content in MESSY.items()}
# In one year wherever the clock is set.
CHANGED = datetime(2024, 6, 15, tzinfo=UTC).timestamp()
# More than can be moved in the time that a signal takes.
MANY = 20_000


@pytest.fixture(scope="module")
def image(build_project: BuildProject, file_organizer: Path) -> Image:
    return build_project(file_organizer)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """What keeps the journal between containers: a volume's place."""
    return owned(tmp_path / "state")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A messy folder of its owner's."""
    folder = tmp_path / "folder"
    for name, content in MESSY.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (CHANGED, CHANGED))
    return owned(folder)


def organize(
    engine: Engine, image: Image, *arguments: str, folder: Path, state: Path | None = None
) -> Completed:
    """Run the image on a folder as the folder's owner would."""
    mounts = [Mount(folder, "/data")]
    if state:
        mounts.append(Mount(state, "/state"))
    done = engine.run(image, *arguments, mounts=mounts, user=OWNING_USER)
    assert done.exit_code == 0, done.stderr
    return done


def test_nothing_in_it_runs_as_root(engine: Engine, image: Image) -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", image.user)
    assert engine.run(image, "-u", entrypoint=["id"]).stdout.strip() == image.user.split(":")[0]


def test_it_says_how_it_is_used_when_asked_nothing(engine: Engine, image: Image) -> None:
    done = engine.run(image)
    assert done.exit_code == 0
    assert "Usage" in done.stdout
    assert "organize" in done.stdout


def test_the_journal_is_kept_on_a_volume(image: Image) -> None:
    assert image.environment["ORGANIZE_STATE_DIR"] in image.volumes


def test_a_command_that_ends_has_no_health_check(image: Image) -> None:
    assert image.healthcheck is None


def test_sources_and_secrets_stay_out_of_it(engine: Engine, image: Image) -> None:
    done = engine.run(image, "/app", "-mindepth", "1", "-maxdepth", "1", entrypoint=["find"])
    assert done.stdout.split() == ["/app/.venv"]


def test_plan_shows_and_changes_nothing(
    engine: Engine, image: Image, folder: Path, state: Path
) -> None:
    done = organize(engine, image, "plan", "/data", folder=folder, state=state)
    assert "notes.txt" in done.stdout
    assert tree(folder) == MESSY


def test_run_puts_a_mounted_folder_in_order(
    engine: Engine, image: Image, folder: Path, state: Path
) -> None:
    organize(engine, image, "run", "/data", folder=folder, state=state)
    assert tree(folder) == ORDERED
    assert {path.stat().st_uid for path in folder.rglob("*")} == {OWNER}


def test_any_user_can_run_it_without_a_volume(engine: Engine, image: Image, folder: Path) -> None:
    organize(engine, image, "run", "/data", folder=folder)
    assert tree(folder) == ORDERED


def test_undo_in_another_container_brings_everything_back(
    engine: Engine, image: Image, folder: Path, state: Path
) -> None:
    organize(engine, image, "run", "/data", folder=folder, state=state)
    organize(engine, image, "undo", folder=folder, state=state)
    assert tree(folder) == MESSY


def test_sigterm_in_a_big_run_stops_it_and_every_file_is_there_once(
    engine: Engine, image: Image, tmp_path: Path, state: Path
) -> None:
    folder = tmp_path / "big"
    folder.mkdir()
    names = [f"{number:05}.txt" for number in range(MANY)]
    for name in names:
        (folder / name).write_text(name)
    owned(folder)
    before = tree(folder)

    mounts = [Mount(folder, "/data"), Mount(state, "/state")]
    with engine.start(image, "run", "/data", mounts=mounts, user=OWNING_USER) as container:
        wait_until_a_file_has_moved(folder, container)
        stopped = container.stop()

    assert stopped.exit_code == 143
    assert stopped.seconds < 10
    after = tree(folder)
    assert sorted(after.values()) == sorted(before.values())
    assert 0 < len(before.keys() & after.keys()) < MANY
    organize(engine, image, "undo", folder=folder, state=state)
    assert tree(folder) == before


def wait_until_a_file_has_moved(folder: Path, container: Container) -> None:
    deadline = time.monotonic() + 60
    while not any(path.is_file() for path in folder.glob("*/**/*")):
        assert container.output() is None, container.logs()
        assert time.monotonic() < deadline, container.logs()
