"""The OpenAPI document over HTTP, and a page to read it and to try things out."""

from django.http import HttpResponse
from django.shortcuts import render
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from app.core.openapi import document


class OpenAPI(APIView):
    """The document."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(exclude=True)
    def get(self, _request: Request) -> HttpResponse:
        """Return it."""
        return HttpResponse(document(), content_type="application/json")


class Page(APIView):
    """The page that shows the document."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """Return it."""
        return render(request, "core/docs.html")
