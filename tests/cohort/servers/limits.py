"""Commands under which no file may grow beyond a size, as on a disk that is nearly full."""

import shlex
from collections.abc import Sequence
from pathlib import Path

BLOCK = 512  # bytes, in which POSIX has `ulimit -f` count


def limit(largest_file: int) -> str:
    """A line of shell after which writing more than that to a file fails with EFBIG.

    Args:
        largest_file: The size in bytes, rounded down to whole blocks.
    """
    # A signal tells of it too, which would end the program before it could say anything.
    return f"trap '' XFSZ; ulimit -f {largest_file // BLOCK}"


def limited(command: Sequence[str | Path], *, largest_file: int) -> list[str]:
    """A command under such a limit.

    Args:
        command: The program and its arguments.
        largest_file: The size in bytes, rounded down to whole blocks.
    """
    return ["/bin/sh", "-c", f"{limit(largest_file)}; exec {shlex.join(map(str, command))}"]
