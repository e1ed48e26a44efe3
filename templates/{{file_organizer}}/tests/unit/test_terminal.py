"""What every command-line project has between itself and the person."""

import errno
import io
import os
import signal
import sys
from pathlib import Path

import pytest
from rich.table import Table

from file_organizer import terminal
from file_organizer.errors import BusyError, UserError
from file_organizer.terminal import Interrupted, guarded, note, progress, show, show_json, show_raw


class Broken(io.StringIO):
    """A stream that fails as soon as it is flushed."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def flush(self) -> None:
        raise OSError(self.number, os.strerror(self.number))


class Screen(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def test_results_go_to_stdout_and_the_rest_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    show("a result", "[red]not markup :smile:")
    show_raw("raw\x1b\n")
    show_json({"name": "é", "list": [1]})
    note("a remark")
    captured = capsys.readouterr()
    assert captured.out == (
        "a result\n[red]not markup :smile:\n"
        "raw\x1b\n"
        '{\n  "name": "\\u00e9",\n  "list": [\n    1\n  ]\n}\n'
    )
    assert captured.err == "a remark\n"


def test_only_what_asks_for_it_is_folded_to_the_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    show("word " * 10)
    assert len(capsys.readouterr().out.splitlines()) == 1
    table = Table(box=None)
    table.add_row("word " * 10)
    show(table, wrap=True)
    assert len(capsys.readouterr().out.splitlines()) > 1


@pytest.mark.parametrize("number", [errno.EPIPE, errno.EINVAL])
def test_a_reader_that_has_gone_ends_the_program_quietly(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def main() -> int:
        show_raw("result")
        raise AssertionError

    monkeypatch.setattr(sys, "stdout", Broken(number))
    assert guarded(main) == 141
    assert capsys.readouterr().err == ""


def test_a_full_disk_behind_stdout_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def main() -> int:
        show_raw("result")
        raise AssertionError

    monkeypatch.setattr(sys, "stdout", Broken(errno.ENOSPC))
    assert guarded(main) == 5
    assert capsys.readouterr().err.startswith("error: No space left on device\nhint: ")


def test_after_a_failure_a_real_stream_is_led_to_nowhere(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as stream:
        terminal._silence(stream)
        stream.write("lost")
    assert (tmp_path / "out").read_text() == ""


def test_a_remark_that_cannot_be_made_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Broken(errno.EPIPE))
    note("nobody hears this")


def test_closed_streams_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)

    def main() -> int:
        show_raw("result")
        note("remark")
        return 0

    assert guarded(main) == 0
    for stream in (sys.stdout, sys.stderr):
        stream.close()


def test_an_error_has_a_message_details_and_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    def main() -> int:
        raise UserError("it\x1b is wrong", "put it right", ["here", "and\nthere"])

    assert guarded(main) == 5
    assert capsys.readouterr().err == (
        "error: it\\x1b is wrong\n  here\n  and\\nthere\nhint: put it right\n"
    )


def test_the_kind_of_error_chooses_the_exit_code() -> None:
    def main() -> int:
        raise BusyError("busy", "wait")

    assert guarded(main) == 4


def test_a_result_is_the_exit_code() -> None:
    assert guarded(lambda: 1) == 1


def test_a_signal_ends_the_program_with_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    def main() -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError

    assert guarded(main) == 143
    assert capsys.readouterr().err == "Stopped.\n"


def test_no_handler_of_errors_swallows_a_signal() -> None:
    assert not issubclass(Interrupted, Exception)


def test_a_held_signal_waits() -> None:
    def main() -> int:
        with terminal.signals.held() as should_stop:
            assert not should_stop()
            os.kill(os.getpid(), signal.SIGINT)
            assert should_stop()
        return terminal.signals.exit_code(0)

    assert guarded(main) == 130
    assert guarded(lambda: terminal.signals.exit_code(1)) == 1


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)

    def main() -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        return 0

    assert guarded(main) == 0


def test_progress_shows_a_bar_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen, file = Screen(), io.StringIO()
    for stream in (screen, file):
        monkeypatch.setattr(sys, "stderr", stream)
        with progress("Working") as report:
            report(5, 10)
    assert "Working" in screen.getvalue()
    assert "5/10" in screen.getvalue()
    assert file.getvalue() == ""


def test_colour_is_for_terminals_and_can_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", Screen())
    assert terminal._console().color_system is not None
    monkeypatch.setenv("NO_COLOR", "1")
    assert terminal._console().no_color
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert terminal._console().color_system is None
