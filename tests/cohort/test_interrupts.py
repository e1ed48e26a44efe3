"""A signal stops the program wherever it is, once, and without a traceback."""

import subprocess
import sys

PROGRAM = """
import os, signal, time
from seedbed.interrupts import Interrupted, install, noted

signal.signal(signal.SIGINT, signal.default_int_handler)
install()


def interrupt():
    os.kill(os.getpid(), signal.SIGINT)
    for _ in range(1000):
        pass


class Tidied:
    def __del__(self):
        interrupt()


try:
%s
    time.sleep(600)
except Interrupted:
    print("stopped")
"""


def ended(*lines: str) -> tuple[int, str, str]:
    program = PROGRAM % "\n".join(f"    {line}" for line in lines)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


def test_a_signal_raises_at_once() -> None:
    assert ended("interrupt()", "print('goes on')") == (0, "stopped\n", "")


def test_a_signal_while_an_object_is_tidied_up_is_not_lost() -> None:
    assert ended("one = Tidied()", "del one") == (0, "stopped\n", "")


def test_a_second_signal_does_not_tear_the_end() -> None:
    end = ("finally:", "    interrupt()", "    print('tidied up')")
    assert ended("try:", "    interrupt()", *end) == (0, "tidied up\nstopped\n", "")


def test_the_first_signal_is_noted_and_the_second_raises() -> None:
    lines = ("with noted() as signals:", "    interrupt()", "    print(signals.asked)")
    assert ended(*lines, "    interrupt()", "    print('goes on')") == (0, "True\nstopped\n", "")


def test_the_second_signal_is_not_lost_either() -> None:
    lines = ("with noted() as signals:", "    interrupt()", "    one = Tidied()", "    del one")
    assert ended(*lines, "    time.sleep(600)") == (0, "stopped\n", "")


def test_a_third_signal_does_not_tear_the_end_that_the_second_began() -> None:
    lines = ("with noted():", "    interrupt()", "    try:", "        interrupt()")
    end = ("    finally:", "        interrupt()", "        print('tidied up')")
    assert ended(*lines, *end) == (0, "tidied up\nstopped\n", "")


def test_a_signal_that_was_ignored_before_stays_ignored() -> None:
    lines = ("signal.signal(signal.SIGINT, signal.SIG_IGN)", "install()", "interrupt()")
    assert ended(*lines, "print('goes on')", "raise SystemExit") == (0, "goes on\n", "")
