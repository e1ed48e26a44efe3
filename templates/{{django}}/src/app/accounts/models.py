"""The tables of users and of their sessions."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.timezone import now

from app.core.text import EMAIL_LENGTH, email_key

EMAIL_IS_UNIQUE = "accounts_user_email_is_unique"
EMAIL_IS_UNIQUE_IN_ANY_CASE = "accounts_user_email_is_unique_in_any_case"
_EMAIL_TAKEN = "There is an account with this e-mail address already."


class UserManager(BaseUserManager["User"]):
    """Makes users for commands and for tests; the API has `services.user_register`."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make somebody with an account."""
        user = self.model(email=email_key(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make somebody who may do everything."""
        rights = {"is_staff": True, "is_superuser": True}
        return self.create_user(email, password, **rights, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find who has an address, however it is written."""
        return self.get(email=email_key(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account, who signs in with an e-mail address.

    Identifiers are drawn by lot: numbers that count up would tell everybody how many there are.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField("e-mail address", max_length=EMAIL_LENGTH)
    name = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(
        "active", default=True, help_text="Take this away instead of deleting an account."
    )
    is_staff = models.BooleanField(
        "staff", default=False, help_text="Whether they may sign in to this site."
    )
    date_joined = models.DateTimeField(default=now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["email"], name=EMAIL_IS_UNIQUE, violation_error_message=_EMAIL_TAKEN
            ),
            # For whoever writes an address that `email_key` has not seen.
            models.UniqueConstraint(
                Lower("email"),
                name=EMAIL_IS_UNIQUE_IN_ANY_CASE,
                violation_error_message=_EMAIL_TAKEN,
            ),
        ]
        ordering: ClassVar = ["email"]

    def __str__(self) -> str:
        return self.email

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password. A hash that is made otherwise by now is made anew.

        Django's own writes that hash whatever the database has meanwhile, such as another password.
        """

        def renew(password: str) -> None:
            checked = self.password
            self.set_password(password)
            self._password = None  # what was set is what was there
            User.objects.filter(pk=self.pk, password=checked).update(password=self.password)

        return check_password(raw_password, self.password, renew)

    def clean(self) -> None:
        """Write the address as addresses are compared."""
        super().clean()
        self.email = email_key(self.email)

    def get_full_name(self) -> str:
        """What they are called."""
        return self.name or self.email

    def get_short_name(self) -> str:
        """The same: nobody knows how a name is shortened."""
        return self.get_full_name()


class Session(models.Model):
    """Somebody who is signed in: what their tokens refer to. Without it the tokens are no good.

    Attributes:
        refresh_id: The identifier of the one refresh token that is good now.
        password_mark: What `User.get_session_auth_hash` was at the time of signing in. It changes
            with the password, by whatever way that is changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    refresh_id = models.CharField(max_length=32)
    password_mark = models.CharField(max_length=128)
    created_at = models.DateTimeField(default=now, editable=False)
    renewed_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.user_id} since {self.created_at:%Y-%m-%d %H:%M}"
