"""Orders in the admin: to look at, and to move by the same services as the API."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from app.core.admin import ReadOnlyAdmin, ReadOnlyInline
from app.orders import services
from app.orders.models import Order, OrderLine, StatusChange
from app.payments.models import Payment


class LineInline(ReadOnlyInline):
    """What was bought."""

    model = OrderLine
    fields = ("sku", "name", "quantity", "unit_price", "tax_rate", "total", "tax")
    readonly_fields = fields


class PaymentInline(ReadOnlyInline):
    """How it was paid."""

    model = Payment
    fields = ("reference", "status", "money", "created_at")
    readonly_fields = fields


class ChangeInline(ReadOnlyInline):
    """Where it went, and who moved it."""

    model = StatusChange
    fields = ("before", "after", "actor", "reason", "at")
    readonly_fields = fields
    verbose_name_plural = "history"

    def get_queryset(self, request: HttpRequest) -> QuerySet[StatusChange]:
        """With who did it, in one statement."""
        return super().get_queryset(request).select_related("actor")


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """Pages of orders."""

    list_display = ("number", "email", "status", "total", "placed")
    list_filter = ("status", "placed_at")
    search_fields = ("number", "email", "recipient", "lines__sku", "payments__reference")
    date_hierarchy = "placed_at"
    ordering = ("-placed_at", "-pk")
    fields = (
        *("number", "status", "customer", "email", "placed_at", "total", "tax"),
        *("recipient", "street", "postal_code", "city", "country", "confirmation_sent_at"),
    )
    readonly_fields = fields
    inlines = (LineInline, PaymentInline, ChangeInline)
    actions = ("ship", "deliver", "cancel", "refund")

    @admin.display(description="placed at", ordering="placed_at")
    def placed(self, order: Order) -> str:
        """When it was placed, by UTC, as short as fits into the list."""
        return f"{order.placed_at:%Y-%m-%d %H:%M}"

    def has_ship_permission(self, request: HttpRequest) -> bool:
        """Whether who asks may send orders off."""
        return request.user.has_perm("orders.ship_order")

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        """Whether who asks may cancel orders."""
        return request.user.has_perm("orders.cancel_order")

    def has_refund_permission(self, request: HttpRequest) -> bool:
        """Whether who asks may give money back."""
        return request.user.has_perm("orders.refund_order")

    @admin.action(description="Ship", permissions=["ship"])
    def ship(self, request: HttpRequest, chosen: QuerySet[Order]) -> None:
        """Note that they have left."""
        self._each(request, chosen, services.order_ship, "shipped")

    @admin.action(description="Mark as delivered", permissions=["ship"])
    def deliver(self, request: HttpRequest, chosen: QuerySet[Order]) -> None:
        """Note that they have arrived."""
        self._each(request, chosen, services.order_deliver, "marked as delivered")

    @admin.action(description="Cancel, and return the stock", permissions=["cancel"])
    def cancel(self, request: HttpRequest, chosen: QuerySet[Order]) -> None:
        """Cancel them."""
        self._each(request, chosen, services.order_cancel, "cancelled")

    @admin.action(description="Refund", permissions=["refund"])
    def refund(self, request: HttpRequest, chosen: QuerySet[Order]) -> None:
        """Give the money back."""
        self._each(request, chosen, services.order_refund, "refunded")

    def _each(self, request: HttpRequest, chosen: QuerySet[Order], service: Any, done: str) -> None:
        self.each(request, chosen, lambda order: service(order=order, actor=request.user), done)
