"""The commands: each parses, calls the parts, shows the result and returns an exit code.

What they call is imported where a command runs: loading Copier takes longer than to print a help
text or to refuse a misspelt option, and those do not need it.
"""

# ruff: noqa: PLC0415 - see above

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

import seedbed
from seedbed.interrupts import GO_ON
from seedbed.model import SeedbedError, UsageError
from seedbed.running import default_jobs, run
from seedbed.terminal import note, show
from seedbed.visible import visible

if TYPE_CHECKING:
    from seedbed.model import Outcome, Row, Student
    from seedbed.opening import Opened
    from seedbed.report.content import Report
    from seedbed.running import Run

R = TypeVar("R", "Outcome", "Row")

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="One repository for each student, grown from a template and kept up to date.",
    epilog=(
        "Exit codes: 0 all done, 1 some failed, 2 usage or roster, 3 conflicts need a person,"
        " 130 interrupted: run the same command again."
    ),
)

CohortFile = Annotated[Path, typer.Option("--cohort", metavar="FILE", help="The cohort's file.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
Shard = Annotated[
    str | None,
    typer.Option("--shard", metavar="PART/PARTS", help="A part of the students, such as 2/5."),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        metavar="N",
        min=1,
        help="How many students at a time; without it, one for each processor.",
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="SLUG", help="Only this student; may be given several times."),
]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="VERSION", help="The template's version; without it, the newest."),
]
DEFAULT = Path("cohort.toml")
_SECONDS = 120
"""How long a call of Git may take before there is a cohort that says it."""


def run_command_line() -> int:
    """Parse the command line, run one command, and return the exit code."""
    try:
        code: int | None = app(prog_name="seedbed", standalone_mode=False)
    except typer.TyperException as error:
        what = error.format_message()
        end = "" if what.endswith((".", "?")) else "."
        raise UsageError(
            f"{what}{end} seedbed --help lists the commands, seedbed COMMAND --help explains one."
        ) from None
    return code or 0


def _show_version(wanted: bool) -> None:
    if wanted:
        show(f"seedbed {seedbed.__version__}")
        raise typer.Exit


@app.callback()
def every_command(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """What holds for all commands; their help text is the program's."""


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="[FOLDER]", help="Where to; without it, the present folder.")
    ] = Path(),
    template: Annotated[
        str | None,
        typer.Option("--template", metavar="SOURCE", help="The template, at its newest version."),
    ] = None,
    dry_run: DryRun = False,
) -> int:
    """Write a commented cohort.toml and a sample roster.csv."""
    from seedbed.init import write_initial

    newest = None
    if template is not None:
        from seedbed.template import newest_of

        newest = newest_of(template, seconds=_SECONDS)
    for file in write_initial(folder, dry_run=dry_run, template=newest):
        show(visible(f"{'would write' if dry_run else 'wrote'} {file}"))
    return 0


@app.command()
def seed(
    *,
    cohort: CohortFile = DEFAULT,
    dry_run: DryRun = False,
    shard: Shard = None,
    jobs: Jobs = None,
    only: Only = None,
) -> int:
    """Give each student of the roster a repository.

    Running it again does what is missing.
    """
    from seedbed.opening import opened

    with opened(cohort, module="seedbed.seeding", shard=shard, only=only or ()) as it:
        from seedbed.seeding import Seeding, left_over
        from seedbed.store import store_of

        work = Seeding(it.cohort, dry_run=dry_run)
        done = _run("Seeding", it, work, jobs, lines=True, bar=not dry_run)
        code = _ended(it, done, dry_run=dry_run)
        if left := left_over(it.cohort, it.everybody, store_of(it.cohort)):
            show(visible(f"not in the roster any more, and left alone: {', '.join(left)}"))
        return code


@app.command()
def update(
    *,
    cohort: CohortFile = DEFAULT,
    to: To = None,
    merge_clean: Annotated[
        bool, typer.Option("--merge-clean", help="Move main where there is no conflict.")
    ] = False,
    dry_run: DryRun = False,
    shard: Shard = None,
    jobs: Jobs = None,
    only: Only = None,
) -> int:
    """Bring each student a newer version of the template.

    It is merged into their work, and pushed as a branch for review.
    """
    from seedbed.opening import opened

    with opened(cohort, module="seedbed.updating", shard=shard, only=only or ()) as it:
        from seedbed.updating import Updating

        work = Updating(it.cohort, it.version(to), merge_clean=merge_clean, dry_run=dry_run)
        done = _run("Updating", it, work, jobs, lines=True, bar=not dry_run)
        return _ended(it, done, dry_run=dry_run)


@app.command()
def status(
    *,
    cohort: CohortFile = DEFAULT,
    to: To = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print it as CSV.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write it as a page, too.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Run each project's own tests.")] = False,
    dry_run: DryRun = False,
    shard: Shard = None,
    jobs: Jobs = None,
    only: Only = None,
) -> int:
    """Show where each student of the roster is.

    Nothing of theirs is changed. It fails if somebody's repository cannot be looked at.
    """
    if as_json and as_csv:
        raise UsageError("--json and --csv exclude each other: give one of them.")
    # Said before students' tests have run for an hour.
    if html is not None and (html.is_dir() or not html.parent.is_dir()):
        raise UsageError(f"--html {html} cannot be written: name a file in a folder that exists.")
    from seedbed.opening import opened
    from seedbed.report.content import Report
    from seedbed.report.page import write_page
    from seedbed.summary import exit_code

    with opened(cohort, module="seedbed.surveying", shard=shard, only=only or ()) as it:
        from seedbed.surveying import Surveying

        version = it.version(to)
        # Students' code is run as whoever runs this, so not where it is only asked what would be.
        work = Surveying(it.cohort, version, check=check and not dry_run)
        done = _run("Looking", it, work, jobs, lines=False)
    if done.interrupted:
        # Half a report would be taken for a whole one.
        note(f"There is no report: {done.left} of {len(it.students)} not looked at. {GO_ON}")
        return exit_code(done)
    rows = _rows(it, done)
    report = Report(it.cohort.name, version, datetime.now(UTC).astimezone(), rows)
    # First, for whoever reads the other forms may go away.
    if html is not None and not dry_run:
        write_page(html, report)
        note(visible(f"wrote {html}"))
    if html is not None and dry_run:
        note(visible(f"would write {html}"))
    if check and dry_run:
        note("would run each project's own tests")
    _show_report(report, as_json=as_json, as_csv=as_csv)
    return exit_code(done)


def _run(
    what: str,
    it: "Opened",
    work: "Callable[[Student], R]",
    jobs: int | None,
    *,
    lines: bool,
    bar: bool = True,
) -> "Run[R]":
    from seedbed.progress import display

    with display(what, len(it.students), lines=lines, bar=bar) as shown:
        return run(
            it.students,
            work,
            jobs=jobs or default_jobs(),
            bugs=it.cohort.state,
            ended=shown.ended,
            stopping=shown.stopping,
        )


def _ended(it: "Opened", done: "Run[Outcome]", *, dry_run: bool) -> int:
    """Sum up a run of `seed` or `update`, and tidy up after it."""
    from seedbed.store import open_store
    from seedbed.summary import exit_code, lines

    for text in lines(done):
        show(text)
    if dry_run:
        note("This was a dry run: nothing was changed.")
    if done.interrupted:
        note(GO_ON)
    elif not dry_run:
        try:
            open_store(it.cohort).pack()
        except SeedbedError as error:
            note(visible(f"The run is over, but {it.cohort.state} could not be packed: {error}"))
    return exit_code(done)


def _rows(it: "Opened", done: "Run[Row]") -> "Sequence[Row]":
    """The rows, with one for each student at whom seedbed itself failed to look."""
    from seedbed.model import Outcome, Row, State
    from seedbed.places import place_of

    rows = []
    for student, result in zip(it.students, done.results, strict=True):
        if isinstance(result, Outcome):
            where = place_of(it.cohort, student).shown
            rows.append(
                Row(student.slug, student.name, where, State.UNREACHABLE, reason=result.reason)
            )
        else:
            rows.append(result)
    return rows


def _show_report(report: "Report", *, as_json: bool, as_csv: bool) -> None:
    from seedbed.report.data import to_csv, to_json

    if as_json:
        show(to_json(report).removesuffix("\n"))
    elif as_csv:
        show(to_csv(report).removesuffix("\n"))
    else:
        from rich.console import Console

        from seedbed.report.table import show_table

        # Rich only lays out and colours. It would end the process where nobody reads.
        console = Console()
        with console.capture() as laid_out:
            show_table(report, console)
        show(laid_out.get().removesuffix("\n"))
