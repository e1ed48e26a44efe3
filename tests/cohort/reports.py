"""Reports that tests show."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from seedbed.model import Checked, CheckResult, Row, State
from seedbed.report.content import Report

MADE = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)

ROWS = (
    Row(
        slug="ada-lovelace",
        name="Ada Lovelace",
        repository="https://git.example.org/ada-lovelace.git",
        state=State.CURRENT,
        version="v0.3.0",
        behind=0,
        last_commit=MADE - timedelta(hours=3),
        commits=41,
        activity=(0, 12, 29),
        checked=Checked(CheckResult.PASSED, 3.25, "41 passed"),
    ),
    Row(
        slug="grace-hopper",
        name="Grace Hopper",
        repository="https://git.example.org/grace-hopper.git",
        state=State.CONFLICT,
        version="v0.1.0",
        behind=2,
        last_commit=MADE - timedelta(days=9),
        commits=7,
        activity=(5, 2, 0),
        branches=("seedbed/v0.2.0", "seedbed/v0.3.0"),
        conflicts=("README.md", "src/app/main.py"),
        checked=Checked(CheckResult.FAILED, 12.0, "FAILED tests/test_api.py\n1 failed"),
    ),
    Row(
        slug="alan",
        name="Alan Turing",
        repository="/srv/cohort/alan.git",
        state=State.UNREACHABLE,
        reason="no answer in time",
    ),
    Row(
        slug="radia",
        name="Radia Perlman",
        repository="/srv/cohort/radia.git",
        state=State.BEHIND,
        version="v0.2.0",
        behind=1,
        last_commit=MADE - timedelta(days=200),
        commits=0,
        activity=(0, 0, 0),
        checked=Checked(CheckResult.NOT_STARTED, 0, "`uv` was not found"),
    ),
)

HOSTILE = Row(
    slug="mallory",
    name="[red]<script>alert(1)</script>\x1b[31m\u202e" + "long " * 1000,
    repository="javascript:alert(1)",
    state=State.CONFLICT,
    reason="</small><img src=x onerror=alert(1)>\x9b2J",
    version='"><script>alert(1)</script>',
    behind=3,
    last_commit=MADE + timedelta(days=3),
    commits=2,
    activity=(0, 9000),
    branches=("seedbed/<script>alert(1)</script>", "seedbed/" + "b" * 240),
    conflicts=tuple(f"=cmd/{'deep/' * 40}<b>{number}\n.py" for number in range(500)),
    checked=Checked(
        CheckResult.FAILED, 1.0, "</pre><script>alert(1)</script>\x1b[2J\u202e\n" + "x" * 3000
    ),
)


def report(rows: Sequence[Row]) -> Report:
    """A report about some students."""
    return Report("Backend, autumn 2026", "v0.3.0", MADE, rows)
