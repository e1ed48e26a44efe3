"""This package as one of Django's applications: it has commands and templates, and no models."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What the application is built on."""

    name = "app.core"
    label = "core"

    def ready(self) -> None:
        """Have REST framework's messages say what is wrong, and not what was sent."""
        from app.core.wording import reword  # noqa: PLC0415 - models of all applications are ready

        reword()
