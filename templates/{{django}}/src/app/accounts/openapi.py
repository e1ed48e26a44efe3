"""How the OpenAPI document describes signing in, and what serializers cannot say of accounts."""

from typing import Any

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The header that `TokenAuthentication` reads."""

    target_class = "app.accounts.authentication.TokenAuthentication"
    name = "Bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Describe it."""
        del auto_schema
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token from registration, login or refresh.",
        }


class AccountInputSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """A new password goes with the current one."""

    target_class = "app.accounts.serializers.AccountInput"

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Describe it."""
        schema = auto_schema._map_serializer(  # noqa: SLF001 - the only way to what it found out
            self.target, direction, bypass_extensions=True
        )
        return {**schema, "dependentRequired": {"password": ["current_password"]}}
