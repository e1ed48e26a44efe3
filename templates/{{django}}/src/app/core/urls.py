"""Addresses that every service has, and how it answers where there is none.

The project's `urls.py` includes these, and takes over the handlers.
"""

from django.urls import path

from app.core import documentation, health

urlpatterns = [
    path("health/live", health.Live.as_view(), name="live"),
    path("health/ready", health.Ready.as_view(), name="ready"),
    path("openapi.json", documentation.OpenAPI.as_view(), name="openapi"),
    path("docs", documentation.Page.as_view(), name="docs"),
]
