"""What a run comes to: a line for each student, a few lines at the end, and an exit code."""

from collections import Counter
from collections.abc import Iterator

from seedbed.interrupts import EXIT_CODE as INTERRUPTED
from seedbed.model import Outcome, Result, Row, State
from seedbed.running import Run
from seedbed.visible import visible

DONE = 0
SOME_FAILED = 1
CONFLICTS = 3


def line(outcome: Outcome) -> str:
    """What became of one student: `ada-lovelace: seeded 1a2b3c4`."""
    if outcome.result is Result.FAILED:
        text = f"failed: {outcome.reason}"
    elif outcome.files:
        text = f"{outcome.text}, with conflicts in {', '.join(outcome.files)}"
    else:
        text = outcome.text
    return visible(f"{outcome.slug}: {text}")


def lines(run: Run[Outcome]) -> Iterator[str]:
    """What became of all: counts, reasons with those whom they concern, conflicts by student."""
    counts = Counter(outcome.result for outcome in run.results)
    counted = [f"{counts[result]} {_plural(result, counts[result])}" for result in Result]
    shown = [text for text, result in zip(counted, Result, strict=True) if counts[result]]
    if run.left:
        shown.append(f"{run.left} not begun or not finished")
    yield ", ".join(shown) or "no students"
    for (failed, reason), slugs in _by_reason(run).items():
        what = "failed" if failed else "to look at"
        yield visible(f"{len(slugs)} {what}: {reason}: {', '.join(slugs)}")
    for outcome in run.results:
        if outcome.result is Result.CONFLICT:
            yield visible(f"conflict: {outcome.slug}: {', '.join(outcome.files)}")


def exit_code(run: Run[Outcome] | Run[Row]) -> int:
    """The program's exit code after a run. What is left to do goes before what has failed."""
    if run.interrupted:
        return INTERRUPTED
    if any(map(_has_failed, run.results)):
        return SOME_FAILED
    return CONFLICTS if any(map(_needs_a_person, run.results)) else DONE


def _has_failed(result: Outcome | Row) -> bool:
    if isinstance(result, Row):
        return result.state is State.UNREACHABLE
    return result.result is Result.FAILED


def _needs_a_person(result: Outcome | Row) -> bool:
    return isinstance(result, Outcome) and (result.result is Result.CONFLICT or bool(result.reason))


def _by_reason(run: Run[Outcome]) -> dict[tuple[bool, str], list[str]]:
    """Whom each reason concerns; those that most have in common first, failures before all else."""
    found: dict[tuple[bool, str], list[str]] = {}
    for outcome in run.results:
        if outcome.reason:
            key = (outcome.result is Result.FAILED, outcome.reason)
            found.setdefault(key, []).append(outcome.slug)
    return dict(sorted(found.items(), key=lambda each: (not each[0][0], -len(each[1]))))


def _plural(result: Result, count: int) -> str:
    return "conflicts" if result is Result.CONFLICT and count > 1 else result.value
