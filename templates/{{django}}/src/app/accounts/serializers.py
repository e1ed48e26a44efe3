"""What requests and responses about accounts look like."""

from typing import Any

from rest_framework import serializers

from app.accounts.models import User
from app.core.fields import EmailField, PasswordField, TextField

NAME_LENGTH = 150
TOKEN_LENGTH = 2000


class RegistrationInput(serializers.Serializer[Any]):
    """An account to be made."""

    email = EmailField()
    password = PasswordField(min_length=8)


class LoginInput(serializers.Serializer[Any]):
    """Who wants to sign in. What no account can have is wrong like any other password."""

    email = TextField(max_length=1000)
    password = PasswordField(max_length=1000)


class RefreshInput(serializers.Serializer[Any]):
    """A refresh token."""

    refresh = TextField(max_length=TOKEN_LENGTH)


class AccountInput(serializers.Serializer[Any]):
    """What somebody changes about their account; what is left out stays."""

    name = TextField(max_length=NAME_LENGTH, allow_blank=True, required=False)
    password = PasswordField(min_length=8, required=False)
    current_password = PasswordField(required=False, help_text="It goes with `password`.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for the current password where there is a new one."""
        if "password" in attrs and "current_password" not in attrs:
            raise serializers.ValidationError(
                {"current_password": "is needed to change the password"}
            )
        return attrs


class UserOutput(serializers.ModelSerializer[User]):
    """A user, as they see themselves."""

    class Meta:
        model = User
        fields = ("id", "email", "name", "is_staff", "date_joined")
        read_only_fields = fields


class TokensOutput(serializers.Serializer[Any]):
    """A session's tokens."""

    access = serializers.CharField()
    refresh = serializers.CharField()


class SignedInOutput(TokensOutput):
    """A session's tokens, and whose they are."""

    user = UserOutput()
