"""The commands that every service has: `python -m app --help` lists them with the project's own."""

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from sqlalchemy.exc import DBAPIError

from app.core.database import Database
from app.core.environment import SettingsError
from app.core.exits import INTERRUPTED
from app.core.health import NOT_MIGRATED, readiness
from app.core.logs import configure_logging, logging_configuration
from app.core.migrations import migrate as migrate_database
from app.core.problems import cause_of
from app.core.settings import Settings, load_settings

FACTORY = "app.main:create_app"
logger = logging.getLogger(__name__)

SOURCES = Path(__file__).parents[2]

cli = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="The service."
)


@contextmanager
def explained() -> Iterator[None]:
    """End with a message, and no traceback, on what a person can put right."""
    try:
        yield
    except SettingsError as error:
        typer.echo(f"error: The settings are wrong.\n{error}", err=True)
        typer.echo("hint: Set these environment variables; .env.example describes them.", err=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        # Each piece of work is one transaction, so nothing is half done.
        typer.echo("Stopped. What was not finished was undone.", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        raise  # whoever read the output has enough
    except (DBAPIError, OSError) as error:
        typer.echo(f"error: {cause_of(error)}", err=True)
        typer.echo(
            "hint: Does the database run, and is DATABASE_URL right?"
            " The file of a SQLite database is looked for in the folder that you are in."
            " `python -m app migrate` makes its tables.",
            err=True,
        )
        raise typer.Exit(1) from None


def prepared() -> Settings:
    """Read the settings and set up logging.

    Raises:
        SettingsError: They are wrong.
    """
    settings = load_settings()
    configure_logging(level=settings.log_level, log_format=settings.logs_as)
    return settings


@cli.command()
def dev() -> None:
    """Migrate the database, then serve and start again whenever the code changes."""
    with explained():
        settings = prepared()
        migrate_database(settings)
        _serve(settings, reload=True)


@cli.command()
def serve() -> None:
    """Serve. HOST and PORT say where; SIGTERM ends it once the requests in hand are answered."""
    with explained():
        settings = prepared()
        if asyncio.run(_state_of(settings)) == NOT_MIGRATED:
            logger.warning("the tables are not up to date: run `python -m app migrate`")
        _serve(settings, reload=False)


@cli.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    with explained():
        migrate_database(prepared())


@cli.command()
def openapi(
    output: Annotated[Path | None, typer.Option(help="The file to write it to.")] = None,
) -> None:
    """Print the OpenAPI document, or write it to a file."""
    from app.main import create_app  # noqa: PLC0415 - it is the project's, and this is a layer below

    with explained():
        document = json.dumps(create_app(load_settings()).openapi(), indent=2) + "\n"
    if output is None:
        typer.echo(document, nl=False)
        return
    try:
        output.write_text(document, encoding="utf-8")
    except OSError as error:
        typer.echo(f"error: {error}\nhint: Name a file in a folder that is there.", err=True)
        raise typer.Exit(1) from None


async def _state_of(settings: Settings) -> str:
    database = Database(settings.database_url)
    try:
        return await readiness(database)
    finally:
        await database.dispose()


def _serve(settings: Settings, *, reload: bool) -> None:
    uvicorn.run(
        FACTORY,
        factory=True,
        host=settings.host,
        port=settings.port,
        reload=reload,
        reload_dirs=[str(SOURCES)] if reload else None,
        # Once more, for the processes that it starts.
        log_config=logging_configuration(level=settings.log_level, log_format=settings.logs_as),
        # `RequestContext` writes a line for each request.
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_seconds,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        workers=None if reload else settings.web_concurrency,
    )
