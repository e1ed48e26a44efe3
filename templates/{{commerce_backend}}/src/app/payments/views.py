"""Routes of payments: customers start them, and the provider reports what became of them."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from app.core.errors import ForbiddenError
from app.core.openapi import errors
from app.orders.selectors import order_get
from app.payments.provider import EventKind, WebhookRefusedError, provider
from app.payments.serializers import EventOutput, PaymentOutput
from app.payments.services import event_apply, payment_start

SIGNATURE = [
    OpenApiParameter(name, str, OpenApiParameter.HEADER, required=True)
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
]

REPORT = {
    "type": "object",
    "description": "A report, as Standard Webhooks has it: https://www.standardwebhooks.com",
    "required": ["type", "data"],
    "properties": {
        "type": {"type": "string", "enum": [kind.value for kind in EventKind]},
        "data": {
            "type": "object",
            "required": ["reference", "amount", "currency"],
            "properties": {
                "reference": {"type": "string"},
                "amount": {"type": "string"},
                "currency": {"type": "string"},
            },
        },
    },
}


class OrderPayment(APIView):
    """The payment of an order."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="start_payment",
        request=None,
        responses={200: PaymentOutput, **errors(403, 409)},
    )
    def post(self, request: Request, number: str) -> Response:
        """Start paying an order. Asked again, it gives the same payment, until that has failed."""
        order = order_get(number=number, user=request.user)
        if order.customer_id != request.user.pk:
            raise ForbiddenError("Only the customer pays for an order.")
        payment, url = payment_start(order=order)
        return Response(PaymentOutput(payment, context={"url": url}).data)


class Webhook(APIView):
    """Where the provider reports to."""

    # It has no account here; its signature is its right.
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="receive_payment_event",
        parameters=SIGNATURE,
        request={"application/json": REPORT},
        responses={200: EventOutput, **errors(404)},
    )
    def post(self, request: Request) -> Response:
        """Take a report. A repeated or late one is taken too, and changes nothing."""
        try:
            # The bytes as they came: that is what is signed.
            event = provider().read_event(request.body, request.headers)
        except WebhookRefusedError as error:
            raise ValidationError(str(error)) from None
        return Response(EventOutput(event_apply(event=event)).data)
