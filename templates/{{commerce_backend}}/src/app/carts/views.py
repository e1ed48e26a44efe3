"""Routes of carts. There is one for each who asks, so it has no name in its address."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from app.carts import services
from app.carts.models import Cart
from app.carts.selectors import Buyer, cart_find, cart_view
from app.carts.serializers import CartOutput, LineInput, QuantityInput
from app.core.openapi import errors
from app.core.requests import read

TOKEN_HEADER = "X-Cart-Token"  # noqa: S105 - a name, not a secret
TOKEN = OpenApiParameter(
    TOKEN_HEADER,
    str,
    OpenApiParameter.HEADER,
    description="The token of an anonymous cart. Whoever is signed in has their own cart.",
)


class CartDetail(APIView):
    """The cart of who asks."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="read_cart", parameters=[TOKEN], responses={200: CartOutput, **errors(404)}
    )
    def get(self, request: Request) -> Response:
        """Read the cart. Who has none sees an empty one."""
        return _shown(cart_find(buyer_of(request)))

    @extend_schema(
        operation_id="clear_cart", parameters=[TOKEN], responses={204: None, **errors(404)}
    )
    def delete(self, request: Request) -> Response:
        """Take everything out of the cart."""
        services.cart_clear(buyer_of(request))
        return Response(status=204)


class CartLines(APIView):
    """The lines of the cart."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="add_to_cart",
        parameters=[TOKEN],
        request=LineInput,
        responses={201: CartOutput, **errors(404, 409)},
    )
    def post(self, request: Request) -> Response:
        """Put pieces of a product into the cart; who has no cart gets one, with a token."""
        return _shown(services.line_add(buyer_of(request), **read(LineInput, request)), 201)


class CartLineDetail(APIView):
    """A line of the cart."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="set_quantity",
        parameters=[TOKEN],
        request=QuantityInput,
        responses={200: CartOutput, **errors(404, 409)},
    )
    def put(self, request: Request, sku: str) -> Response:
        """Say how many of a product are to be in the cart."""
        given = read(QuantityInput, request)
        return _shown(services.line_set(buyer_of(request), sku=sku, **given))

    @extend_schema(
        operation_id="remove_from_cart", parameters=[TOKEN], responses={204: None, **errors(404)}
    )
    def delete(self, request: Request, sku: str) -> Response:
        """Take a product out of the cart."""
        services.line_remove(buyer_of(request), sku=sku)
        return Response(status=204)


def buyer_of(request: Request) -> Buyer:
    """Whose cart a request means."""
    return Buyer.of(request.user, request.headers.get(TOKEN_HEADER))


def _shown(cart: Cart | None, status: int = 200) -> Response:
    return Response(CartOutput(cart_view(cart)).data, status)
