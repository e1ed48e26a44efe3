"""Streams are safe to write to, whatever the caller has made of them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cohort.working import REPOSITORY

# Which of its streams lead to nowhere, for a program and for another that it starts.
LOOK = """
import os, sys

with open(sys.argv[1], "a") as file:
    found = [os.path.samestat(os.fstat(number), os.stat(os.devnull)) for number in range(3)]
    print(found, file=file)
"""
PROGRAM = f"""
import subprocess, sys
from seedbed.terminal import note, prepare_streams, show

prepare_streams()
show("result")
note("remark")
look = {LOOK!r}
exec(look)
subprocess.run([sys.executable, "-c", look, sys.argv[1]], check=True)
"""


@pytest.mark.parametrize("closed", [(), (0,), (1,), (2,), (0, 2), (0, 1, 2)])
def test_no_file_takes_the_place_of_a_closed_stream_here_or_in_what_is_started(
    tmp_path: Path, closed: tuple[int, ...]
) -> None:
    closing = " ".join(f"{number}>&-" for number in closed)
    program = [sys.executable, "-c", PROGRAM, str(tmp_path / "seen")]
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closing}', "sh", *program],
        cwd=REPOSITORY,
        input="",
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "" if 1 in closed else "result\n",
        "" if 2 in closed else "remark\n",
    )
    nowhere = f"{[number in closed for number in range(3)]}"
    assert (tmp_path / "seen").read_text().splitlines() == [nowhere, nowhere]
