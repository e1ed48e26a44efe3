"""`seedbed seed`: for each student a repository with one first commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seedbed.history import start_of
from seedbed.model import Cohort, Outcome, Result, SeedbedError, Student
from seedbed.remote import FETCHED, MAIN, Remote
from seedbed.scratch import scratch
from seedbed.store import Store
from seedbed.tools import Tools, tools_of


@dataclass(frozen=True, slots=True)
class Seeding:
    """Seeds one student after another; a picklable callable, for a pool of processes.

    Attributes:
        cohort: The cohort.
        dry_run: Only say what would be done.
    """

    cohort: Cohort
    dry_run: bool = False

    def __call__(self, student: Student) -> Outcome:
        """Give a student the repository, or what is missing of it.

        Raises:
            SeedbedError: It could not be done; running again is safe.
        """
        tools = tools_of(self.cohort)
        remote = Remote.of(self.cohort, student)
        with scratch(self.cohort, tools.store, student.slug) as repository:
            branches = self._branches(remote, repository)
            if MAIN in branches:
                _check_start(tools, remote, repository, branches[MAIN])
                return Outcome(student.slug, Result.NOTHING_TO_DO, "seeded already")
            if branches:
                raise SeedbedError(
                    f"the repository has branches, but no {MAIN}: rename the one to be updated"
                )
            if self.dry_run:
                return Outcome(student.slug, Result.DONE, f"would seed {remote.place.shown}")
            commit = self._start(tools, student)
            folder = remote.place.folder
            if folder is not None and not folder.exists():
                remote.create(folder, repository, commit, command="seed")
            else:
                remote.push(repository, commit, MAIN, before=None, command="seed")
            return Outcome(student.slug, Result.DONE, f"seeded {commit[:7]}")

    def _branches(self, remote: Remote, repository: Path) -> dict[str, str]:
        folder = remote.place.folder
        if folder is not None and not folder.exists():
            return {}
        return dict(remote.branches(repository))

    def _start(self, tools: Tools, student: Student) -> str:
        """Write the student's first commit into the store, from the roster as it is now."""
        version = tools.template.tag(self.cohort.version)
        rendering = tools.renderer(version).render(student.slug, student.answers)
        seconds = int(self.cohort.begun.timestamp())
        zone = self.cohort.begun.strftime("%z")
        return tools.store.add(
            student.slug,
            rendering.files,
            parent=None,
            message=f"{self.cohort.message}\n",
            who=self.cohort.author,
            date=f"{seconds} {zone}",
        )


def left_over(cohort: Cohort, students: Sequence[Student], store: Store) -> Sequence[str]:
    """The slugs of repositories whose people are not in the roster any more; all are left alone."""
    known = set(store.slugs())
    if isinstance(cohort.repositories, Path):
        known |= {path.name.removesuffix(".git") for path in cohort.repositories.glob("[!.]*.git")}
    return sorted(known - {student.slug for student in students})


def _check_start(tools: Tools, remote: Remote, repository: Path, main: str) -> None:
    """See that `main` comes from the student's first commit; learn it if the store lost it.

    Raises:
        SeedbedError: It does not.
    """
    if main == tools.store.start(remote.student.slug):
        return
    remote.fetch(repository)
    if start_of(tools, repository, FETCHED + MAIN, remote.student.slug) is None:
        raise SeedbedError(
            f"{MAIN} does not come from the cohort's first commit: its history was rewritten, or it"
            " is another project; it was left alone"
        )
