"""`seedbed update`: a newer version of the template, merged into what each student has made."""

from collections.abc import Mapping
from dataclasses import dataclass

from seedbed.history import answers_at, contains, start_of
from seedbed.model import Cohort, Outcome, Result, SeedbedError, Student
from seedbed.preparing import Preparing
from seedbed.remote import EMPTIED, MAIN, UPDATES, Remote
from seedbed.scratch import scratch
from seedbed.store import Store
from seedbed.tools import tools_of

REWRITTEN = "the history was rewritten: look at the update well before you merge it"
OUTDATED = "the history was rewritten since: delete the branch of the update, and run it again"


@dataclass(frozen=True, slots=True)
class Updating:
    """Updates one student after another; a picklable callable, for a pool of processes.

    Attributes:
        cohort: The cohort.
        to: The tag of the version to update to.
        merge_clean: Move `main` where there is no conflict.
        dry_run: Only say what would be done.
    """

    cohort: Cohort
    to: str
    merge_clean: bool = False
    dry_run: bool = False

    def __call__(self, student: Student) -> Outcome:
        """Update one student's repository.

        Raises:
            SeedbedError: It could not be done; running again is safe.
        """
        tools = tools_of(self.cohort)
        remote = Remote.of(self.cohort, student)
        with scratch(self.cohort, tools.store, student.slug) as repository:
            branches = remote.fetch(repository)
            if MAIN not in branches:
                if tools.store.versions(student.slug):
                    raise SeedbedError(f"the repository has no {MAIN}, though {EMPTIED}")
                raise SeedbedError(f"the repository has no {MAIN} yet: seedbed seed gives it one")
            answers = answers_at(tools, repository, branches[MAIN])
            behind = tools.template.between(answers.version, self.to)
            if behind <= 0:
                newer = f", which is newer than {self.to}" if behind < 0 else ""
                return Outcome(student.slug, Result.NOTHING_TO_DO, f"has {answers.version}{newer}")
            rewritten = start_of(tools, repository, branches[MAIN], student.slug) is None
            store = Store(repository, self.cohort.seconds) if self.dry_run else tools.store
            preparing = Preparing(self.cohort, tools, store, repository, student, self.to)
            return self._push(remote, preparing, branches, rewritten=rewritten)

    def _push(
        self, remote: Remote, preparing: Preparing, branches: Mapping[str, str], *, rewritten: bool
    ) -> Outcome:
        """Push an update to `main` or as a branch, unless the student's own work is in the way."""
        slug, branch, main = remote.student.slug, f"{UPDATES}{self.to}", branches[MAIN]
        update = preparing.update(main)
        result = Result.CONFLICT if update.conflicts else Result.DONE
        reason = REWRITTEN if rewritten else ""
        to_main = self.merge_clean and not update.conflicts and not rewritten
        there = branches.get(branch)
        if there and not contains(preparing.repository, main, there, seconds=self.cohort.seconds):
            made_of = preparing.made_of(there)
            if made_of is None:
                text = f"the student is at work on {branch}"
                return Outcome(slug, Result.NOTHING_TO_DO, text, reason)
            if not to_main:
                if made_of == main or rewritten:
                    waiting = Result.CONFLICT if update.conflicts else Result.NOTHING_TO_DO
                    if made_of != main:
                        reason = OUTDATED
                    return Outcome(slug, waiting, f"{branch} is open", reason, update.conflicts)
                update = preparing.update(main, onto=there)
        target, before = (MAIN, main) if to_main else (branch, there)
        if self.dry_run:
            return Outcome(slug, result, f"would push {target}", reason, update.conflicts)
        remote.push(preparing.repository, update.commit, target, before=before, command="update")
        return Outcome(slug, result, f"pushed {target}", reason, update.conflicts)
