"""A cohort that is ready to be worked on: locked, checked as a whole, its template at hand."""

# ruff: noqa: PLC0415 - Copier is loaded once cohort.toml is seen to have no mistake

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from seedbed import enrolment, lock
from seedbed.housekeeping import tidy
from seedbed.model import Cohort, SeedbedError, Student, UsageError
from seedbed.running import prepare

if TYPE_CHECKING:
    from seedbed.rendering import Renderer
    from seedbed.template import Template


@dataclass(frozen=True, slots=True)
class Opened:
    """A cohort that is ready to be worked on.

    Attributes:
        cohort: The cohort.
        everybody: All students of the roster.
        students: Those who were asked for.
        template: The template, as it is now.
    """

    cohort: Cohort
    everybody: Sequence[Student]
    students: Sequence[Student]
    template: "Template"

    def version(self, wanted: str | None) -> str:
        """The tag of a version of the template; of the newest one, if none is named.

        Raises:
            SeedbedError: There is none.
        """
        return self.template.newest() if wanted is None else _tag(self.template, wanted)


@contextmanager
def opened(
    cohort_file: Path, *, module: str, shard: str | None, only: Sequence[str]
) -> Iterator[Opened]:
    """Open a cohort; no other seedbed works on it while the block runs.

    Args:
        cohort_file: The `cohort.toml`.
        module: The module with the work that will be done.
        shard: The part of the students that is asked for, such as `2/5`.
        only: The slugs of those students who are asked for; if there are none, all of them.

    Raises:
        MistakesError: The files have mistakes.
        UsageError: There is no such student, part or version.
        SeedbedError: Another seedbed is at work, or the template cannot be had.
    """
    templates: list[Template] = []
    with ExitStack() as stack:

        def questions_of(cohort: Cohort) -> "Renderer":
            from seedbed.git import check_git

            check_git()
            prepare(module)
            from seedbed.rendering import Renderer
            from seedbed.store import open_store
            from seedbed.template import open_template

            stack.enter_context(lock.held(cohort.state / "lock"))
            tidy(cohort.state)
            template = open_template(cohort)
            templates.append(template)
            # Made here, where nobody else makes it at the same time.
            open_store(cohort)
            return Renderer.of(template, _tag(template, cohort.version))

        cohort, everybody = enrolment.load(cohort_file, questions_of)
        students = _chosen(everybody, shard, only)
        yield Opened(cohort, everybody, students, templates[0])


def _chosen(
    everybody: Sequence[Student], shard: str | None, only: Sequence[str]
) -> Sequence[Student]:
    named = {student.slug for student in enrolment.only(everybody, only)}
    part = everybody if shard is None else enrolment.shard(everybody, shard)
    return [student for student in part if student.slug in named]


def _tag(template: "Template", version: str) -> str:
    try:
        return template.tag(version)
    except SeedbedError as error:
        raise UsageError(str(error)) from error
