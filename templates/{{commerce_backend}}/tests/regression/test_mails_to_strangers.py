"""The shop could be used to send somebody else a mail with a text of one's own.

Nobody has shown that an address is theirs when they register, and the confirmation had the
recipient in it, with as many lines as were sent.
"""

import pytest
from django.core import mail
from shop import ADDRESS, join, product

from app.orders.models import Order
from app.orders.tasks import send_confirmation

WORDS = "Your account is locked: go to evil.example"


@pytest.mark.django_db
def test_a_confirmation_has_nothing_in_it_that_a_customer_wrote() -> None:
    product("MUG-01")
    ada = join("ada")
    ada.add("MUG-01")
    ada.check_out(address={**ADDRESS, "recipient": WORDS, "street": WORDS, "city": WORDS})
    send_confirmation.call(Order.objects.get().pk)
    (sent,) = mail.outbox
    assert WORDS not in f"{sent.subject} {sent.body}"
    assert sent.to == ["ada@example.com"]
