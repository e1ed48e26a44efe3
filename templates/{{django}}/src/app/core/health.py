"""Health: is the process alive, and can it serve?"""

import logging
from functools import cache
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from app.core.databases import is_passing

logger = logging.getLogger(__name__)

OK = "ok"
UNAVAILABLE = "database unavailable"
NOT_MIGRATED = "database not migrated"


class Health(serializers.Serializer[Any]):
    """How the service is."""

    status = serializers.ChoiceField([OK, UNAVAILABLE, NOT_MIGRATED])


class Live(APIView):
    """Whether the process answers. If not, it should be started again."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    uses_database = False

    @extend_schema(operation_id="live", responses=Health, tags=["Health"])
    def get(self, _request: Request) -> Response:
        """Whether the process answers. If not, it should be started again."""
        return Response({"status": OK})


class Ready(APIView):
    """Whether requests can be served now."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    uses_database = False

    @extend_schema(operation_id="ready", responses={200: Health, 503: Health}, tags=["Health"])
    def get(self, _request: Request) -> Response:
        """Whether requests can be served: the database answers, and its tables are up to date."""
        found = readiness()
        return Response({"status": found}, 200 if found == OK else 503)


def readiness() -> str:
    """Look whether the database answers, and whether its tables are as new as the program.

    Newer ones count as well: while a new version is rolled out, the old one goes on serving on the
    tables that the new one has migrated.
    """
    try:
        applied = frozenset(_recorded().values_list("app", "name"))
    except (DatabaseError, InterfaceError) as error:
        logger.warning("database not ready", extra={"cause": str(error)})
        return UNAVAILABLE if is_passing(error) else NOT_MIGRATED
    return OK if _known_migrations() <= applied else NOT_MIGRATED


def _recorded() -> QuerySet[Any]:
    # Straight to its table: Django would list all tables first, to see whether it is there.
    return MigrationRecorder(connection).migration_qs


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """All migrations of this version of the program."""
    loader = MigrationLoader(None)
    return frozenset(loader.graph.nodes)
