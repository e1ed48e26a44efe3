"""The OpenAPI document over HTTP, and a page to read it and to try things out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from app.core.openapi import document


@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    """Return the document."""
    return HttpResponse(document(), content_type="application/json")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the document."""
    return render(request, "core/docs.html")
