"""Static files: under names that change with their content, once they have been collected."""

from pathlib import Path

from django.conf import settings
from whitenoise.storage import (  # type: ignore[import-untyped]
    CompressedManifestStaticFilesStorage,
)

MANIFEST: str = CompressedManifestStaticFilesStorage.manifest_name


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Knows the names; in development, where nobody collects files, they have their own."""

    def stored_name(self, name: str) -> str:
        """The name of a file on the server."""
        return str(super().stored_name(name)) if settings.IN_PRODUCTION else name


def are_collected() -> bool:
    """Whether `python -m app collectstatic` has been run."""
    return (Path(settings.STATIC_ROOT) / MANIFEST).is_file()
