"""The commands of the task manager, beside those that every service has."""

import asyncio
from functools import partial
from typing import Annotated

import typer

from app import demo
from app.core.cli import cli, explained
from app.core.seeding import seed_database, settings_for_a_demo

__all__ = ["cli"]


@cli.command()
def seed(tasks: Annotated[int, typer.Option(min=1, max=100_000)] = 40) -> None:
    """Fill a new database with a demo. It is for development: everybody knows its password."""
    with explained():
        written = asyncio.run(
            seed_database(
                settings_for_a_demo(),
                is_there=demo.is_there,
                fill=partial(demo.fill, tasks=tasks),
                pieces=tasks,
                title="Writing tasks",
                in_the_way="The database has a user or a project of the demo's name.",
            )
        )
        if written:
            typer.echo(f"Made {len(demo.TEAM)} users and {tasks} tasks. Sign in with:")
            typer.echo(f"  {demo.EMAIL}  {demo.PASSWORD}")
