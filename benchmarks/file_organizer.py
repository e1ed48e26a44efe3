"""How fast is the file organizer? Ratios to a bare rename loop and to organize-tool, in one run.

    python benchmarks/file_organizer.py PROJECT [--files 50000] [--rounds 5] [--folder DIR] [--json]

PROJECT is a generated project (`uv sync` is run there). Every round makes the same small files
anew and measures, in turn, so that a busy moment of the machine meets all of them:

    loop      a Python loop of os.rename over the same files, target folders made beforehand
    organize  `organize run` as a process of its own: start-up, rules, plan, journal, moves, report
    other     organize-tool from PyPI, as a process of its own, with the same rules

It prints the medians and two ratios: organize/loop (the goal is at most 4) and other/organize (the
goal is at least 5). It needs uv and, for organize-tool, PyPI or uv's cache.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

KINDS = {
    "Documents": ("pdf", "docx", "txt"),
    "Pictures": ("jpg", "png"),
    "Music": ("mp3",),
    "Archives": ("zip", "gz"),
}
EXTENSIONS = [extension for extensions in KINDS.values() for extension in extensions]
FOLDER_OF = {extension: kind for kind, extensions in KINDS.items() for extension in extensions}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("project", type=Path, help="the project to measure")
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where to make the files (default: temporary)")
    parser.add_argument("--python", help="the interpreter for organize-tool (uv's --python)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="bench-", dir=arguments.folder) as name:
        bench = Bench(Path(name), arguments.project.resolve(), arguments.files)
        version = bench.prepare(arguments.python)
        times: dict[str, list[float]] = {name: [] for name in bench.contestants}
        for round_number in range(1, arguments.rounds + 1):
            for contestant, measured in bench.contestants.items():
                times[contestant].append(bench.measure(measured))
            say(
                f"round {round_number}: "
                + ", ".join(f"{n} {t[-1]:.2f} s" for n, t in times.items())
            )
    report(times, arguments.files, version, as_json=arguments.json)
    return 0


class Bench:
    """The files, the programs, and the stopwatch."""

    def __init__(self, work: Path, project: Path, files: int) -> None:
        self.work = work
        self.project = project
        self.folder = work / "folder"
        self.names = [f"file {n:06}.{EXTENSIONS[n % len(EXTENSIONS)]}" for n in range(files)]
        self.contestants: dict[str, Callable[[], float]] = {
            "loop": self.loop,
            "organize": self.organize,
            "other": self.other,
        }

    def prepare(self, python: str | None) -> str:
        """Install both programs and write the rules for each. Returns organize-tool's version."""
        # Compiled beforehand, as Python does it at the first start: where it may not write, each
        # start would compile all modules anew, for both.
        compiled = ("--quiet", "--compile-bytecode")
        run("uv", "sync", *compiled, cwd=self.project)
        run(
            str(self.project / ".venv/bin/python"),
            "-m",
            "compileall",
            "-q",
            "src",
            cwd=self.project,
        )
        chosen = ("--python", python) if python else ()
        run("uv", "venv", "--quiet", *chosen, str(self.work / "venv"))
        python_path = self.work / "venv" / "bin" / "python"
        run("uv", "pip", "install", *compiled, "--python", str(python_path), "organize-tool")
        (self.work / "rules.toml").write_text(
            "".join(
                f'[[rules]]\nname = "{kind}"\nmatch.extension = {json.dumps(extensions)}\n'
                f'target = "{kind}"\n\n'
                for kind, extensions in KINDS.items()
            )
        )
        (self.work / "rules.yaml").write_text(
            "rules:\n"
            + "".join(
                f"  - name: {kind}\n    locations:\n      - path: {json.dumps(str(self.folder))}\n"
                f"        max_depth: 0\n    filters:\n      - extension: {json.dumps(extensions)}\n"
                f"    actions:\n      - move: {json.dumps(f'{self.folder}/{kind}/')}\n"
                for kind, extensions in KINDS.items()
            )
        )
        code = "from importlib.metadata import version; print(version('organize-tool'))"
        return subprocess.run(
            [python_path, "-c", code], check=True, capture_output=True, text=True
        ).stdout.strip()

    def measure(self, contestant: Callable[[], float]) -> float:
        """Make the files, let them be moved, check that they were, clean up."""
        self.folder.mkdir()
        for name in self.names:
            with open(self.folder / name, "w") as file:
                file.write(name)
        os.sync()  # or the first to come pays for writing the new files to the disk
        seconds = contestant()
        for kind, extensions in KINDS.items():
            expected = sum(name.rpartition(".")[2] in extensions for name in self.names)
            found = sum(1 for _ in os.scandir(self.folder / kind))
            if found != expected:
                sys.exit(f"{kind}: {found} files, not {expected}: the measurement is void")
        shutil.rmtree(self.folder)
        return seconds

    def loop(self) -> float:
        """The floor: what the moves alone cost from Python."""
        folder = str(self.folder)
        for kind in KINDS:
            os.mkdir(f"{folder}/{kind}")
        pairs = [
            (f"{folder}/{name}", f"{folder}/{FOLDER_OF[name.rpartition('.')[2]]}/{name}")
            for name in self.names
        ]
        start = time.perf_counter()
        for source, target in pairs:
            os.rename(source, target)
        return time.perf_counter() - start

    def organize(self) -> float:
        """The project's program, with a new journal each time."""
        state = self.work / "state"
        shutil.rmtree(state, ignore_errors=True)
        program = self.project / ".venv" / "bin" / "organize"
        command = (program, "run", self.folder, "--rules", self.work / "rules.toml")
        return timed(command, {"ORGANIZE_STATE_DIR": str(state)})

    def other(self) -> float:
        """organize-tool."""
        return timed([self.work / "venv" / "bin" / "organize", "run", self.work / "rules.yaml"], {})


def timed(command: Sequence[Path | str], environment: dict[str, str]) -> float:
    """Run a command and return its seconds."""
    start = time.perf_counter()
    done = subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed with {done.returncode}:\n{done.stderr[-2000:]}")
    return seconds


def report(times: dict[str, list[float]], files: int, version: str, *, as_json: bool) -> None:
    """The medians, and how they compare."""
    medians = {name: statistics.median(values) for name, values in times.items()}
    ratios = {
        "organize/loop": medians["organize"] / medians["loop"],
        "other/organize": medians["other"] / medians["organize"],
    }
    if as_json:
        document = {"files": files, "organize-tool": version, "ratios": ratios, "seconds": times}
        print(json.dumps(document, indent=2))
        return
    print(f"{files} files, median of {len(times['loop'])} rounds, organize-tool {version}")
    for name, seconds in medians.items():
        print(f"  {name:<16}{seconds:8.2f} s   ({min(times[name]):.2f} to {max(times[name]):.2f})")
    print(f"  organize/loop   {ratios['organize/loop']:8.2f}     goal: at most 4")
    print(f"  other/organize  {ratios['other/organize']:8.2f}     goal: at least 5")


def run(*command: str, cwd: Path | None = None) -> None:
    """Run a command that must succeed."""
    subprocess.run(command, cwd=cwd, check=True)


def say(text: str) -> None:
    """Progress, on stderr."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
