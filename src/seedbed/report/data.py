"""The report as JSON and as CSV.

The JSON document is an object with these members, and it stays as it is while `format` is 1;
members may be added.

- `format`: 1.
- `cohort`: what people call the cohort.
- `template_version`: the version that all are compared with.
- `made`: when it was looked; as all times in UTC and in the form of RFC 3339.
- `counts`: how many students are in each state.
- `rows`: an object for each student, in the roster's order, with `slug`, `name`, `repository`,
  `state`, `reason`, `version`, `behind`, `last_commit`, `commits`, `activity`, `branches`,
  `conflicts` and `checked`. What is not known is null. `activity` has the commits in each of the
  last weeks, the oldest first. `checked` is null or has `result`, `seconds` and `output`.
"""

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from seedbed.model import Row
from seedbed.report.content import Report
from seedbed.visible import visible

FORMAT = 1
"""Raised when a member of the document is renamed, removed or means something else."""

COLUMNS = (
    *("slug", "name", "repository", "state", "reason", "version", "behind", "last_commit"),
    *("commits", "activity", "branches", "conflicts", "check", "check_seconds"),
)
"""The columns of the CSV; what JSON has as lists is joined with `; `."""

# A cell that begins so is a formula to a spreadsheet, to some also in the wide forms of the signs.
# A separator counts as a beginning, because some split at another one than the comma.
_FORMULA = re.compile(r'(^|[,;|"])(\s*)(?=[-=+@\uff0d\uff1d\uff0b\uff20])')


def to_json(report: Report) -> str:
    """Write a report as JSON.

    Args:
        report: The report.

    Returns:
        The document, in ASCII, so that nothing in it can play tricks on a terminal.
    """
    document = {
        "format": FORMAT,
        "cohort": report.cohort,
        "template_version": report.version,
        "made": _moment(report.made),
        "counts": {state.value: count for state, count in report.counts.items()},
        "rows": [_members(row) for row in report.rows],
    }
    return json.dumps(document, indent=2) + "\n"


def to_csv(report: Report) -> str:
    """Write a report as CSV, a line for each student below the columns' names.

    Args:
        report: The report.

    Returns:
        Lines that end with LF. An apostrophe stands before what a spreadsheet takes for a formula.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in report.rows:
        writer.writerow([_cell(value) for value in _values(row)])
    return stream.getvalue()


def _members(row: Row) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "name": _paired(row.name),
        "repository": _paired(row.repository),
        "state": row.state.value,
        "reason": _paired(row.reason),
        "version": row.version and _paired(row.version),
        "behind": row.behind,
        "last_commit": row.last_commit and _moment(row.last_commit),
        "commits": row.commits,
        "activity": list(row.activity),
        "branches": [_paired(branch) for branch in row.branches],
        "conflicts": [_paired(path) for path in row.conflicts],
        "checked": row.checked
        and {
            "result": row.checked.result.value,
            "seconds": round(row.checked.seconds, 3),
            "output": _paired(row.checked.output),
        },
    }


def _values(row: Row) -> Sequence[object]:
    return (
        row.slug,
        row.name,
        row.repository,
        row.state,
        row.reason,
        row.version,
        row.behind,
        row.last_commit and _moment(row.last_commit),
        row.commits,
        " ".join(map(str, row.activity)),
        "; ".join(row.branches),
        "; ".join(row.conflicts),
        row.checked and row.checked.result,
        row.checked and round(row.checked.seconds, 3),
    )


def _cell(value: object) -> object:
    return _FORMULA.sub(r"\1\2'", visible(value)) if isinstance(value, str) else value


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _paired(text: str) -> str:
    """Write out what is no character: half a pair, as bytes of a path that are no UTF-8 become."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
