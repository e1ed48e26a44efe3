"""`seedbed status`: where each student's repository is."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from seedbed.checking import check
from seedbed.exporting import export
from seedbed.failures import Failure, GitError
from seedbed.git import git
from seedbed.history import NotFromTemplateError, answers_at, contains, start_of
from seedbed.messages import conflicts_in, on_one_line
from seedbed.model import Checked, CheckResult, Cohort, Row, State, Student
from seedbed.remote import EMPTIED, MAIN, UPDATES, Remote
from seedbed.scratch import scratch
from seedbed.tools import Tools, tools_of

WEEKS = 12
"""For how many weeks activity is counted."""
_WEEK = 7 * 24 * 60 * 60
_MARKS = rf"^(<<<<<<< {MAIN}|>>>>>>> {UPDATES}.*)$"


@dataclass(frozen=True, slots=True)
class Surveying:
    """Looks at one student after another; a picklable callable, for a pool of processes.

    Attributes:
        cohort: The cohort.
        to: The tag of the version that is current.
        check: Run each project's own tests.
    """

    cohort: Cohort
    to: str
    check: bool = False

    def __call__(self, student: Student) -> Row:
        """Look at one student's repository. Nothing is changed."""
        tools = tools_of(self.cohort)
        remote = Remote.of(self.cohort, student)
        row = Row(student.slug, student.name, remote.place.shown, State.MISSING)
        with scratch(self.cohort, tools.store, student.slug) as repository:
            try:
                branches = remote.fetch(repository)
                if MAIN not in branches:
                    seeded = bool(tools.store.versions(student.slug))
                    return _without_main(row, remote.branches(repository), seeded=seeded)
            except GitError as error:
                if error.failure is Failure.NOT_THERE:
                    return row
                return replace(row, state=State.UNREACHABLE, reason=str(error))
            survey = _Survey(self, tools, repository, student, branches)
            row = survey.activity(survey.state(row))
            if self.check:
                row = replace(row, checked=survey.checked())
        return row


@dataclass(frozen=True, slots=True)
class _Survey:
    """Looks at one student's branches, which were fetched."""

    surveying: Surveying
    tools: Tools
    repository: Path
    student: Student
    branches: Mapping[str, str]

    def state(self, row: Row) -> Row:
        """Tell the state, with what led to it."""
        main = self.branches[MAIN]
        strange = start_of(self.tools, self.repository, main, self.student.slug) is None
        try:
            version = answers_at(self.tools, self.repository, main).version
        except NotFromTemplateError as error:
            return replace(row, state=State.DIVERGED, reason=str(error))
        behind = self.tools.template.between(version, self.surveying.to)
        updates = self._updates(version)
        conflicts = self._conflicts(updates[-1]) if updates else ()
        return replace(
            row,
            state=State.DIVERGED if strange else _state(behind, updates, conflicts),
            reason=f"{MAIN} does not come from the cohort's first commit" if strange else "",
            version=version,
            behind=max(behind, 0),
            branches=updates,
            conflicts=conflicts,
        )

    def activity(self, row: Row) -> Row:
        """Tell when the student committed, and how often."""
        main = self.branches[MAIN]
        log = self._git("log", "--format=%ct %ce", main, "--").decode(errors="replace")
        # What the template brought is not the student's.
        ours = self.surveying.cohort.author.email
        # An address may have what ends a line outside of Git.
        lines = [line.partition(" ") for line in log.split("\n") if line]
        times = [int(seconds or 0) for seconds, _, email in lines if email != ours]
        last = self._git("log", "--max-count=1", "--format=%ct", main, "--")
        return replace(
            row,
            last_commit=_date(int(last.strip() or 0)),
            commits=len(times),
            activity=_weekly(times),
        )

    def checked(self) -> Checked:
        """Run the project's own tests, on `main` as it is."""
        with TemporaryDirectory(prefix="seedbed-check-", ignore_cleanup_errors=True) as parent:
            project, home = Path(parent, self.student.slug), Path(parent, "home")
            seconds = self.surveying.cohort.seconds
            try:
                export(self.repository, self.branches[MAIN], project, seconds=seconds)
            except GitError as error:
                return Checked(CheckResult.NOT_STARTED, 0, str(error))
            return check(project, self.surveying.cohort.check, home=home)

    def _updates(self, version: str) -> Sequence[str]:
        """The branches with updates that `main` does not have yet, the oldest version first."""
        versions = self.tools.template.versions
        known = [name.removeprefix(UPDATES) for name in self.branches if name.startswith(UPDATES)]
        newer = [each for each in versions[versions.index(version) + 1 :] if each in known]
        return tuple(
            name
            for name in (f"{UPDATES}{each}" for each in newer)
            if not self._contains(self.branches[MAIN], self.branches[name])
        )

    def _conflicts(self, branch: str) -> Sequence[str]:
        """The files that have a conflict yet: markers, or what the update's own message names."""
        commit = self.branches[branch]
        words = ("grep", "-l", "-z", "--full-name", "-E", _MARKS, commit)
        marked = self._git(*words, expected=(0, 1)).decode(errors="surrogateescape")
        paths = (path.removeprefix(f"{commit}:") for path in marked.split("\0") if path)
        # As the message has them, else one file may be told as two.
        found = set(map(on_one_line, paths))
        message = self._git("log", "--max-count=1", "--format=%B", commit, "--").decode(
            errors="replace"
        )
        return tuple(sorted(found | set(conflicts_in(message))))

    def _contains(self, commit: str, earlier: str) -> bool:
        seconds = self.surveying.cohort.seconds
        return contains(self.repository, commit, earlier, seconds=seconds)

    def _git(self, *arguments: str, expected: tuple[int, ...] = (0,)) -> bytes:
        seconds = self.surveying.cohort.seconds
        return git(self.repository, *arguments, seconds=seconds, expected=expected)


def _without_main(row: Row, branches: Mapping[str, str], *, seeded: bool) -> Row:
    if not branches:
        return replace(row, state=State.EMPTY, reason=EMPTIED if seeded else "")
    return replace(row, state=State.DIVERGED, reason=f"there is no branch {MAIN}")


def _state(behind: int, updates: Sequence[str], conflicts: Sequence[str]) -> State:
    if behind < 0:
        return State.AHEAD
    if behind == 0:
        return State.CURRENT
    if conflicts:
        return State.CONFLICT
    return State.UPDATE_OPEN if updates else State.BEHIND


def _date(seconds: int) -> datetime | None:
    """A date that a commit has; `None` if it is none of this world."""
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError):
        return None
    # The last year cannot be shown in every time zone.
    return moment if moment.year < MAXYEAR else None


def _weekly(times: Sequence[int]) -> tuple[int, ...]:
    """Count commits in each of the last weeks, the oldest first."""
    now = time.time()
    weeks = [0] * WEEKS
    for each in times:
        ago = int((now - each) // _WEEK)
        if 0 <= ago < WEEKS:
            weeks[WEEKS - 1 - ago] += 1
    return tuple(weeks)
