"""The worker: what is enqueued is run once the transaction commits, and again if need be."""

import logging
import signal
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.utils import OperationalError
from django.utils.timezone import now
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from app.core.logs import request_id
from app.core.worker import ATTEMPTS, FIRST_WAIT, KEPT, LONGEST, Worker

pytestmark = pytest.mark.django_db(transaction=True)

done: list[tuple[str, str]] = []


@task()
def note(word: str) -> None:
    done.append((word, request_id.get()))


@task()
def fail() -> None:
    raise RuntimeError("on purpose")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has been done, and nobody sleeps."""
    done.clear()
    monkeypatch.setattr("app.core.worker.time.sleep", lambda _: None)


def work() -> None:
    Worker().run(until_done=True)


def words() -> list[str]:
    return [word for word, _ in done]


def row() -> Any:
    return DBTaskResult.objects.get()


def test_tasks_are_run_in_their_order() -> None:
    for word in ("a", "b", "c"):
        note.enqueue(word)
    work()
    assert words() == ["a", "b", "c"]
    work()
    assert words() == ["a", "b", "c"]


def test_what_was_not_committed_is_never_run() -> None:
    with transaction.atomic():
        note.enqueue("committed")
    with transaction.atomic():
        note.enqueue("rolled back")
        transaction.set_rollback(True)
    work()
    assert words() == ["committed"]


def test_lines_in_the_log_carry_the_task_as_their_request() -> None:
    result = note.enqueue("a")
    work()
    assert done == [("a", str(result.id))]
    assert request_id.get() == "-"


def test_a_task_that_fails_is_tried_again_later_and_not_for_ever(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fail.enqueue()
    waits = []
    for _ in range(ATTEMPTS):
        DBTaskResult.objects.update(run_after=now())
        work()
        found = row()
        waits.append((found.status, round((found.run_after - now()) / FIRST_WAIT)))
    assert waits == [("READY", 1), ("READY", 4), ("READY", 16), ("READY", 64), ("FAILED", 0)]
    assert "RuntimeError: on purpose" in caplog.text
    DBTaskResult.objects.update(run_after=now())
    work()
    assert len(row().worker_ids) == ATTEMPTS


def test_one_that_fails_does_not_keep_others_from_being_run() -> None:
    fail.enqueue()
    note.enqueue("a")
    work()
    assert words() == ["a"]


def lost(**ago: float) -> None:
    """A task whose worker was lost some time after it had begun."""
    note.enqueue("a")
    DBTaskResult.objects.update(
        status="RUNNING", started_at=now() - timedelta(**ago), worker_ids=["gone"]
    )


def test_a_task_that_was_lost_with_its_worker_is_run_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    lost(seconds=LONGEST.total_seconds() + 1)
    work()
    assert "task lost with its worker" in caplog.messages
    assert words() == []
    DBTaskResult.objects.update(run_after=now())
    work()
    assert words() == ["a"]


def test_a_task_that_another_worker_is_running_is_left_to_it() -> None:
    lost(seconds=LONGEST.total_seconds() - 60)
    work()
    assert words() == []
    assert row().status == "RUNNING"


@pytest.mark.parametrize(("status", "left"), [("SUCCESSFUL", 0), ("FAILED", 0), ("RUNNING", 1)])
def test_old_results_are_forgotten(status: str, left: int) -> None:
    note.enqueue("a")
    DBTaskResult.objects.update(
        status=status, started_at=now(), finished_at=now() - KEPT - timedelta(seconds=1)
    )
    work()
    assert DBTaskResult.objects.count() == left


def test_new_results_are_kept() -> None:
    note.enqueue("a")
    work()
    work()
    assert row().status == "SUCCESSFUL"


def test_asking_for_tasks_locks_nothing(django_assert_num_queries: Any) -> None:
    worker = Worker()
    worker._step()  # which looks around first
    with django_assert_num_queries(1) as captured:
        assert not worker._step()
    assert captured.captured_queries[0]["sql"].startswith("SELECT 1")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_after_the_task_in_hand(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    worker = Worker()

    try:
        worker.stop_on_signals()
        note.enqueue("a")
        note.enqueue("b")
        original = worker._runner.run_task

        def run_and_stop(found: Any) -> None:
            signal.raise_signal(number)
            original(found)

        monkeypatch.setattr(worker._runner, "run_task", run_and_stop)
        worker.run()
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    assert words() == ["a"]
    assert DBTaskResult.objects.ready().count() == 1


def test_it_goes_on_when_the_database_is_back(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    note.enqueue("a")
    claim, failures = Worker._claim, iter([OperationalError("gone"), OperationalError("gone")])

    def claim_sometimes(self: Worker) -> Any:
        for error in failures:
            raise error
        return claim(self)

    monkeypatch.setattr(Worker, "_claim", claim_sometimes)
    work()
    assert words() == ["a"]
    assert caplog.messages.count("database unavailable") == 2


def test_a_mistake_of_ours_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    error = OperationalError("no such table")
    error.__cause__ = type("Cause", (Exception,), {"sqlstate": "42P01"})()

    def fail_always(_self: Worker) -> Any:
        raise error

    monkeypatch.setattr(Worker, "_claim", fail_always)
    with pytest.raises(OperationalError):
        work()


def test_the_command_works_until_there_is_nothing_left(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    note.enqueue("a")
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        call_command("work", "--until-done")
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    assert words() == ["a"]
    assert [text for text in caplog.messages if text.startswith("worker")] == [
        "worker started",
        "worker stopped",
    ]


def test_with_reload_it_is_started_by_what_watches_the_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[Any] = []

    def run_with_reloader(run: Any, **options: Any) -> None:
        started.append((run.__self__.__class__, options))

    monkeypatch.setattr("app.core.management.commands.work.run_with_reloader", run_with_reloader)
    call_command("work", "--reload")
    assert started == [(Worker, {"until_done": False})]
