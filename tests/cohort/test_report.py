"""A report as a table, as JSON and as CSV: all of it, and safe to show."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from rich.console import Console

from seedbed.model import Checked, CheckResult, Row, State
from seedbed.report.content import Report
from seedbed.report.data import to_csv, to_json
from seedbed.report.table import ago, show_table
from seedbed.text import shortened, visible_lines
from tests.cohort.reports import HOSTILE, MADE, ROWS, report

WHOLE = """\
Student       Name           State        Version (behind)  Last commit  Commits  Open updates  Conflicts  Tests
ada-lovelace  Ada Lovelace   current      v0.3.0                    3 h       41             0          0  passed
grace-hopper  Grace Hopper   conflict     v0.1.0 (2)                9 d        7             2          2  failed
alan          Alan Turing    unreachable  -                           -        -             0          0  -
radia         Radia Perlman  behind       v0.2.0 (1)               28 w        0             0          0  not started

unreachable, 1 student: no answer in time
  alan

4 students, template v0.3.0: 1 current, 1 behind, 1 conflict, 1 unreachable
"""  # noqa: E501 - as wide as it is


def table(shown: Report, *, width: int = 80, terminal: bool = True, colour: bool = False) -> str:
    """What a report looks like on a terminal, or to a program that reads it."""
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        force_terminal=terminal,
        color_system="standard" if colour else None,
        no_color=not colour,
        _environ={},
    )
    show_table(shown, console)
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def test_a_terminal_of_80_columns_has_each_student_in_a_line() -> None:
    assert (
        table(report(ROWS))
        == """\
                         Version      Last            Open
Student      State       (behind)   commit Commits updates Conflicts Tests
ada-lovelace current     v0.3.0        3 h      41       0         0 passed
grace-hopper conflict    v0.1.0 (2)    9 d       7       2         2 failed
alan         unreachable -               -       -       0         0 -
radia        behind      v0.2.0 (1)   28 w       0       0         0 not started

unreachable, 1 student: no answer in time
  alan

4 students, template v0.3.0: 1 current, 1 behind, 1 conflict, 1 unreachable
"""
    )


def test_a_wider_terminal_has_the_names_as_well() -> None:
    assert table(report(ROWS), width=120) == WHOLE


def test_what_is_no_terminal_gets_all_of_it_uncut() -> None:
    assert table(report(ROWS), width=20, terminal=False) == WHOLE


def test_states_and_results_have_their_colours() -> None:
    shown = table(report(ROWS), colour=True)

    assert "\x1b[32mcurrent" in shown
    assert "\x1b[31mfailed" in shown


def test_without_checks_there_is_no_column_for_them() -> None:
    assert (
        table(report([Row("ada", "Ada", "/ada.git", State.MISSING)]))
        == """\
                  Version    Last            Open
Student   State   (behind) commit Commits updates Conflicts
ada       missing -             -       -       0         0

1 student, template v0.3.0: 1 missing
"""
    )


def test_an_empty_roster_is_a_line() -> None:
    assert table(report([])) == "0 students, template v0.3.0\n"


def test_the_same_reason_is_told_once_with_all_it_happened_to() -> None:
    rows = [
        Row(slug, slug, f"/{slug}.git", State.UNREACHABLE, reason=reason)
        for slug, reason in (("ada", "no answer"), ("alan", "no access"), ("grace", "no answer"))
    ]

    assert table(report(rows), width=120).partition("\n\n")[2] == (
        "unreachable, 2 students: no answer\n"
        "  ada, grace\n\n"
        "unreachable, 1 student: no access\n"
        "  alan\n\n"
        "3 students, template v0.3.0: 3 unreachable\n"
    )


def test_hostile_text_does_nothing_to_a_terminal_and_is_no_markup() -> None:
    shown = table(report([HOSTILE]), terminal=False)

    assert "[red]<script>alert(1)</script>\\x1b[31m\\u202e" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert len(max(shown.splitlines(), key=len)) < 300


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=1), "1 d"),
        (timedelta(days=99), "99 d"),
        (timedelta(days=100), "14 w"),
        (timedelta(days=-3), "2026-11-30"),
    ],
)
def test_how_long_ago_is_told_in_a_few_characters(passed: timedelta, told: str) -> None:
    assert ago(MADE - passed, report([])) == told


def test_dates_are_told_in_the_time_zone_of_the_report() -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    made = datetime(2026, 11, 27, 2, tzinfo=india)

    told = ago(datetime(2026, 11, 26, 21, tzinfo=UTC), Report("Autumn", "v0.3.0", made, []))

    assert told == "2026-11-27"


def test_json_has_everything_and_its_form_is_stable() -> None:
    assert json.loads(to_json(report(ROWS[1:3]))) == {
        "format": 1,
        "cohort": "Backend, autumn 2026",
        "template_version": "v0.3.0",
        "made": "2026-11-27T22:00:00Z",
        "counts": {"conflict": 1, "unreachable": 1},
        "rows": [
            {
                "slug": "grace-hopper",
                "name": "Grace Hopper",
                "repository": "https://git.example.org/grace-hopper.git",
                "state": "conflict",
                "reason": "",
                "version": "v0.1.0",
                "behind": 2,
                "last_commit": "2026-11-18T22:00:00Z",
                "commits": 7,
                "activity": [5, 2, 0],
                "branches": ["seedbed/v0.2.0", "seedbed/v0.3.0"],
                "conflicts": ["README.md", "src/app/main.py"],
                "checked": {
                    "result": "failed",
                    "seconds": 12.0,
                    "output": "FAILED tests/test_api.py\n1 failed",
                },
            },
            {
                "slug": "alan",
                "name": "Alan Turing",
                "repository": "/srv/cohort/alan.git",
                "state": "unreachable",
                "reason": "no answer in time",
                "version": None,
                "behind": None,
                "last_commit": None,
                "commits": None,
                "activity": [],
                "branches": [],
                "conflicts": [],
                "checked": None,
            },
        ],
    }


def test_json_keeps_hostile_text_as_it_is_and_is_ascii() -> None:
    text = to_json(report([HOSTILE]))

    row = json.loads(text)["rows"][0]
    assert text.isascii()
    assert "\x1b" not in text
    assert (row["name"], len(row["conflicts"])) == (HOSTILE.name, 500)


def test_json_writes_out_bytes_of_a_path_that_are_no_text() -> None:
    row = Row("ada", "Ada", "/ada.git", State.CONFLICT, conflicts=["a\udcff.py"])

    assert json.loads(to_json(report([row])))["rows"][0]["conflicts"] == ["a\\udcff.py"]


def test_csv_has_a_line_for_each_student() -> None:
    assert (
        to_csv(report(ROWS))
        == """\
slug,name,repository,state,reason,version,behind,last_commit,commits,activity,branches,conflicts,check,check_seconds
ada-lovelace,Ada Lovelace,https://git.example.org/ada-lovelace.git,current,,v0.3.0,0,2026-11-27T19:00:00Z,41,0 12 29,,,passed,3.25
grace-hopper,Grace Hopper,https://git.example.org/grace-hopper.git,conflict,,v0.1.0,2,2026-11-18T22:00:00Z,7,5 2 0,seedbed/v0.2.0; seedbed/v0.3.0,README.md; src/app/main.py,failed,12.0
alan,Alan Turing,/srv/cohort/alan.git,unreachable,no answer in time,,,,,,,,,
radia,Radia Perlman,/srv/cohort/radia.git,behind,,v0.2.0,1,2026-05-11T22:00:00Z,0,0 0 0,,,not started,0
"""  # noqa: E501 - as wide as it is
    )


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1", " '=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("Ada;=1+1", "Ada;'=1+1"),
        ('Ada",=1+1', "Ada\",'=1+1"),
        ("\t=1", "\\t=1"),
        ("Ada\r\n=1", "Ada\\r\\n=1"),
        ("Ada-Maria O'Neill", "Ada-Maria O'Neill"),
    ],
)
def test_csv_has_no_formulas(name: str, cell: str) -> None:
    text = to_csv(report([Row("ada", name, "/ada.git", State.EMPTY)]))

    header, row = csv.reader(io.StringIO(text))
    assert dict(zip(header, row, strict=True))["name"] == cell


def test_csv_has_one_line_for_hostile_text_too() -> None:
    text = to_csv(report([HOSTILE]))

    assert text.count("\n") == 2
    assert "\r" not in text
    assert "\x1b" not in text
    (row,) = csv.DictReader(io.StringIO(text))
    assert len(row["conflicts"].split("; ")) == 500


def test_lines_keep_their_ends_and_lose_what_is_for_terminals() -> None:
    written = "\x1b[1;31mred\x1b[0m\r\n\x1b]0;title\x07a\tb\n10%\r100%\n\x1b\u202e\x00"

    assert visible_lines(written) == "red\na       b\n100%\n\\x1b\\u202e\\x00"


def test_what_is_cut_shows_it() -> None:
    assert [shortened("12345", 5), shortened("1234 6", 6), shortened("1234 67", 6)] == [
        "12345",
        "1234 6",
        "1234…",
    ]


def test_a_check_is_told_by_its_result() -> None:
    rows = [
        Row("s", "S", "/s.git", State.CURRENT, checked=Checked(result, 1.5, ""))
        for result in CheckResult
    ]

    _, header, *lines = table(report(rows)).splitlines()
    column = header.index("Tests")
    told = ["passed", "failed", "timed out", "not started"]
    assert [line[column:] for line in lines[: len(told)]] == told
