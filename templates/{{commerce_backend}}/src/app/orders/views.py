"""Routes of orders. Whose order it is not gets a 404, as if there were none."""

from collections.abc import Callable
from typing import Any, cast

from django.db.models import QuerySet, prefetch_related_objects
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from app.accounts.models import User
from app.accounts.rights import may
from app.core.errors import ForbiddenError
from app.core.openapi import errors
from app.core.requests import read
from app.orders import services
from app.orders.checkout import order_place
from app.orders.filters import OrderFilters
from app.orders.keys import KEY, key_of
from app.orders.models import Order
from app.orders.selectors import order_get
from app.orders.serializers import CheckoutInput, OrderOutput, ReasonInput


class OrderList(ListAPIView[Order]):
    """One's own orders; all of them for who may view orders."""

    permission_classes = (IsAuthenticated,)
    queryset = Order.objects.all()
    filterset_class = OrderFilters
    serializer_class = OrderOutput

    def get_queryset(self) -> QuerySet[Order]:
        """Those that who asks may know of."""
        return Order.objects.visible_to(self.request.user).whole().order_by("-placed_at", "-pk")

    @extend_schema(operation_id="list_orders")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List orders, the newest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="place_order",
        parameters=[KEY],
        request=CheckoutInput,
        responses={201: OrderOutput, **errors(409, 422)},
    )
    def post(self, request: Request) -> Response:
        """Turn the cart into an order.

        A request that is sent again with its key gets the same order again.
        """
        key = key_of(request)
        placed = order_place(
            customer=cast(User, request.user), key=key, **read(CheckoutInput, request)
        )
        headers = {"Idempotent-Replayed": "true"} if placed.is_replay else None
        return Response(_shown(placed.order), 201, headers=headers)


class OrderDetail(APIView):
    """An order."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(operation_id="read_order", responses=OrderOutput)
    def get(self, request: Request, number: str) -> Response:
        """Read an order."""
        return Response(_shown(order_get(number=number, user=request.user)))


class OrderMove(APIView):
    """A move of an order; whoever has no right to it may not even with their own order."""

    permission_classes = (IsAuthenticated,)
    right: str
    own_is_allowed = False

    def move(
        self, request: Request, number: str, service: Callable[..., None], **more: Any
    ) -> Response:
        """Move an order, if who asks may."""
        order = order_get(number=number, user=request.user)
        own = self.own_is_allowed and order.customer_id == request.user.pk
        if not own and not may(request.user, self.right):
            raise ForbiddenError("You may not do this.")
        service(order=order, actor=request.user, **more)
        return Response(_shown(order))


class OrderCancel(OrderMove):
    """Cancelling."""

    right = "orders.cancel_order"
    own_is_allowed = True

    @extend_schema(
        operation_id="cancel_order",
        request=ReasonInput,
        responses={200: OrderOutput, **errors(403, 409)},
    )
    def post(self, request: Request, number: str) -> Response:
        """Cancel an order that has not left. What was paid is given back."""
        return self.move(request, number, services.order_cancel, **read(ReasonInput, request))


class OrderShip(OrderMove):
    """Sending off."""

    right = "orders.ship_order"

    @extend_schema(
        operation_id="ship_order", request=None, responses={200: OrderOutput, **errors(403, 409)}
    )
    def post(self, request: Request, number: str) -> Response:
        """Note that a paid order has left."""
        return self.move(request, number, services.order_ship)


class OrderDeliver(OrderMove):
    """Arriving."""

    right = "orders.ship_order"

    @extend_schema(
        operation_id="deliver_order", request=None, responses={200: OrderOutput, **errors(403, 409)}
    )
    def post(self, request: Request, number: str) -> Response:
        """Note that an order has arrived."""
        return self.move(request, number, services.order_deliver)


class OrderRefund(OrderMove):
    """Giving money back."""

    right = "orders.refund_order"

    @extend_schema(
        operation_id="refund_order",
        request=ReasonInput,
        responses={200: OrderOutput, **errors(403, 409)},
    )
    def post(self, request: Request, number: str) -> Response:
        """Give back the money for an order that has left."""
        return self.move(request, number, services.order_refund, **read(ReasonInput, request))


def _shown(order: Order) -> Any:
    prefetch_related_objects([order], *Order.PARTS)
    return OrderOutput(order).data
