"""How fast are cohorts? Ratios to the loops that people write in a shell, in one run.

    python -m benchmarks.cohort [--students 200] [--looped 20] [--project task-manager]
                                [--sizes 20,200,2000] [--folder DIR] [--json]

The template is this repository's: its last released version, and what is committed now as the next.
Every repository is a bare one in a folder. What is compared:

    seed    `seedbed seed`, against a loop of `copier copy`, `git init`, `add`, `commit` and `push`
    update  `seedbed update`, with one student in five having edited and pushed, against a loop of
            `git clone`, `copier update`, `commit` and `push` of a branch

Loops take long, so they are run for some of the students only, before and after seedbed, and
compared by the time for one student. The goals: seeding 12 times faster, updating 20 times. With
`--sizes` it also shows whether time and memory for a student grow with the cohort: one cohort of
each size is seeded, updated and looked at.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.services import say
from tests.support import REPOSITORY
from tests.updates.history import releases

BEFORE, AFTER = "v1.0.0", "v2.0.0"
YOUR_WORDS = "> **Your words: the problem.**"
EDITED = 5
"""One student in this many has edited and pushed."""
COHORT = """\
name = "Benchmark"
[template]
source = "{template}"
version = "v1.0.0"
[answers]
project = "{project}"
user_name = "{{name}}"
user_email = "{{email}}"
[repositories]
folder = "repositories"
[commit]
author = "Teachers <teachers@example.org>"
date = 2026-09-01T09:00:00Z
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run has taken.

    Attributes:
        seconds: The time for one student.
        megabytes: The memory of its largest process.
    """

    seconds: float
    megabytes: float


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument(
        "--looped", type=int, default=20, help="students that the loops are run for"
    )
    parser.add_argument("--project", default="task-manager", help="default: the largest")
    parser.add_argument("--sizes", default="", help="cohorts to compare, such as 20,200,2000")
    parser.add_argument("--folder", type=Path, help="where to work (default: temporary)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    arguments = parser.parse_args()
    sizes = [int(size) for size in filter(None, arguments.sizes.split(","))]
    with tempfile.TemporaryDirectory(prefix="bench-", dir=arguments.folder) as name:
        bench = Bench(Path(name), arguments.project)
        compared = bench.compare(arguments.students, arguments.looped)
        grown = {size: bench.cohort(size) for size in sizes}
    report(compared, grown, as_json=arguments.json)
    return 0


class Bench:
    """A template and a folder to work in."""

    def __init__(self, folder: Path, project: str) -> None:
        """Make the template, and keep a person's own settings out."""
        self.folder, self.project = folder, project
        self.template = folder / "template"
        (folder / "home").mkdir()
        settings = folder / "home" / "gitconfig"
        settings.write_text(
            "[user]\nname = A\nemail = a@example.org\n[init]\ndefaultBranch = main\n"
        )
        self.env = {
            **os.environ,
            "HOME": str(folder / "home"),
            "GIT_CONFIG_GLOBAL": str(settings),
            "COPIER_SETTINGS_PATH": os.devnull,
        }
        self.run("git", "clone", "--quiet", "--no-tags", REPOSITORY, self.template)
        self.run("git", "tag", BEFORE, releases()[-1].commit, cwd=self.template)
        self.run("git", "tag", AFTER, cwd=self.template)

    def compare(self, students: int, looped: int) -> Mapping[str, Mapping[str, Measured]]:
        """Measure both ways, the loops around seedbed so that both meet the same machine."""
        half = looped // 2
        say(f"loop: seed {half} of {looped}")
        loop = Loop(self, self.folder / "loop")
        first = loop.timed(loop.seed, range(half))
        say(f"seedbed: seed {students}")
        cohort = Seedbed(self, self.folder / "cohort", students)
        seeded = cohort.command("seed")
        say("loop: seed the others")
        second = loop.timed(loop.seed, range(half, looped))
        edit_some(self, cohort.repositories)
        edit_some(self, loop.repositories)
        say(f"loop: update {half} of {looped}")
        third = loop.timed(loop.update, range(half))
        say(f"seedbed: update {students}")
        updated = cohort.command("update")
        say("loop: update the others")
        fourth = loop.timed(loop.update, range(half, looped))
        return {
            "seed": {"loop": mean(first, second), "seedbed": seeded},
            "update": {"loop": mean(third, fourth), "seedbed": updated},
        }

    def cohort(self, students: int) -> Mapping[str, Measured | float]:
        """Measure seedbed alone with a cohort of some size."""
        say(f"seedbed: a cohort of {students}")
        folder = self.folder / f"cohort-{students}"
        cohort = Seedbed(self, folder, students)
        seeded = cohort.command("seed")
        edit_some(self, cohort.repositories)
        updated = cohort.command("update")
        looked = cohort.command("status", "--json")
        kept = sum(path.stat().st_size for path in folder.glob(".seedbed/vendor.git/**/*"))
        shutil.rmtree(folder)
        return {
            "seed": seeded,
            "update": updated,
            "status": looked,
            "kept": kept / students / 1024,
        }

    def run(self, *command: str | Path, cwd: Path | None = None) -> None:
        """Run a command that must succeed."""
        subprocess.run(
            command, cwd=cwd or self.folder, env=self.env, check=True, capture_output=True
        )


class Loop:
    """What people write in a shell, one student after another."""

    def __init__(self, bench: Bench, folder: Path) -> None:
        """Begin with nothing."""
        self.bench, self.folder = bench, folder
        self.repositories = folder / "repositories"
        self.repositories.mkdir(parents=True)

    def timed(self, work: Callable[[str], None], students: Sequence[int]) -> Measured:
        """Time the work for each of some students."""
        begun = time.perf_counter()
        for number in students:
            work(f"s{number:04}")
        return Measured((time.perf_counter() - begun) / len(students), 0)

    def seed(self, slug: str) -> None:
        """Copy, commit, and publish a project."""
        run, project = self.bench.run, self.folder / slug
        answers = (f"--data=project={self.bench.project}", f"--data=user_name=Student {slug}")
        options = ("--defaults", "--quiet", f"--vcs-ref={BEFORE}", *answers)
        run(sys.executable, "-m", "copier", "copy", *options, self.bench.template, project)
        run("git", "init", "--quiet", cwd=project)
        run("git", "add", "--all", cwd=project)
        run("git", "commit", "--quiet", "--message=Begin", cwd=project)
        bare = self.repositories / f"{slug}.git"
        run("git", "init", "--quiet", "--bare", bare)
        run("git", "push", "--quiet", bare, "main", cwd=project)

    def update(self, slug: str) -> None:
        """Clone, update, and push as a branch."""
        run, project = self.bench.run, self.folder / "update" / slug
        run("git", "clone", "--quiet", self.repositories / f"{slug}.git", project)
        run("git", "switch", "--quiet", "--create=update", cwd=project)
        run(sys.executable, "-m", "copier", "update", "--defaults", "--quiet", cwd=project)
        run("git", "add", "--all", cwd=project)
        run("git", "commit", "--quiet", "--message=Update", cwd=project)
        run("git", "push", "--quiet", "origin", "update", cwd=project)


class Seedbed:
    """A cohort of seedbed's."""

    def __init__(self, bench: Bench, folder: Path, students: int) -> None:
        """Write the cohort and its roster."""
        folder.mkdir()
        self.bench, self.folder, self.students = bench, folder, students
        self.repositories = folder / "repositories"
        text = COHORT.format(template=bench.template, project=bench.project)
        (folder / "cohort.toml").write_text(text, encoding="utf-8")
        rows = [f"Student {n:04},s{n:04}@example.org,s{n:04}" for n in range(students)]
        roster = "\n".join(["name,email,slug", *rows, ""])
        (folder / "roster.csv").write_text(roster, encoding="utf-8")

    def command(self, *words: str) -> Measured:
        """Run a command of seedbed, start-up and all."""
        begun = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "seedbed", *words],
            cwd=self.folder,
            env=self.bench.env,
            stdout=subprocess.DEVNULL,
        )
        _, code, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        assert os.waitstatus_to_exitcode(code) == 0, f"seedbed {' '.join(words)} failed"
        # The memory of the largest of all its processes, in KiB (getrusage(2)).
        return Measured(seconds / self.students, usage.ru_maxrss / 1024)


def edit_some(bench: Bench, repositories: Path) -> None:
    """Let one student in five write into the README, add a module, and push."""
    for bare in sorted(repositories.iterdir())[::EDITED]:
        clone = bench.folder / "edited"
        bench.run("git", "clone", "--quiet", bare, clone)
        readme = clone / "README.md"
        text = readme.read_text(encoding="utf-8").replace(YOUR_WORDS, "> **My words.**")
        readme.write_text(text, encoding="utf-8")
        (clone / "src" / "mine.py").write_text('"""Mine."""\n', encoding="utf-8")
        bench.run("git", "add", "--all", cwd=clone)
        bench.run("git", "commit", "--quiet", "--message=Mine", cwd=clone)
        bench.run("git", "push", "--quiet", "origin", "main", cwd=clone)
        shutil.rmtree(clone)


def mean(first: Measured, second: Measured) -> Measured:
    """The mean of two measurements of equally many students."""
    return Measured((first.seconds + second.seconds) / 2, 0)


def report(
    compared: Mapping[str, Mapping[str, Measured]],
    grown: Mapping[int, Mapping[str, Measured | float]],
    *,
    as_json: bool,
) -> None:
    """Print what was measured."""
    if as_json:
        print(json.dumps({"compared": compared, "grown": grown}, default=asdict, indent=2))
        return
    for what, ways in compared.items():
        loop, ours = ways["loop"].seconds, ways["seedbed"].seconds
        print(f"{what}: loop/seedbed {loop / ours:.1f} ({loop:.3f} s and {ours:.3f} s a student)")
    for size, measured in grown.items():
        for what, one in measured.items():
            if isinstance(one, Measured):
                print(f"{size} students: {what} {one.seconds:.4f} s each, {one.megabytes:.0f} MB")
            else:
                print(f"{size} students: {what} {one:.1f} KiB each")


if __name__ == "__main__":
    raise SystemExit(main())
