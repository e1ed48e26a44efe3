"""A small world for a cohort: a template with a history, students who work, losses seen."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import git, run

QUESTIONS = """\
_subdirectory: template
_skip_if_exists:
  - NOTES.md
project_name:
  type: str
  help: What is the project called?
  validator: "{% if project_name | length > 30 %}Take at most 30 characters.{% endif %}"
author:
  type: str
  default: Nobody
"""
LICENCE = """\
licence:
  type: str
  default: MIT
  choices: [MIT, Apache-2.0]
"""
APP = """\
\"\"\"Counts.\"\"\"

STEP = {step}


def count(number: int) -> int:
    return number + STEP


def name() -> str:
    return "{{{{ project_name }}}}"
"""
FIRST: Mapping[str, str] = {
    "copier.yml": QUESTIONS,
    "template/{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers | to_nice_yaml -}}\n",
    "template/README.md.jinja": "# {{ project_name }}\n\nBy {{ author }}.\n\n## Use\n\nRun it.\n",
    "template/NOTES.md": "Write here.\n",
    "template/src/app.py.jinja": APP.format(step=1),
    "template/scripts/start.sh": "#!/bin/sh\nexec python src/app.py\n",
    "template/docs/plan.md": "The plan\n\n1. think\n2. write\n3. test\n",
    "template/settings.cfg": "[old]\nuse = no\n",
}
# What each version changes: a file's new content, or `None` where it goes.
VERSIONS: Mapping[str, Mapping[str, str | None]] = {
    "v1.0.0": FIRST,
    # A file is renamed, one is mended, and one that is the learner's by then changes too.
    "v1.1.0": {
        "template/docs/plan.md": None,
        "template/docs/roadmap.md": FIRST["template/docs/plan.md"],
        "template/src/app.py.jinja": APP.format(step=2),
        "template/NOTES.md": "Write here, every day.\n",
    },
    # A question is added, with a file that has its answer; a file goes.
    "v1.2.0": {
        "copier.yml": QUESTIONS + LICENCE,
        "template/LICENCE.jinja": "{{ licence }}\n",
        "template/settings.cfg": None,
    },
    "v2.0.0": {
        "template/README.md.jinja": (
            "# {{ project_name }}\n\nMade by {{ author }}.\n\n## Use\n\nRun it twice.\n"
        ),
    },
}
EXECUTABLE = "template/scripts/start.sh"
SOME_DAY = "2026-01-05T09:00:00 +0000"


def small_template(folder: Path, versions: Sequence[str] = tuple(VERSIONS)) -> Path:
    """Make a small template with some of the tagged versions, the first ones.

    Args:
        folder: Where to make the repository; it must not exist.
        versions: The tags.

    Returns:
        The folder.
    """
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet")
    for version in versions:
        release(folder, version, VERSIONS[version])
    return folder


def release(template: Path, version: str, changes: Mapping[str, str | None]) -> None:
    """Release a version of a template: change its files, commit, tag."""
    for name, content in changes.items():
        path = template / name
        if content is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        if name == EXECUTABLE:
            path.chmod(0o755)
    _commit(template, f"Release {version}")
    git(template, "tag", version)


@dataclass(frozen=True, slots=True)
class Working:
    """A student's own clone, in which a person works as people do.

    Attributes:
        folder: The clone.
        env: The environment that Git runs in, with what it needs to get in.
    """

    folder: Path
    env: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def clone(
        cls, address: str | Path, folder: Path, env: Mapping[str, str] | None = None
    ) -> "Working":
        """Clone a student's repository."""
        shutil.rmtree(folder, ignore_errors=True)
        run(["git", "clone", "--quiet", str(address), folder], env=env)
        return cls(folder, env or {})

    def git(self, *arguments: str) -> str:
        """Run Git in the clone."""
        return run(["git", *arguments], cwd=self.folder, env=self.env)

    def commit(self, changes: Mapping[str, str | bytes | None], message: str = "My work") -> str:
        """Write or delete files, commit that, and return the commit."""
        for name, content in changes.items():
            path = self.folder / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        _commit(self.folder, message, self.env)
        return self.git("rev-parse", "HEAD").strip()

    def replace(self, name: str, old: str, new: str) -> str:
        """Change some words of a file that has them, commit that, and return the commit."""
        content = (self.folder / name).read_text()
        assert old in content, content
        return self.commit({name: content.replace(old, new)})

    def push(self, *arguments: str) -> None:
        """Push: the current branch, or what is said."""
        self.git("push", "--quiet", "origin", *(arguments or ("HEAD",)))

    def squash(self) -> str:
        """Make all that there is one new first commit, as some do before they apply for work."""
        tree = self.git("rev-parse", "HEAD^{tree}").strip()
        commit = self.git("commit-tree", "-m", "All of it", tree).strip()
        self.git("reset", "--quiet", "--hard", commit)
        return commit


def work_and_push(
    address: str | Path, folder: Path, env: Mapping[str, str] | None = None
) -> Working:
    """Clone a student's repository, work as a student does, and push `main` and a branch.

    Nothing of it touches what `v1.1.0` and `v1.2.0` change, so an update to them is clean. It
    changes the line of the README that `v2.0.0` changes, so an update to that has a conflict.
    """
    student = Working.clone(address, folder, env)
    student.replace("README.md", "By ", "With love, by ")
    student.commit({"NOTES.md": "My own notes.\n", "src/mine.py": "MINE = True\n"})
    student.commit({"docs/picture.bin": bytes(range(256)), "ünïcödé name.txt": "✓\n"})
    student.push()
    student.git("switch", "--quiet", "--create", "idea")
    student.commit({"src/idea.py": "IDEA = 1\n"}, "An idea")
    student.push()
    student.git("switch", "--quiet", "main")
    return student


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a repository has.

    Attributes:
        head: The branch that a clone of it gets.
        refs: Each ref, with the object that it points to.
        commits: Each commit that a ref leads to, with its tree and its parents.
    """

    head: str
    refs: Mapping[str, str]
    commits: Mapping[str, tuple[str, tuple[str, ...]]]

    @classmethod
    def of(cls, repository: Path) -> "Snapshot":
        """Look at a bare repository, at every object of it.

        Raises:
            AssertionError: An object is missing or broken.
        """
        git(repository, "fsck", "--full", "--strict", "--no-dangling", "--no-progress")
        commits = {}
        for line in git(repository, "log", "--all", "--format=%H %T %P").splitlines():
            commit, tree, *parents = line.split()
            commits[commit] = (tree, tuple(parents))
        listed = git(repository, "for-each-ref", "--format=%(refname)%00%(objectname)")
        refs = dict(line.split("\0") for line in listed.splitlines())
        return cls(git(repository, "symbolic-ref", "HEAD").strip(), refs, commits)

    def leads_to(self, later: str, earlier: str) -> bool:
        """Whether a commit is another one or comes after it."""
        seen: set[str] = set()
        ahead = [later]
        while ahead:
            commit = ahead.pop()
            if commit == earlier:
                return True
            if commit not in seen and commit in self.commits:
                seen.add(commit)
                ahead += self.commits[commit][1]
        return False


def losses(before: Snapshot, after: Snapshot, *, ours: Iterable[str]) -> list[str]:
    """What somebody who pushed into a repository has lost since, or was given without being asked.

    Args:
        before: What it had.
        after: What it has.
        ours: The refs that we may have made or moved in between, forward alone.

    Returns:
        A line for each loss.
    """
    allowed = set(ours)
    found = [
        f"the commit {commit} is gone"
        for commit in before.commits
        if before.commits[commit] != after.commits.get(commit)
    ]
    for ref in sorted({*before.refs, *after.refs}):
        old, new = before.refs.get(ref), after.refs.get(ref)
        if old == new:
            continue
        if new is None:
            found.append(f"{ref} is gone")
        elif old is None and ref not in allowed:
            found.append(f"{ref} was made")
        elif old is not None and ref not in allowed:
            found.append(f"{ref} was moved from {old} to {new}")
        elif old is not None and not after.leads_to(new, old):
            found.append(f"{ref} was moved back or aside, from {old} to {new}")
    if before.head != after.head:
        found.append(f"HEAD was moved from {before.head} to {after.head}")
    return found


def assert_nothing_lost(before: Snapshot, after: Snapshot, *, ours: Iterable[str] = ()) -> None:
    """See that all is still there that was pushed into a repository, and where it was.

    Args:
        before: What it had.
        after: What it has.
        ours: The refs that we may have made, or moved forward, in between.
    """
    assert losses(before, after, ours=ours) == []


def _commit(folder: Path, message: str, env: Mapping[str, str] | None = None) -> None:
    dates = {"GIT_AUTHOR_DATE": SOME_DAY, "GIT_COMMITTER_DATE": SOME_DAY}
    run(["git", "add", "--all"], cwd=folder, env=env)
    run(
        ["git", "commit", "--quiet", "--message", message], cwd=folder, env={**(env or {}), **dates}
    )
