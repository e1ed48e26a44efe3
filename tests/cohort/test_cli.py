"""The command line, as a person or a CI job calls it: what it prints where, and its exit codes."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

import seedbed
from seedbed import cli
from tests.cohort.logs import read
from tests.cohort.working import MARK, PATIENCE, marked, until
from tests.cohort.world import Working, small_template
from tests.support import git

COHORT = """\
name = "Backend 2026"
[template]
source = "../template"
version = "v1.0.0"
[answers]
project_name = "Counter"
author = "{name}"
[repositories]
%s
[commit]
author = "Backend 2026 <teachers@example.org>"
date = 2026-09-01T09:00:00Z
[check]
command = ["true"]
"""
HELP = "seedbed --help lists the commands, seedbed COMMAND --help explains one."
GO_ON = "Run the same command again: it does what is missing."
SLUGS = ("ada", "bob", "cyd")
# Tells that it is there, and waits; so that a push is in flight for as long as a test wants.
WAIT = """\
#!/bin/sh
touch "$(basename "$PWD").here"
until test -e ../go; do sleep 0.05; done
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with a cohort, from which commands are given."""

    folder: Path
    mark: str

    @property
    def repositories(self) -> Path:
        return self.folder / "repositories"

    def write(self, *slugs: str, repositories: str = 'folder = "repositories"') -> None:
        """Write the cohort's files."""
        (self.folder / "cohort.toml").write_text(COHORT % repositories)
        rows = [f"{slug.title()},{slug}@example.org" for slug in slugs]
        (self.folder / "roster.csv").write_text("\n".join(["name,email", *rows, ""]))

    def start(self, *arguments: str, stdout: int = subprocess.PIPE) -> "subprocess.Popen[str]":
        """Begin a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "seedbed", *arguments],
            cwd=self.folder,
            env={**os.environ, MARK: self.mark, "COLUMNS": "200"},
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            # So that all of it can be sent a signal, as a terminal does.
            process_group=0,
        )

    def __call__(self, *arguments: str) -> Ended:
        """Give a command."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=PATIENCE)
        return Ended(process.returncode, out, err)

    def mains(self) -> dict[str, str]:
        """The commit that `main` has, of each repository that there is."""
        return {
            path.stem: git(
                path, "for-each-ref", "--format=%(objectname)", "refs/heads/main"
            ).strip()
            for path in sorted(self.repositories.glob("[!.]*.git"))
        }

    def on_a_server(self, hook: str, *slugs: str) -> None:
        """Write the cohort's files, with repositories that are there and have a hook."""
        self.write(*slugs, repositories=f'url = "file://{self.repositories}/{{slug}}.git"')
        for slug in slugs:
            path = self.repositories / f"{slug}.git"
            path.mkdir(parents=True)
            git(path, "init", "--quiet", "--bare", "--initial-branch=main")
            (path / "hooks" / "pre-receive").write_text(hook)
            (path / "hooks" / "pre-receive").chmod(0o755)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_template(tmp_path_factory.mktemp("cli") / "template")


@pytest.fixture
def run(template: Path, tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "template").symlink_to(template)
    place = Place(tmp_path / "cohort", str(uuid4()))
    place.folder.mkdir()
    place.write(*SLUGS)
    yield place
    for process in marked(place.mark):
        with suppress(psutil.NoSuchProcess):
            process.kill()


def short(commit: str) -> str:
    return commit[:7]


def sorted_lines(text: str) -> list[str]:
    return sorted(text.splitlines())


def test_the_command_is_installed() -> None:
    (command,) = distribution("seedbed").entry_points.select(group="console_scripts")
    assert command.name == "seedbed"
    assert command.load() is cli.main


@pytest.mark.parametrize("words", [("seed",), ("status",), ("init", "new", "--template", "x")])
def test_without_git_it_is_told_that_git_is_needed(
    run: Place, monkeypatch: pytest.MonkeyPatch, words: Sequence[str]
) -> None:
    monkeypatch.setenv("PATH", str(run.folder))
    told = "error: There is no Git here. Install Git 2.38 or later, and run it again.\n"
    assert run(*words) == Ended(1, "", told)
    assert not run.repositories.exists()


def test_the_version_is_shown(run: Place) -> None:
    assert run("--version") == Ended(0, f"seedbed {seedbed.__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["grow"], "No such command 'grow'."),
        (["sed"], "No such command 'sed'. Did you mean 'seed'?"),
        (["seed", "--fast"], "No such option: --fast."),
        (
            ["seed", "--jobs", "0"],
            "Invalid value for '--jobs': Input should be greater than or equal to 1.",
        ),
        ([], "Missing command."),
    ],
)
def test_a_misspelt_command_is_told_with_where_to_look(
    run: Place, arguments: Sequence[str], error: str
) -> None:
    assert run(*arguments) == Ended(
        2,
        "",
        f"error: {error} {HELP}\n",
    )


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (
            ["seed", "--only", "ad"],
            '--only "ad" is nobody\'s slug. Did you mean `ada`?',
        ),
        (
            ["update", "--shard", "3/2"],
            '--shard "3/2" names no part. Write it like 2/5: the second of five parts.',
        ),
        (
            ["status", "--to", "v9"],
            "The template has no version v9. Versions it has: v1.0.0, v1.1.0, v1.2.0, v2.0.0.",
        ),
        (["status", "--json", "--csv"], "--json and --csv exclude each other: give one of them."),
        (["init", "."], "./cohort.toml"),
        (["status", "--html", "."], "--html . cannot be written"),
        (["status", "--html", "nowhere/x.html"], "--html nowhere/x.html cannot be written"),
        (["init", "new", "--template", "https://t0ken@host/x.git"], "--template has a user"),
    ],
)
def test_what_is_not_there_is_a_mistake_of_the_command_line(
    run: Place, arguments: Sequence[str], error: str
) -> None:
    ended = run(*arguments)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("error: ")
    assert error.removeprefix("./") in ended.err
    assert ended.err.count("\n") == 1
    assert run.mains() == {}


def test_all_mistakes_are_listed_with_file_and_line_and_nothing_is_done(run: Place) -> None:
    with (run.folder / "roster.csv").open("a") as roster:
        roster.write("Dan,nowhere\nAda,ada2@example.org\n")
    ended = run("seed")

    assert (ended.code, ended.out) == (2, "")
    *mistakes, end = ended.err.splitlines()
    assert {mistake.split(": ")[0] for mistake in mistakes} == {"roster.csv:5", "roster.csv:6"}
    assert end == "Correct these 2 and run it again. Nothing was done."
    assert run.mains() == {}


def test_init_writes_both_files_and_a_dry_run_none(run: Place) -> None:
    assert run("init", "new", "--dry-run").out == (
        "would write new/cohort.toml\nwould write new/roster.csv\n"
    )
    assert not (run.folder / "new").exists()
    assert run("init", "new") == Ended(0, "wrote new/cohort.toml\nwrote new/roster.csv\n", "")
    assert {path.name for path in (run.folder / "new").iterdir()} == {"cohort.toml", "roster.csv"}


def test_seed_gives_each_a_repository_and_again_does_nothing(run: Place) -> None:
    first = run("seed")
    mains = run.mains()
    again = run("seed")

    assert mains.keys() == set(SLUGS)
    lines = [f"{slug}: seeded {short(mains[slug])}" for slug in SLUGS]
    assert (first.code, first.err) == (0, "")
    assert sorted_lines(first.out) == sorted([*lines, "3 done"])
    assert first.out.endswith("\n3 done\n")
    assert (again.code, again.err) == (0, "")
    assert sorted_lines(again.out) == sorted(
        [*(f"{slug}: seeded already" for slug in SLUGS), "3 nothing to do"]
    )
    assert run.mains() == mains


def test_a_dry_run_says_what_would_be_done_and_does_nothing(run: Place) -> None:
    ended = run("seed", "--dry-run")

    assert ended.code == 0
    assert sorted_lines(ended.out) == sorted(
        ["3 done", *(f"{slug}: would seed {run.repositories}/{slug}.git" for slug in SLUGS)]
    )
    assert ended.err == "This was a dry run: nothing was changed.\n"
    assert run.mains() == {}
    assert list(read(run.folder / ".seedbed" / "log.jsonl")) == []


def test_a_late_joiner_is_added_and_who_has_left_is_listed_and_kept(run: Place) -> None:
    run("seed")
    mains = run.mains()
    run.write("ada", "cyd", "dan")
    ended = run("seed", "--only", "dan")

    after = run.mains()
    assert ended == Ended(
        0,
        f"dan: seeded {short(after['dan'])}\n1 done\n"
        "not in the roster any more, and left alone: bob\n",
        "",
    )
    assert after == {**mains, "dan": after["dan"]}


def test_shards_do_each_student_once(run: Place) -> None:
    parts = [run("seed", "--shard", f"{part}/2") for part in (1, 2)]

    assert [part.code for part in parts] == [0, 0]
    assert [part.out.splitlines()[-1] for part in parts] == ["2 done", "1 done"]
    assert run.mains().keys() == set(SLUGS)


def test_one_failure_stops_nobody_and_is_summed_up(run: Place) -> None:
    run.repositories.mkdir()
    (run.repositories / "bob.git").write_text("in the way")
    ended = run("seed")

    assert ended.code == 1
    assert ended.out.splitlines()[-2] == "2 done, 1 failed"
    assert ended.out.splitlines()[-1].startswith("1 failed: ")
    assert ended.out.endswith(": bob\n")
    (run.repositories / "bob.git").unlink()
    assert run("seed").code == 0
    assert all(run.mains().values())


def test_an_update_is_a_branch_and_conflicts_are_listed_by_student(
    run: Place, tmp_path: Path
) -> None:
    run("seed")
    ada = Working.clone(run.repositories / "ada.git", tmp_path / "ada")
    ada.replace("README.md", "By ", "With love, by ")
    ada.push()
    mains = run.mains()
    looked = run("update", "--dry-run")
    assert run.mains() == mains
    ended = run("update")

    summary = ["2 done, 1 conflict", "conflict: ada: README.md"]
    assert looked.code == ended.code == 3
    assert sorted_lines(ended.out) == sorted(
        [
            "ada: pushed seedbed/v2.0.0, with conflicts in README.md",
            "bob: pushed seedbed/v2.0.0",
            "cyd: pushed seedbed/v2.0.0",
            *summary,
        ]
    )
    assert sorted_lines(looked.out) == sorted_lines(ended.out.replace(": pushed", ": would push"))
    assert run.mains() == mains


def test_a_clean_update_moves_main_if_asked_to(run: Place) -> None:
    run("seed")
    before = run.mains()
    ended = run("update", "--to", "1.1.0", "--merge-clean")

    assert (ended.code, ended.err) == (0, "")
    assert sorted_lines(ended.out) == sorted(
        ["3 done", *(f"{slug}: pushed main" for slug in SLUGS)]
    )
    assert all(after != before[slug] for slug, after in run.mains().items())


def test_status_is_a_table_or_json_or_csv_and_a_page(run: Place) -> None:
    run("seed", "--only", "ada", "--only", "bob")
    run("update", "--only", "bob")
    states = {"ada": "behind", "bob": "update open", "cyd": "missing"}

    table = run("status")
    assert (table.code, table.err) == (0, "")
    assert table.out.splitlines()[-1] == (
        "3 students, template v2.0.0: 1 missing, 1 behind, 1 update open"
    )
    as_json = run("status", "--json")
    assert {row["slug"]: row["state"] for row in json.loads(as_json.out)["rows"]} == states
    as_csv = run("status", "--csv")
    rows = csv.DictReader(io.StringIO(as_csv.out))
    assert {row["slug"]: row["state"] for row in rows} == states
    page = run("status", "--html", "page.html", "--check")
    assert (page.code, page.err) == (0, "wrote page.html\n")
    assert "passed" in page.out
    assert "Backend 2026" in (run.folder / "page.html").read_text()


def test_a_dry_run_writes_no_page(run: Place) -> None:
    ended = run("status", "--html", "page.html", "--dry-run")

    assert (ended.code, ended.err) == (0, "would write page.html\n")
    assert not (run.folder / "page.html").exists()


def test_status_fails_where_one_cannot_look_and_shows_all_rows(run: Place) -> None:
    run.write(*SLUGS, repositories='url = "http://127.0.0.1:1/{slug}.git"')
    ended = run("status", "--json", "--only", "ada")

    assert ended.code == 1
    (row,) = json.loads(ended.out)["rows"]
    assert (row["slug"], row["state"]) == ("ada", "unreachable")


@pytest.mark.parametrize("arguments", [["--version"], ["status"], ["status", "--json"], ["seed"]])
def test_a_reader_who_goes_away_ends_it_in_silence(run: Place, arguments: Sequence[str]) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    process = run.start(*arguments, stdout=writes)
    os.close(writes)
    _, err = process.communicate(timeout=PATIENCE)

    assert (process.returncode, err) == (141, "")
    until(lambda: not marked(run.mark))


@pytest.mark.parametrize("closing", [">&- 2>&-", "<&-", "<&- >&- 2>&-"])
def test_a_closed_input_or_output_is_no_error(run: Place, closing: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closing}', "sh", sys.executable, "-m", "seedbed", "seed"],
        cwd=run.folder,
        check=False,
    )

    assert done.returncode == 0
    assert run.mains().keys() == set(SLUGS)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_finishes_those_in_flight_says_how_to_go_on_and_again_does_the_rest(
    run: Place, number: signal.Signals
) -> None:
    run.on_a_server(WAIT, *SLUGS)
    program = run.start("seed", "--jobs", "1")
    until(lambda: list(run.repositories.glob("*/*.here")))
    assert run("seed") == Ended(
        1,
        "",
        f"error: Another seedbed is at work on this cohort (process {program.pid}). Wait until it"
        " has ended, or bring it back with `fg` if it is suspended, and run the same command again."
        " Nothing was changed.\n",
    )
    program.send_signal(number)
    assert program.stderr is not None
    stopping = program.stderr.readline()
    (run.repositories / "go").touch()
    out, err = program.communicate(timeout=PATIENCE)

    ada = run.mains()["ada"]
    assert (program.returncode, run.mains()) == (130, {"ada": ada, "bob": "", "cyd": ""})
    assert out == f"ada: seeded {short(ada)}\n1 done, 2 not begun or not finished\n"
    assert stopping == (
        "Stopping once the one in flight is finished. Once more, to stop at once.\n"
    )
    assert err == f"{GO_ON}\n"
    assert run("seed").code == 0
    assert {**run.mains(), "ada": ada} == run.mains()
    assert all(run.mains().values())


def test_ctrl_c_twice_stops_at_once_and_again_does_the_rest(run: Place) -> None:
    run.on_a_server(WAIT, *SLUGS)
    program = run.start("seed", "--jobs", "2")
    until(lambda: len(list(run.repositories.glob("*/*.here"))) == 2)
    program.send_signal(signal.SIGINT)
    assert program.stderr is not None
    program.stderr.readline()
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=PATIENCE)

    assert (program.returncode, out, err) == (
        130,
        "3 not begun or not finished\n",
        f"{GO_ON}\n",
    )
    until(lambda: not marked(run.mark))
    stages = [event["stage"] for event in read(run.folder / ".seedbed" / "log.jsonl")]
    assert stages == ["begun", "begun"]
    (run.repositories / "go").touch()
    assert run("seed").code == 0
    assert all(run.mains().values())


def test_a_kill_leaves_nothing_behind_and_again_does_the_rest(run: Place) -> None:
    run.on_a_server(WAIT, *SLUGS)
    program = run.start("seed", "--jobs", "2")
    until(lambda: len(list(run.repositories.glob("*/*.here"))) == 2)
    program.kill()
    program.communicate(timeout=PATIENCE)
    until(lambda: not marked(run.mark))
    (run.repositories / "go").touch()

    assert run("seed").code == 0
    assert all(run.mains().values())


@pytest.mark.parametrize("milliseconds", range(0, 1000, 200))
def test_ctrl_c_at_any_time_shows_no_traceback_and_again_does_the_rest(
    run: Place, milliseconds: int
) -> None:
    program = run.start("seed")
    until((run.folder / ".seedbed" / "lock").exists)
    time.sleep(milliseconds / 1000)
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGINT)
    out, err = program.communicate(timeout=PATIENCE)

    assert program.returncode in {0, 130}, err
    assert "Traceback" not in out + err
    until(lambda: not marked(run.mark))
    assert run("seed").code == 0
    assert all(run.mains().values())
    assert run.mains().keys() == set(SLUGS)


def test_an_interrupted_look_shows_no_half_report(run: Place, tmp_path: Path) -> None:
    check = f"""command = ["sh", "-c", "touch {tmp_path}/here; sleep 600"]"""
    run("seed")
    text = (run.folder / "cohort.toml").read_text()
    (run.folder / "cohort.toml").write_text(text.replace('command = ["true"]', check))
    program = run.start("status", "--check", "--json", "--jobs", "1")
    until((tmp_path / "here").exists)
    program.send_signal(signal.SIGINT)
    assert program.stderr is not None
    program.stderr.readline()
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=PATIENCE)

    assert (program.returncode, out, err) == (
        130,
        "",
        f"There is no report: 3 of 3 not looked at. {GO_ON}\n",
    )
    until(lambda: not marked(run.mark))
