"""An update of one student's work: the new version rendered, and merged into a commit of theirs."""

from dataclasses import dataclass
from pathlib import Path

from seedbed.git import git
from seedbed.history import Answers, answers_at
from seedbed.importing import Commit, write_commits
from seedbed.merging import merge
from seedbed.messages import update_message, version_message
from seedbed.model import Cohort, SeedbedError, Student
from seedbed.remote import UPDATES
from seedbed.rendering import Rendering
from seedbed.store import Store
from seedbed.tools import Tools

_MERGED = "refs/seedbed/merged"
_LATEST = 2**40
"""No date is later, in seconds since 1970: Git would write a number that nobody can read."""


@dataclass(frozen=True, slots=True)
class Update:
    """An update of a student's work, ready to be pushed.

    Attributes:
        commit: The merge of the student's commit and the new version.
        conflicts: The files of it that have a conflict.
    """

    commit: str
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preparing:
    """Prepares updates of one student's work.

    Attributes:
        cohort: The cohort.
        tools: The template.
        store: Where rendered versions are kept.
        repository: A scratch repository with the student's branches.
        student: The student.
        to: The tag of the new version.
    """

    cohort: Cohort
    tools: Tools
    store: Store
    repository: Path
    student: Student
    to: str

    def update(self, commit: str, *, onto: str | None = None) -> Update:
        """Merge the new version into a commit of the student's: the same commit, the same merge.

        Args:
            commit: The commit.
            onto: An earlier update that this one goes on from, so that who has that can follow.

        Raises:
            SeedbedError: It cannot be rendered or merged.
        """
        seconds = self.cohort.seconds
        answers = answers_at(self.tools, self.repository, commit)
        base = self._base(answers)
        new = self._rendered(self.to, answers)
        theirs = self._added(new, self.to, base)
        merged = merge(
            self.repository,
            base=base,
            ours=commit,
            theirs=theirs,
            rendering=new,
            name=f"{UPDATES}{self.to}",
            seconds=seconds,
        )
        parents = (onto, commit) if onto else (commit, theirs)
        written = Commit(
            _MERGED,
            parents,
            update_message(answers.version, self.to, merged.conflicts),
            self.cohort.author,
            self._latest_date(*parents),
            tree=merged.tree,
            removed=merged.removed,
        )
        write_commits(self.repository, written, seconds=seconds)
        found = git(self.repository, "rev-parse", _MERGED, seconds=seconds).decode().strip()
        return Update(found, merged.conflicts)

    def made_of(self, branch: str) -> str | None:
        """The commit of the student's that an update was made of.

        Nobody's word is taken for it: the update is made again, and must be the same.

        Args:
            branch: The commit that a branch points to.

        Returns:
            The commit; `None` if somebody worked on the branch since, or made it.
        """
        list_parents = ("rev-list", "--parents", "--max-count=1", branch, "--")
        listed = git(self.repository, *list_parents, seconds=self.cohort.seconds)
        match listed.decode().split():
            case [_, first, second]:
                if self._gives(branch, first):
                    return first
                if self._gives(branch, second, onto=first):
                    return second
        return None

    def _gives(self, branch: str, commit: str, *, onto: str | None = None) -> bool:
        try:
            made = self.update(commit, onto=onto).commit
        except SeedbedError:
            return False
        return self._told(made) == self._told(branch)

    def _told(self, update: str) -> bytes:
        """All that an update is, but its way from one version to the next.

        That way is in the store, which may have been lost and begun again.
        """
        seconds = self.cohort.seconds
        form = "--format=%T%n%an <%ae> %at%n%cn <%ce> %ct%n%B"
        log = git(self.repository, "log", "--no-walk", form, update, "--", seconds=seconds)
        words = ("rev-parse", f"{update}^1", f"{update}^2^{{tree}}")
        return log + git(self.repository, *words, seconds=seconds)

    def _base(self, answers: Answers) -> str:
        """The version that the student's work has now.

        The store has it, or it is rendered: a student may have updated alone, or changed an answer.
        """
        slug = self.student.slug
        known = self.store.with_answers(slug, answers.object_id)
        if known is not None:
            return known
        rendering = self.tools.renderer(answers.version).render_again(slug, answers.content, {})
        # Not on top of what happens to be the newest: the next run has to come to the same.
        return self._added(rendering, answers.version, self.store.start(slug))

    def _rendered(self, version: str, answers: Answers) -> Rendering:
        # The roster answers what the student's version did not ask.
        new = {
            name: value
            for name, value in self.student.answers.items()
            if name not in answers.values
        }
        renderer = self.tools.renderer(version)
        return renderer.render_again(self.student.slug, answers.content, new)

    def _added(self, rendering: Rendering, version: str, parent: str | None) -> str:
        return self.store.add(
            self.student.slug,
            rendering.files,
            parent=parent,
            message=version_message(version),
            who=self.cohort.author,
            date=self.tools.template.date(version),
        )

    def _latest_date(self, *commits: str) -> str:
        """The latest of the dates: a retry gives the same commit, none is before its parents."""
        log = ("log", "--no-walk", "--format=%ct", *commits, "--")
        times = git(self.repository, *log, seconds=self.cohort.seconds).decode().split()
        # A student's program may have written no date that Git can read, or none of this world.
        known = [seconds for seconds in map(int, times) if seconds <= _LATEST]
        return f"{max(known, default=0)} +0000"
