"""The log has each change, whole, whoever writes at the same time and whatever they die of."""

import json
import resource
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seedbed.log import append
from seedbed.model import SeedbedError
from tests.cohort.logs import read
from tests.cohort.working import until

EVENT: dict[str, str | None] = {
    "command": "update",
    "student": "ada",
    "repository": "https://example.org/ada.git",
    "ref": "refs/heads/seedbed/v0.2.0",
    "before": None,
    "after": "1a2b3c4",
    "stage": "begun",
}
WRITER = """
import sys
from pathlib import Path
from seedbed.log import append

for number in range(int(sys.argv[3])):
    append(Path(sys.argv[1]), {"writer": sys.argv[2], "number": str(number), "filler": "x" * 5000})
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / ".seedbed" / "log.jsonl"


@contextmanager
def files_end_at(size: int) -> Iterator[None]:
    """Let this process write no file that is longer, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def events(log: Path) -> list[dict[str, object]]:
    """All events, without their times."""
    return [{key: event[key] for key in event if key != "time"} for event in read(log)]


def writers(log: Path, count: int, events: int) -> list[subprocess.Popen[bytes]]:
    return [
        subprocess.Popen([sys.executable, "-c", WRITER, log, f"{number}", f"{events}"])
        for number in range(count)
    ]


def test_an_event_is_a_line_with_the_time_in_utc(log: Path) -> None:
    before = datetime.now(UTC)
    append(log, EVENT)
    append(log, EVENT | {"stage": "done"})

    lines = log.read_text().splitlines()
    times = [datetime.fromisoformat(json.loads(line)["time"]) for line in lines]
    assert before <= times[0] <= times[1] <= datetime.now(UTC)
    assert [json.loads(line)["time"][-1] for line in lines] == ["Z", "Z"]
    assert events(log) == [EVENT, EVENT | {"stage": "done"}]


def test_a_user_name_and_a_password_are_not_written(log: Path) -> None:
    append(log, {"repository": "https://ada:secret@example.org/ada.git"})

    assert events(log) == [{"repository": "https://example.org/ada.git"}]
    assert "secret" not in log.read_text()


def test_a_name_with_line_ends_is_one_line_of_plain_ascii(log: Path) -> None:
    append(log, {"ref": "refs/heads/a\nb\u2028c\u202e\x1b[1m"})

    assert log.read_bytes().count(b"\n") == 1
    assert log.read_bytes().isascii()
    assert events(log) == [{"ref": "refs/heads/a\nb\u2028c\u202e\x1b[1m"}]


def test_many_processes_may_write_at_once(log: Path) -> None:
    started = writers(log, count=6, events=60)

    assert [writer.wait() for writer in started] == [0] * 6
    found = Counter((event["writer"], event["number"]) for event in read(log))
    assert found == Counter(
        (str(writer), str(number)) for writer in range(6) for number in range(60)
    )
    assert len(log.read_bytes().splitlines()) == 360


def test_writers_that_are_killed_cost_no_other_event(log: Path) -> None:
    started = writers(log, count=3, events=1_000_000)
    until(lambda: len({event["writer"] for event in read(log)}) == 3)
    for writer in started:
        writer.kill()
        writer.wait()
    before = len(list(read(log)))
    append(log, EVENT)

    assert events(log)[before:] == [EVENT]
    for number in range(3):
        mine = [event["number"] for event in read(log) if event.get("writer") == str(number)]
        assert mine == [str(each) for each in range(len(mine))]


@pytest.mark.parametrize(
    "torn",
    [b'{"student": "bob", "af', b"{", b'{"student": "bob"}', b"\xff\xfe", b"[1]", b"\0" * 99],
)
def test_a_torn_line_is_ended_and_the_next_event_is_whole(log: Path, torn: bytes) -> None:
    append(log, EVENT)
    whole = log.read_bytes()
    log.write_bytes(whole + torn)
    append(log, EVENT | {"stage": "done"})

    assert log.read_bytes().startswith(whole + torn + b"\n")
    assert [event for event in events(log) if event != {"student": "bob"}] == [
        EVENT,
        EVENT | {"stage": "done"},
    ]


@pytest.mark.parametrize("room", [0, 1, 100])
def test_a_full_disk_leaves_the_log_as_it_was_and_says_so(log: Path, room: int) -> None:
    append(log, EVENT)
    whole = log.read_bytes()
    with (
        files_end_at(len(whole) + room),
        pytest.raises(SeedbedError) as error,
    ):
        append(log, EVENT)

    assert str(error.value) == (
        f"the log {log} cannot be written (File too large), and nothing is changed that is not in"
        " it: put that right, and run the same command again"
    )
    assert log.read_bytes() == whole
    append(log, EVENT)
    assert events(log) == [EVENT, EVENT]


def test_a_log_that_is_a_folder_is_an_error_with_what_to_do(log: Path) -> None:
    log.mkdir(parents=True)
    with pytest.raises(SeedbedError) as error:
        append(log, EVENT)

    assert str(error.value) == (
        f"the log {log} cannot be written (Is a directory), and nothing is changed that is not in"
        " it: put that right, and run the same command again"
    )
