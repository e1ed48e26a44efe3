"""Release a version of the template. `nox -s release -- X.Y.Z` runs the proofs, and then this.

    python tools/release.py [--check] X.Y.Z

It writes the version and the date where they belong, commits and tags that, and notes the commit in
releases.toml, which a second commit adds: a commit cannot name itself. Nothing is pushed. Where
something fails on the way, all is taken back. `--check` says whether all is in place, and does
nothing.
"""

import re
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import yaml
from packaging.version import Version

REPOSITORY = Path.cwd()
CHECK = "--check"
FORM = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}")
UNRELEASED = "## [Unreleased]\n"
FOR_UPDATES = "### For existing projects"
VERSION = re.compile(r'^version = "(.*)"$', re.MULTILINE)
WRITTEN = ("CHANGELOG.md", "pyproject.toml", "releases.toml")


class NotReadyError(Exception):
    """Something is missing for a release; the message says what, and what to do."""


def main(words: list[str]) -> int:
    """Release, or say why not."""
    try:
        version = version_in(words)
        texts = released_texts(version)
        if CHECK in words:
            print(f"All is in place for {version}.")
            return 0
        release(version, texts)
    except NotReadyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"Released {version}. Look at it, then: git push origin main v{version}")
    return 0


def version_in(words: list[str]) -> str:
    """The version that the command line names.

    Raises:
        NotReadyError: It names none, or more than one.
    """
    named = [word for word in words if word != CHECK]
    if len(named) != 1:
        raise NotReadyError("Name the version: nox -s release -- 0.2.0")
    return named[0]


def released_texts(version: str) -> dict[str, str]:
    """What the files say that name the version, by their paths.

    Raises:
        NotReadyError: Something is missing.
    """
    check_version(version)
    check_tree()
    return {
        "CHANGELOG.md": released_changelog(version),
        "pyproject.toml": released_project(version),
    }


def release(version: str, texts: dict[str, str]) -> None:
    """Write, commit, tag and note a release.

    Raises:
        NotReadyError: Git refused, or a hook of it. Nothing has been changed then.
    """
    begun = git("rev-parse", "HEAD").strip()
    try:
        for path, text in texts.items():
            (REPOSITORY / path).write_text(text, encoding="utf-8")
        git("commit", "--quiet", f"--message=Release {version}", "--", *WRITTEN)
        git("tag", f"--message=Version {version}", "--annotate", f"v{version}")
        note(version, git("rev-parse", "HEAD").strip())
        git("commit", "--quiet", f"--message=Note the commit of version {version}", "--", *WRITTEN)
    except BaseException:
        take_back(version, begun)
        raise


def take_back(version: str, begun: str) -> None:
    """Leave all as it was before a release was begun.

    Args:
        version: The version that is not to be; that it had no tag has been checked.
        begun: The commit that was the newest.
    """
    git("reset", "--quiet", "--soft", begun)
    git("restore", f"--source={begun}", "--staged", "--worktree", "--", *WRITTEN)
    if git("tag", "--list", f"v{version}"):
        git("tag", "--delete", f"v{version}")


def check_version(version: str) -> None:
    """See whether a version can be the next.

    Raises:
        NotReadyError: It has another form, is no newer than the newest, or has a tag.
    """
    if not FORM.fullmatch(version):
        raise NotReadyError(f"{version} is no version such as 0.2.0.")
    newest = max((Version(each["version"]) for each in noted()), default=Version("0"))
    if Version(version) <= newest:
        raise NotReadyError(f"{version} is no newer than {newest}, which was released.")
    if git("tag", "--list", f"v{version}"):
        raise NotReadyError(
            f"There is a tag v{version}, which releases.toml does not know. If a release was"
            " interrupted, CONTRIBUTING.md says how to take it back."
        )


def check_tree() -> None:
    """See whether what would be released is what is committed.

    Raises:
        NotReadyError: It is not, or it is not on `main`.
    """
    if git("status", "--porcelain"):
        raise NotReadyError("There are changes that are not committed. Commit them first.")
    if (branch := git("branch", "--show-current").strip()) != "main":
        raise NotReadyError(f"This is the branch {branch}. Releases are made on main.")


def released_changelog(version: str) -> str:
    """The changelog in which what was not released is, as this version, as of today.

    Raises:
        NotReadyError: It says nothing of the changes, or not what they mean for existing projects.
    """
    text = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    before, found, after = text.partition(UNRELEASED)
    told = after.partition("\n## [")[0]
    if not found or "\n- " not in told:
        raise NotReadyError("CHANGELOG.md says nothing under [Unreleased]. Say what has changed.")
    if noted() and not told.partition(FOR_UPDATES)[2].partition("\n### ")[0].strip():
        raise NotReadyError(
            f'CHANGELOG.md says nothing under [Unreleased], "{FOR_UPDATES}". Say there what an'
            " update means for projects that there are, even if that is nothing."
        )
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    return f"{before}{UNRELEASED}\n## [{version}] - {day}\n{after}"


def released_project(version: str) -> str:
    """The text of pyproject.toml with this version.

    Raises:
        NotReadyError: It has none, or a newer one.
    """
    text = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    found = VERSION.search(text)
    if not found:
        raise NotReadyError(f'pyproject.toml has no line such as version = "{version}". Add it.')
    if Version(found[1]) > Version(version):
        raise NotReadyError(f"pyproject.toml has the version {found[1]}, newer than {version}.")
    return VERSION.sub(f'version = "{version}"', text, count=1)


def noted() -> list[dict[str, str]]:
    """The releases that are noted."""
    path = REPOSITORY / "releases.toml"
    found: list[dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8")).get("release", [])
    return found


def note(version: str, commit: str) -> None:
    """Add a release to releases.toml."""
    questions = yaml.safe_load((REPOSITORY / "copier.yml").read_text(encoding="utf-8"))
    projects = ", ".join(f'"{name}"' for name in questions["project"]["choices"].values())
    entry = f'\n[[release]]\nversion = "{version}"\ncommit = "{commit}"\nprojects = [{projects}]\n'
    with (REPOSITORY / "releases.toml").open("a", encoding="utf-8") as file:
        file.write(entry)


def git(*words: str) -> str:
    """Run Git, and return what it printed.

    Raises:
        NotReadyError: It failed.
    """
    done = subprocess.run(
        ["git", *words], cwd=REPOSITORY, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise NotReadyError(f"git {words[0]} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
