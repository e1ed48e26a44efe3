"""What every form of the report shows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from seedbed.model import Row, State


@dataclass(frozen=True, slots=True)
class Report:
    """Where the students of a cohort were at some time.

    Attributes:
        cohort: What people call the cohort.
        version: The template's version that all are compared with.
        made: When it was looked, with a time zone.
        rows: The students, in the roster's order.
    """

    cohort: str
    version: str
    made: datetime
    rows: Sequence[Row]

    @property
    def counts(self) -> Mapping[State, int]:
        """How many students are in each state that somebody is in; states in their usual order."""
        found = Counter(row.state for row in self.rows)
        return {state: found[state] for state in State if found[state]}

    @property
    def checked(self) -> bool:
        """Whether students' own tests were run."""
        return any(row.checked for row in self.rows)


def students(count: int) -> str:
    """A number of students in words: `1 student`, `2 students`."""
    return f"{count} student{'' if count == 1 else 's'}"


def date(moment: datetime, report: Report) -> str:
    """The date of a moment, in the time zone of the report."""
    return f"{moment.astimezone(report.made.tzinfo):%Y-%m-%d}"


def date_and_time(moment: datetime, report: Report) -> str:
    """The date and time of a moment, in the time zone of the report."""
    return f"{moment.astimezone(report.made.tzinfo):%Y-%m-%d %H:%M %Z}".strip()
