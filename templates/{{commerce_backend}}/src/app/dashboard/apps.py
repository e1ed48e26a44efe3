"""The dashboard as a Django application."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """The dashboard."""

    name = "app.dashboard"
