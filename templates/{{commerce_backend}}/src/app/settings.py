"""Django's settings: those that every service has, and this shop's own."""

from datetime import timedelta

from app.core.base_settings import *  # noqa: F403
from app.core.base_settings import (
    CORS_ALLOW_HEADERS,
    CORS_EXPOSE_HEADERS,
    INSTALLED_APPS,
    SPECTACULAR_SETTINGS,
)

INSTALLED_APPS = [
    # Before the others, so that the dashboard's templates go before Django's.
    "app.dashboard",
    *INSTALLED_APPS,
    "app.catalogue",
    "app.carts",
    "app.orders",
    "app.payments",
    "app.roles",
    "app.demo",
]

ON_SIGN_IN = ["app.carts.hooks.merge_cart"]

CURRENCIES = ("CHF", "EUR", "GBP", "JPY", "KWD", "USD")
"""What the shop sells in: codes of ISO 4217, with three decimal places at the most."""

PAYMENT_PROVIDER = "app.payments.fake.FakeProvider"
"""A class with the methods of `app.payments.provider.Provider`."""

PAYMENT_WINDOW = timedelta(hours=2)
"""How long an order may be unpaid before `python -m app tidy` cancels it."""

CART_LIFETIME = timedelta(days=30)
"""How long an anonymous cart is kept after it was last used."""

CORS_ALLOW_HEADERS = [*CORS_ALLOW_HEADERS, "idempotency-key", "x-cart-token"]
CORS_EXPOSE_HEADERS = [*CORS_EXPOSE_HEADERS, "Idempotent-Replayed"]

SPECTACULAR_SETTINGS = {
    **SPECTACULAR_SETTINGS,
    "TITLE": "Shop",
    "DESCRIPTION": (
        "Products, carts and orders. Register at `/api/auth/register`, then send the header"
        " `Authorization: Bearer <access>`."
    ),
    "ENUM_NAME_OVERRIDES": {
        "OrderStatus": "app.orders.lifecycle.Status",
        "PaymentStatus": "app.payments.models.PaymentStatus",
        "EventOutcome": "app.payments.models.Outcome",
    },
}
