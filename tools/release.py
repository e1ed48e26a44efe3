"""Release a version of the template. `nox -s release -- X.Y.Z` runs the proofs, and then this.

    python tools/release.py X.Y.Z

It writes the version and the date where they belong, commits and tags that, and notes the commit in
releases.toml, which a second commit adds: a commit cannot name itself. Nothing is pushed.
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
FORM = re.compile(r"\d+\.\d+\.\d+")
UNRELEASED = "## [Unreleased]\n"
FOR_UPDATES = "### For existing projects"
VERSION = re.compile(r'^version = ".*"$', re.MULTILINE)


class NotReadyError(Exception):
    """Something is missing for a release; the message says what, and what to do."""


def main(words: list[str]) -> int:
    """Release, or say why not."""
    try:
        release(*words[:1])
    except NotReadyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"Released {words[0]}. Look at it, then: git push origin main v{words[0]}")
    return 0


def release(version: str = "") -> None:
    """Write, commit, tag and note a release.

    Raises:
        NotReadyError: Something is missing. Nothing has been changed then.
    """
    check_version(version)
    check_tree()
    changelog = released_changelog(version)
    (REPOSITORY / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    project = REPOSITORY / "pyproject.toml"
    text = VERSION.sub(f'version = "{version}"', project.read_text(encoding="utf-8"), count=1)
    project.write_text(text, encoding="utf-8")
    git("commit", "--quiet", "--all", f"--message=Release {version}")
    git("tag", f"--message=Version {version}", "--annotate", f"v{version}")
    note(version, git("rev-parse", "HEAD").strip())
    git("commit", "--quiet", "--all", f"--message=Note the commit of version {version}")


def check_version(version: str) -> None:
    """See whether a version can be the next.

    Raises:
        NotReadyError: It has another form, or is no newer than the newest.
    """
    if not version:
        raise NotReadyError("Name the version: nox -s release -- 0.2.0")
    if not FORM.fullmatch(version):
        raise NotReadyError(f"{version} is no version such as 0.2.0.")
    newest = max((Version(each["version"]) for each in noted()), default=Version("0"))
    if Version(version) <= newest:
        raise NotReadyError(f"{version} is no newer than {newest}, which was released.")


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
    if noted() and FOR_UPDATES not in told:
        raise NotReadyError(
            f'CHANGELOG.md has no "{FOR_UPDATES}" under [Unreleased]. Say there what an update'
            " means for projects that there are, even if that is nothing."
        )
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    return f"{before}{UNRELEASED}\n## [{version}] - {day}\n{after}"


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
        raise NotReadyError(f"git {words[0]} failed: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
