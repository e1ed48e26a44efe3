"""What carts do when somebody signs in: see the setting ON_SIGN_IN."""

from django.http import HttpRequest

from app.accounts.models import User
from app.carts.services import cart_merge


def merge_cart(request: HttpRequest, user: User) -> None:
    """Give a customer what they put into a cart before they signed in."""
    token = request.headers.get("X-Cart-Token")
    if token:
        cart_merge(token=token, customer=user)
