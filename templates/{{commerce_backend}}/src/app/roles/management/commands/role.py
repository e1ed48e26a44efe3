"""`python -m app role EMAIL ROLE`: make somebody support, say, or a customer again."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from app.accounts.models import User
from app.core.errors import ConflictError
from app.core.text import email_key
from app.roles.services import Role, role_set


class Command(BaseCommand):
    """Give somebody a role."""

    help = "Give somebody a role in the place of the one they had."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whom, and which."""
        parser.add_argument("email")
        parser.add_argument("role", choices=[role.value for role in Role])

    def handle(self, *, email: str, role: str, **_options: object) -> None:
        """Give the role."""
        user = User.objects.filter(email=email_key(email)).first()
        if user is None:
            raise CommandError(f"There is nobody with the address {email}. They register first.")
        try:
            role_set(user=user, role=Role(role))
        except ConflictError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"{user.email} is now: {role}")
