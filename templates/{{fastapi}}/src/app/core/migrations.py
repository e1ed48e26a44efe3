"""Migrations from inside the program, so that an installed package can migrate by itself."""

import logging
from functools import cache

# It tells of each of its plugins when it is imported, so before that.
logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)

from alembic import command  # noqa: E402
from alembic.config import Config  # noqa: E402
from alembic.script import ScriptDirectory  # noqa: E402
from sqlalchemy import column, select, table  # noqa: E402
from sqlalchemy.ext.asyncio import AsyncSession  # noqa: E402

from app.core.settings import Settings  # noqa: E402

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
