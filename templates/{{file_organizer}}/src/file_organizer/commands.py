"""The commands: each parses, calls the core once, shows the result and returns an exit code.

The core is imported where a command runs. Loading it (pydantic above all) takes longer than to
print a help text or to refuse a misspelt option, and those do not need it.
"""

# ruff: noqa: PLC0415 - see above

from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

from file_organizer.errors import ExitCode, UsageError
from file_organizer.terminal import (
    note,
    progress,
    show,
    show_json,
    show_raw,
    signals,
    visible,
)

# Plain help texts, for the same reason: Rich's take long to load.
app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Sort the files of a folder by rules. Look first with plan, take back with undo.",
)

Folder = Annotated[str, typer.Argument(metavar="DIR", help="The folder.", show_default=False)]
RulesFile = Annotated[
    Path | None,
    typer.Option(
        "--rules",
        metavar="FILE",
        envvar="ORGANIZE_RULES",
        help="Rules to use instead of the built-in ones.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def run_command_line() -> int:
    """Parse the command line and run one command."""
    try:
        code: int | None = app(standalone_mode=False)
    except typer.TyperException as error:
        raise UsageError(
            error.format_message(),
            "organize --help lists the commands, organize COMMAND --help explains one.",
        ) from None
    return ExitCode.DONE if code is None else code


def _version() -> str:
    """The version of the distribution that brought this command, whatever its owner called it."""
    for command in entry_points(group="console_scripts", name="organize"):
        if command.module.startswith(f"{__package__}.") and command.dist is not None:
            return command.dist.version
    return "(a copy that is not installed)"


def _show_version(wanted: bool) -> None:
    if wanted:
        show(f"organize {_version()}")
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
def plan(
    folder: Folder,
    rules: RulesFile = None,
    every: Annotated[bool, typer.Option("--all", help="List each file, however many.")] = False,
    as_json: AsJson = False,
) -> int:
    """Show what run would do. Changes nothing."""
    from file_organizer import organizer, reports
    from file_organizer.rules import load_rules

    result = organizer.plan_folder(_named(folder), load_rules(rules).book)
    if as_json:
        show_json(reports.plan_document(result))
    else:
        show(*reports.plan_lines(result, every=every))
        if not every and len(result.moves) > reports.LISTED:
            note("hint: --all lists each file.")
    return ExitCode.DONE


@app.command()
def run(folder: Folder, rules: RulesFile = None, as_json: AsJson = False) -> int:
    """Move the files as plan shows it."""
    from file_organizer import organizer, reports
    from file_organizer.rules import load_rules

    book = load_rules(rules).book
    with progress("Moving") as report:
        result = organizer.run_folder(_named(folder), book, hold=signals.held, report=report)
    for recovered in result.recovered:
        note(reports.recovered_line(recovered))
    if as_json:
        show_json(reports.run_document(result))
    else:
        show(*reports.run_lines(result))
    if result.not_reached:
        note("Stopped before the end. The same command goes on, organize undo takes it back.")
    return signals.exit_code(ExitCode.PARTLY if result.left else ExitCode.DONE)


@app.command()
def undo(
    number: Annotated[
        int | None,
        typer.Argument(metavar="[RUN]", min=1, max=2**63 - 1, help="A run; without it, the last."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Put the files of a run back where they were."""
    from file_organizer import organizer, reports

    with progress("Putting back") as report:
        result = organizer.undo_run(number, hold=signals.held, report=report)
    if as_json:
        show_json(reports.undo_document(result))
    else:
        show(*reports.undo_lines(result))
    return signals.exit_code(ExitCode.PARTLY if result.left else ExitCode.DONE)


@app.command()
def history(as_json: AsJson = False) -> int:
    """List the runs, the latest first."""
    from file_organizer import organizer, reports

    runs = organizer.list_runs()
    if as_json:
        show_json(reports.history_document(runs))
    elif runs:
        show(reports.history_table(runs), wrap=True)
    else:
        note("There are no runs yet.")
    return ExitCode.DONE


@app.command()
def rules(
    path: RulesFile = None,
    as_toml: Annotated[
        bool, typer.Option("--toml", help="Print the rules file itself, to start your own from.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Show the rules in force."""
    from file_organizer import reports
    from file_organizer.rules import load_rules

    loaded = load_rules(path)
    if as_json:
        show_json(reports.rules_document(loaded))
    elif as_toml:
        show_raw(loaded.text)
    else:
        show(reports.rules_table(loaded.book.rules), wrap=True)
        show(f"From {visible(loaded.source)}; the first that matches decides.")
    return ExitCode.DONE


@app.command()
def demo(folder: Folder, as_json: AsJson = False) -> int:
    """Make a new folder of messy sample files to try the program on."""
    from file_organizer import reports
    from file_organizer.demo import make_demo

    names = make_demo(_named(folder))
    if as_json:
        show_json(reports.demo_document(folder, names))
    else:
        show(f"{reports.count(len(names), 'file')} in {visible(folder)}")
        show("Try: organize plan " + visible(folder))
    return ExitCode.DONE


def _named(folder: str) -> str:
    """An empty name is an unset variable in a script, not the present folder."""
    if not folder:
        raise UsageError("the folder's name is empty", "Name a folder; . is the present one.")
    return folder
