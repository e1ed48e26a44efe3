"""The report as a page: one file that needs nothing else, and asks nobody for anything."""

import base64
import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from seedbed.model import Row, SeedbedError, State
from seedbed.report.content import Report, date, date_and_time, students
from seedbed.report.table import ago
from seedbed.text import shortened, visible_lines
from seedbed.visible import visible

LONGEST = 80
"""What is longer is cut in the page, and whole where one points at it."""

_HEIGHT = 20
_STEP = 6


def write_page(path: Path, report: Report) -> None:
    """Write a report as a page; who looks at the file meanwhile sees the old one or the new one.

    Args:
        path: The file; one that is there is replaced.
        report: The report.

    Raises:
        SeedbedError: It cannot be written there.
    """
    text = render_page(report)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        # "x": what is there already is not ours. A new file gets the rights that are usual here.
        with unfinished.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        unfinished.replace(path)
    except OSError as error:
        raise SeedbedError(
            f"{path}: {os.strerror(error.errno or 0)}. Name a file in a folder that is there, "
            "and that you may write to"
        ) from error
    finally:
        with suppress(OSError):
            unfinished.unlink()


def render_page(report: Report) -> str:
    """Render a report as a page.

    Args:
        report: The report.

    Returns:
        The page's text.
    """
    style, script, scale = _asset("page.css"), _asset("page.js"), _scale(report)
    return (
        _templates()
        .get_template("page.html.jinja")
        .render(
            report=report,
            policy=_policy(style, script),
            style=style,
            script=script,
            students=[_shown(row, report, scale) for row in report.rows],
            state_class=state_class,
            shares=list(_shares(report)),
            headers=_headers(report),
        )
    )


def state_class(state: str) -> str:
    """A state's name in the style: `update open` is `update-open`."""
    return state.replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a picture.

    Attributes:
        x: Where it begins.
        y: Where its upper end is.
        width: Its width.
        height: Its height.
        kind: What it is in the style.
    """

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A student's commits in each week, drawn.

    Attributes:
        bars: A bar for each week.
        width: The picture's width.
        height: Its height.
        words: The same in words.
    """

    bars: Sequence[Bar]
    width: int
    height: int
    words: str


def _headers(report: Report) -> Sequence[tuple[str, str]]:
    """The columns: what stands above each, and what it holds."""
    always = (
        *(("Student", "text"), ("State", "text"), ("Version", "text"), ("Behind", "number")),
        *(("Last commit", "number"), ("Commits", "number"), ("Activity", "number")),
        *(("Open updates", "text"), ("Conflicts", "number")),
    )
    return (*always, ("Tests", "text")) if report.checked else always


def _shown(row: Row, report: Report, scale: int) -> Mapping[str, Any]:
    """What the template shows of a student; each value is plain text still, and not escaped."""
    return {
        "row": row,
        "name": _cut(row.name),
        "slug": _cut(row.slug),
        "repository": _cut(row.repository),
        "link": row.repository if row.repository.startswith("https://") else "",
        "reason": visible(row.reason),
        "rank": list(State).index(row.state),
        "version": _cut(row.version) if row.version else None,
        "last": row.last_commit and _moment(row.last_commit, report),
        "picture": _picture(row.activity, scale) if row.activity else None,
        "branches": [visible(branch) for branch in row.branches],
        "conflicts": [visible(path) for path in row.conflicts],
        "output": visible_lines(row.checked.output) if row.checked else "",
    }


def _cut(text: str) -> Mapping[str, str]:
    whole = visible(text)
    short = shortened(whole, LONGEST)
    return {"short": short, "whole": whole if short != whole else ""}


def _moment(moment: datetime, report: Report) -> Mapping[str, Any]:
    passed = ago(moment, report)
    told = passed if passed in {"now", date(moment, report)} else f"{passed} ago"
    return {
        "ago": told,
        "exact": date_and_time(moment, report),
        "machine": moment.isoformat(timespec="seconds"),
        "seconds": int(moment.timestamp()),
    }


def _scale(report: Report) -> int:
    """How many commits a full bar is: the same for all, and not for one busy week's sake."""
    weeks = sorted(count for row in report.rows for count in row.activity if count)
    return weeks[(len(weeks) - 1) * 95 // 100] if weeks else 1


def _picture(activity: Sequence[int], scale: int) -> Picture:
    bars = []
    for week, count in enumerate(activity):
        height = max(2.0, round(min(count / scale, 1) * _HEIGHT, 1)) if count else 1.0
        kind = "some" if count else "none"
        bars.append(Bar(week * _STEP, _HEIGHT - height, _STEP - 2, height, kind))
    weeks = ", ".join(map(str, activity))
    words = f"Commits in each of the last {len(activity)} weeks, oldest first: {weeks}"
    return Picture(bars, len(activity) * _STEP - 2, _HEIGHT, words)


def _shares(report: Report) -> Iterator[Bar]:
    """How the states share the cohort, in per cent of the width."""
    begun = 0.0
    for state, count in report.counts.items():
        share = count / len(report.rows) * 100
        yield Bar(round(begun, 3), 0, round(share, 3), 8, state_class(state))
        begun += share


def _policy(style: str, script: str) -> str:
    """The Content-Security-Policy: this style, this script, and nothing else."""
    allowed = {
        "default-src": "'none'",
        "style-src": _hash(style),
        "script-src": _hash(script),
        # An empty icon, so that no browser asks for one.
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in allowed.items())


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _asset(name: str) -> Markup:
    # Ours, and not escaped: a page's style and script are no text of the page.
    return Markup(files("seedbed.report").joinpath(name).read_text(encoding="utf-8"))  # noqa: S704


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("seedbed", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["in_words"] = students
    environment.filters["date_and_time"] = date_and_time
    return environment
