"""Commands side by side: as soon as one ends, so does the other."""

import signal
import sys
from collections.abc import Iterator, Sequence
from subprocess import Popen
from typing import Any

import pytest
from django.core.management import call_command

from app.core.management.commands import dev

QUIET = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    """Handlers of signals end with the test."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[dev.Process]:
    """The processes that were started; each runs code, in place of a command of ours."""
    processes: list[dev.Process] = []

    def start(command: Sequence[str]) -> dev.Process:
        processes.append(Popen([sys.executable, "-c", *command], start_new_session=True))
        return processes[-1]

    monkeypatch.setattr(dev, "_start", start)
    monkeypatch.setattr(dev, "PATIENCE", 1)
    return processes


@pytest.mark.parametrize("code", [0, 3])
def test_whoever_ends_first_says_how(started: list[dev.Process], code: int) -> None:
    assert dev.together([QUIET], [f"raise SystemExit({code})"]) == code
    assert all(process.returncode is not None for process in started)


def test_one_that_does_not_want_to_end_is_made_to(started: list[dev.Process]) -> None:
    assert dev.together([STUBBORN], ["import time; time.sleep(0.5)"]) == 0
    assert started[0].returncode == -signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_told_to_end_both_end(
    started: list[dev.Process], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr("app.core.management.commands.dev.time.sleep", lambda _: raise_it(number))
    assert dev.together([QUIET], [QUIET]) == 0
    assert [process.returncode for process in started] == [-signal.SIGTERM] * 2


def raise_it(number: int) -> None:
    signal.raise_signal(number)


@pytest.mark.django_db
def test_developing_migrates_first(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    ran: list[Any] = []

    def together(*commands: Sequence[str]) -> int:
        ran.extend(commands)
        return 4

    monkeypatch.setattr(dev, "together", together)
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)
    with pytest.raises(SystemExit) as caught:
        call_command("dev")
    assert caught.value.code == 4
    assert "No migrations to apply." in capsys.readouterr().out
    assert ran == [["runserver", "127.0.0.1:8000", "--nostatic"], ["work", "--reload"]]
