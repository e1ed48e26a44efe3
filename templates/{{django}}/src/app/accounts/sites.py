"""The admin's front door."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError

from app.core.clients import client_address
from app.core.errors import TooManyRequestsError
from app.core.text import email_key
from app.core.throttling import login_throttle


class LoginForm(AdminAuthenticationForm):
    """Django's, with the throttle that the API has: both count together."""

    def clean(self) -> dict[str, Any]:
        """Check the password, unless there were too many tries."""
        account = email_key(self.cleaned_data.get("username") or "")
        address = client_address(self.request) if self.request else ""
        try:
            login_throttle().attempt(account, address)
        except TooManyRequestsError as error:
            raise ValidationError(error.message, code=error.code) from None
        cleaned: dict[str, Any] = super().clean()
        login_throttle().succeeded(account, address)
        return cleaned


class AdminSite(admin.AdminSite):
    """The site that people sign in to who look after the service."""

    login_form = LoginForm
    # There is no other site of pages that a link could lead to.
    site_url = None
