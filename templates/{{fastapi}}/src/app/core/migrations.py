"""Migrations from inside the program, so that an installed package can migrate by itself."""

import logging
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import column, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.settings import Settings

# It tells of each of its plugins whenever it is imported.
logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)

_VERSION = select(table("alembic_version", column("version_num")).c.version_num)


def alembic_config(settings: Settings | None = None) -> Config:
    """Alembic's configuration, with the migrations that the package carries.

    Args:
        settings: The settings that `migrations/env.py` takes; without them it reads them itself.
    """
    config = Config()
    config.set_main_option("script_location", "app:migrations")
    config.attributes["settings"] = settings
    return config


def migrate(settings: Settings) -> None:
    """Bring the database's tables up to date."""
    command.upgrade(alembic_config(settings), "head")


@cache
def _known_revisions() -> tuple[str | None, frozenset[str]]:
    """The newest revision that this version of the program knows, and all of them."""
    script = ScriptDirectory.from_config(alembic_config())
    revisions = frozenset(found.revision for found in script.walk_revisions())
    return script.get_current_head(), revisions


async def is_migrated(session: AsyncSession) -> bool:
    """Whether the tables are as new as the program.

    Newer ones count as well: while a new version is rolled out, the old one goes on serving on the
    tables that the new one has migrated.
    """
    newest, known = _known_revisions()
    found = await session.scalar(_VERSION)
    return found is not None and (found == newest or found not in known)
