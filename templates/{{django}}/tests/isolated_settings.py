"""Django's settings for tests: the service's, whatever this machine has set.

Databases are made for this run alone, and none that anybody uses is ever touched.
"""

import os
import tempfile
from contextlib import chdir
from pathlib import Path
from uuid import uuid4

from app.core.databases import database_settings
from app.core.settings import Settings

TEST_SERVER = os.environ.get("TEST_DATABASE_URL")
"""A PostgreSQL to make databases on; without it they are SQLite files."""

for _variable in list(os.environ):
    if _variable.lower() in Settings.model_fields:
        del os.environ[_variable]

# It is removed when the process ends.
_folder = tempfile.TemporaryDirectory(prefix="tests-")
FOLDER = Path(_folder.name)

os.environ["SECRET_KEY"] = "a-secret-that-only-these-tests-know-and-nobody-else"
with chdir(FOLDER):  # where there is no `.env`
    from app.settings import *  # noqa: F403
del os.environ["SECRET_KEY"]

DATABASES = {"default": database_settings(TEST_SERVER or f"sqlite:///{FOLDER}/never-opened.db")}
DATABASES["default"]["TEST"] = {
    # Several runs may go on side by side.
    "NAME": f"test_{uuid4().hex}" if TEST_SERVER else str(FOLDER / "test.db")
}

# It costs next to nothing, unlike the real one, which takes long on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
