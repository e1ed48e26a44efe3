"""Students side by side: what happens to one is that one's, and nothing outlives the program."""

import errno
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pexpect
import psutil
import pytest

from seedbed import running
from seedbed.model import Outcome, Result, SeedbedError, Student
from seedbed.running import Run, default_jobs, run
from tests.cohort.working import MARK, PATIENCE, REPOSITORY, Working, marked, student, until

KILLED = (
    "its process was ended from outside, 2 times (SIGKILL): is there enough memory?"
    " Try again with fewer --jobs"
)
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def work(tmp_path: Path) -> Working:
    return Working(tmp_path)


@pytest.fixture
def mark() -> Iterator[str]:
    mark = str(uuid4())
    yield mark
    for process in marked(mark):
        with suppress(psutil.NoSuchProcess):
            process.kill()


@pytest.fixture
def start(work: Working, mark: str) -> Iterator[Start]:
    """Start a program that runs students; its files are `out` and `err` in the folder."""
    started = []

    def start(*slugs: str, jobs: int = 2) -> subprocess.Popen[str]:
        with (work.folder / "out").open("w") as out, (work.folder / "err").open("w") as err:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.cohort.working", work.folder, str(jobs), *slugs],
                cwd=REPOSITORY,
                env={**os.environ, MARK: mark},
                stdout=out,
                stderr=err,
                text=True,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def outcomes(work: Working, *slugs: str, jobs: int = 2) -> dict[str, tuple[Result, str]]:
    done = run([student(slug) for slug in slugs], work, jobs=jobs, bugs=work.folder)
    assert (done.left, done.interrupted) == (0, False)
    return {each.slug: (each.result, each.reason) for each in done.results}


def written(work: Working) -> tuple[list[str], list[str]]:
    """What the program wrote: on stdout, on stderr."""
    out, err = ((work.folder / name).read_text().splitlines() for name in ("out", "err"))
    return out, err


def test_results_have_the_order_of_the_students_whoever_is_finished_first(work: Working) -> None:
    ended: list[str] = []

    def note_and_let_go(student: Student, _result: object) -> None:
        ended.append(student.slug)
        if ended == ["bob", "cyd"]:
            work.go()

    students = [student(slug) for slug in ("waits-ada", "bob", "cyd")]
    done = run(students, work, jobs=2, bugs=work.folder, ended=note_and_let_go)

    assert [each.slug for each in done.results] == ["waits-ada", "bob", "cyd"]
    assert ended == ["bob", "cyd", "waits-ada"]


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_work_is_done_by_as_many_other_processes_as_there_are_jobs(
    work: Working, start: Start, jobs: int
) -> None:
    program = start(*(f"waits-{number}" for number in range(6)), jobs=jobs)
    until(lambda: len(work.begun()) == jobs)
    work.go()

    assert program.wait(PATIENCE) == 0
    assert len(work.begun()) == 6
    # Each has one student at a time.
    assert len(work.processes()) == jobs
    assert program.pid not in work.processes()


def test_no_students_are_no_work(work: Working) -> None:
    assert run([], work, jobs=4, bugs=work.folder) == Run([], 0)


def test_as_many_jobs_as_this_process_may_use_processors() -> None:
    assert default_jobs() == len(psutil.Process().cpu_affinity())


def test_an_error_that_was_foreseen_is_that_students_reason(work: Working) -> None:
    assert outcomes(work, "fails-ada", "bob") == {
        "fails-ada": (Result.FAILED, "the server is on fire: put it out"),
        "bob": (Result.DONE, ""),
    }


def test_what_the_machine_refuses_is_that_students_reason_and_no_bug(work: Working) -> None:
    place = work.folder / "seedbed-students" / "ada.git"
    reason = f"Not a directory: {place}. Put this right, and run the same command again."
    assert outcomes(work, "needs-ada") == {"needs-ada": (Result.FAILED, reason)}


def test_a_reason_names_no_temporary_folder_so_that_it_is_the_same_for_all(work: Working) -> None:
    reason = (
        f"No such file or directory: {work.folder}. Put this right, and run the same command again."
    )
    assert outcomes(work, "lacks-ada", "lacks-bob") == {
        "lacks-ada": (Result.FAILED, reason),
        "lacks-bob": (Result.FAILED, reason),
    }


def test_a_bug_is_told_in_the_same_words_to_all_and_its_traceback_is_in_a_file(
    work: Working,
) -> None:
    found = outcomes(work, "breaks-ada", "bob", "breaks-cyd", "exits-dan", "eve")

    ((_, reason), _, (_, same), (_, other), _) = found.values()
    assert [result for result, _ in found.values()] == [
        *(Result.FAILED, Result.DONE, Result.FAILED, Result.FAILED, Result.DONE),
    ]
    assert same == reason
    files = sorted(work.folder.glob("bug-*.txt"))
    assert {reason, other} == {
        f"seedbed itself failed ({kind}): please report it, and attach {file}"
        for kind in ("LookupError", "SystemExit")
        for file in files
        if f"\n{kind}: " in file.read_text()
    }
    assert len(files) == 2


def test_a_traceback_has_no_password_in_it(work: Working) -> None:
    outcomes(work, "breaks-ada")

    (file,) = work.folder.glob("bug-*.txt")
    assert file.read_text().splitlines()[-1] == "LookupError: https://example.org/x.git"


def test_a_bug_whose_traceback_cannot_be_written_is_told_all_the_same(work: Working) -> None:
    (work.folder / "file").touch()
    done = run([student("breaks-ada")], work, jobs=1, bugs=work.folder / "file")

    (result,) = done.results
    assert re.sub(r"bug-\w+", "bug-", result.reason) == (
        "seedbed itself failed (LookupError): please report it,"
        f" but {work.folder}/file/bug-.txt could not be written: File exists"
    )


def _sends_what_cannot_be_sent(student: Student) -> object:
    return (lambda: student) if student.slug == "ada" else student.slug


def test_a_result_that_cannot_be_sent_is_a_bug_and_the_worker_goes_on(tmp_path: Path) -> None:
    students = [student(slug) for slug in ("ada", "bob")]
    failed, sent = run(students, _sends_what_cannot_be_sent, jobs=1, bugs=tmp_path).results

    assert isinstance(failed, Outcome)
    assert failed.reason.startswith("seedbed itself failed (")
    assert sent == "bob"


def test_a_worker_that_is_killed_fails_its_own_student_and_no_other(work: Working) -> None:
    slugs = ("dies-ada", "bob", "cyd", "dies-dan", "eve")

    assert outcomes(work, *slugs) == {
        "dies-ada": (Result.FAILED, KILLED),
        "bob": (Result.DONE, ""),
        "cyd": (Result.DONE, ""),
        "dies-dan": (Result.FAILED, KILLED),
        "eve": (Result.DONE, ""),
    }
    assert [work.tries(slug) for slug in slugs] == [2, 1, 1, 2, 1]


def test_a_student_whose_worker_is_killed_once_is_done_at_the_second_try(work: Working) -> None:
    assert outcomes(work, "once-ada", "bob") == {
        "once-ada": (Result.DONE, ""),
        "bob": (Result.DONE, ""),
    }
    assert (work.tries("once-ada"), work.tries("bob")) == (2, 1)


def test_a_worker_that_leaves_by_itself_is_told_with_its_exit_code(work: Working) -> None:
    assert outcomes(work, "leaves-ada")["leaves-ada"] == (
        Result.FAILED,
        KILLED.replace("SIGKILL", "exit code 7"),
    )


def test_what_workers_start_takes_signals_as_usual(work: Working) -> None:
    outcomes(work, "asks-ada")

    assert (work.folder / "signals").read_text() == (
        "[<built-in function default_int_handler>, <Handlers.SIG_DFL: 0>] set()\n"
    )


def test_a_listener_that_fails_ends_the_run_once_the_begun_are_finished(work: Working) -> None:
    def fail(_student: Student, _result: object) -> None:
        work.go()
        raise BrokenPipeError

    students = [student(slug) for slug in ("ada", "waits-bob", "cyd", "dan")]
    with pytest.raises(BrokenPipeError):
        run(students, work, jobs=2, bugs=work.folder, ended=fail)

    assert work.begun() == {"ada", "waits-bob"}


def test_signals_are_handled_as_before_once_a_run_is_over(work: Working) -> None:
    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    outcomes(work, "ada")

    after = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    assert after == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_lets_the_begun_be_finished_and_nobody_else_begin(
    work: Working, start: Start, mark: str, number: signal.Signals
) -> None:
    program = start("waits-ada", "waits-bob", "cyd", "dan")
    until(lambda: work.begun() == {"waits-ada", "waits-bob"})
    program.send_signal(number)
    until(lambda: written(work)[1])
    work.go()

    assert program.wait(PATIENCE) == 130
    assert written(work) == (
        ["waits-ada: done", "waits-bob: done", "left: 2"],
        ["stopping, 2 in flight"],
    )
    assert work.begun() == {"waits-ada", "waits-bob"}
    until(lambda: not marked(mark))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_shells_and_timeouts_say_twice_is_no_second_ctrl_c(
    work: Working, start: Start, number: signal.Signals
) -> None:
    program = start("waits-ada", "waits-bob", "cyd")
    until(lambda: work.begun() == {"waits-ada", "waits-bob"})
    program.send_signal(number)
    until(lambda: written(work)[1])
    program.send_signal(number)
    work.go()

    assert program.wait(PATIENCE) == 130
    assert written(work)[0] == ["waits-ada: done", "waits-bob: done", "left: 1"]


def test_where_the_machine_has_no_more_processes_those_that_there_are_do_all(
    work: Working,
) -> None:
    # Each worker needs a few open files, of which this program may have no more than 40.
    slugs = [f"s{number}" for number in range(60)]
    program = [sys.executable, "-m", "tests.cohort.working", str(work.folder), "60", *slugs]
    limited = ["sh", "-c", 'ulimit -n 40; exec "$@"', "sh", *program]
    done = subprocess.run(
        limited, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=PATIENCE
    )

    assert done.stderr == ""
    assert done.stdout.splitlines() == [*(f"{slug}: done" for slug in slugs), "left: 0"]


@pytest.mark.parametrize("most", [0, 2])
def test_a_worker_that_cannot_be_started_is_done_without(
    work: Working, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    start_one = running._Pool._start

    def start(pool: running._Pool, one: Student) -> running._Worker:
        if len(pool.busy) >= most:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        return start_one(pool, one)

    monkeypatch.setattr(running._Pool, "_start", start)
    slugs = ["ada", "bob", "cyd", "dan", "eve"]
    if most:
        results = run(map(student, slugs), work, jobs=4, bugs=work.folder).results
        assert [each.slug for each in results] == slugs
        assert {work.tries(slug) for slug in slugs} == {1}
    else:
        with pytest.raises(SeedbedError, match=r"No process can be started: .*fewer --jobs"):
            run(map(student, slugs), work, jobs=4, bugs=work.folder)


def test_ctrl_c_on_a_terminal_which_all_processes_get_lets_the_begun_be_finished(
    work: Working, mark: str
) -> None:
    arguments = ["-m", "tests.cohort.working", str(work.folder), "2", "waits-ada", "waits-bob"]
    program = pexpect.spawn(
        sys.executable,
        [*arguments, "cyd"],
        cwd=REPOSITORY,
        env={**os.environ, MARK: mark},
        encoding="utf-8",
        timeout=PATIENCE,
    )
    until(lambda: work.begun() == {"waits-ada", "waits-bob"})
    program.sendintr()
    program.expect_exact("stopping, 2 in flight\r\n")
    work.go()

    assert program.read().splitlines() == ["waits-ada: done", "waits-bob: done", "left: 1"]
    program.close()
    assert program.exitstatus == 130


def test_ctrl_c_while_the_last_are_in_flight_changes_nothing(work: Working, start: Start) -> None:
    program = start("waits-ada", "waits-bob")
    until(lambda: len(work.begun()) == 2)
    program.send_signal(signal.SIGINT)
    until(lambda: written(work)[1])
    work.go()

    assert program.wait(PATIENCE) == 0
    assert written(work)[0] == ["waits-ada: done", "waits-bob: done", "left: 0"]


@pytest.mark.parametrize("what", ["starts", "stubborn"])
def test_a_second_ctrl_c_stops_at_once_with_all_that_workers_have_started(
    work: Working, start: Start, mark: str, what: str
) -> None:
    program = start("ada", f"{what}-bob", "waits-cyd", "dan")
    until((work.folder / "child").exists)
    until(lambda: work.begun() == {"ada", f"{what}-bob", "waits-cyd"})
    program.send_signal(signal.SIGINT)
    until(lambda: written(work)[1])
    program.send_signal(signal.SIGINT)

    assert program.wait(PATIENCE) == 130
    assert written(work) == (["ada: done", "left: 3"], ["stopping, 2 in flight"])
    until(lambda: not marked(mark))
    assert list(work.folder.glob("scratch-*")) == []


@pytest.mark.parametrize("what", ["starts", "stubborn"])
def test_when_the_program_is_killed_nothing_that_it_has_started_is_left(
    work: Working, start: Start, mark: str, what: str
) -> None:
    program = start(f"{what}-ada", "waits-bob", "cyd")
    until((work.folder / "child").exists)
    program.kill()

    until(lambda: not marked(mark))
    assert list(work.folder.glob("scratch-*")) == []
    assert written(work)[1] == []


def test_a_killed_server_of_processes_is_replaced_and_nobody_notices(
    work: Working, start: Start, mark: str
) -> None:
    program = start("waits-ada", "waits-bob", "dies-cyd", "dan")
    until(lambda: len(work.begun()) == 2)
    (server,) = {each.parent() for each in marked(mark) if each.pid in work.processes()}
    assert server is not None
    server.kill()
    work.go()

    assert program.wait(PATIENCE) == 0
    assert written(work)[0] == [
        *("waits-ada: done", "waits-bob: done", "dies-cyd: failed", "dan: done", "left: 0"),
    ]
