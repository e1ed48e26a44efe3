"""Fills a new database, with the same on each run but for the time and what is drawn by lot.

So a screenshot, a bug report or a benchmark can speak of it.

Rows are written directly: orders of last month could not be placed by a checkout of today, and
nobody should get mails about them.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import product as combinations

from django.contrib.auth.hashers import make_password
from django.utils.timezone import now

from app.accounts.models import User
from app.carts.models import Cart, CartLine
from app.catalogue.models import Category, Product
from app.money import included_tax, total
from app.orders.lifecycle import Status
from app.orders.models import Order, OrderLine, StatusChange
from app.payments.models import Payment, PaymentStatus
from app.roles.services import Role, role_set

PASSWORD = "demo-password"  # noqa: S105 - it is public, and refused in production
DEMO = "demo@example.com"
STAFF = {f"{role}@example.com": role for role in Role if role is not Role.CUSTOMER}
CUSTOMERS = (DEMO, *(f"{name}@example.com" for name in ("ada", "grace", "linus", "margaret")))

DAYS = 30
CURRENCY = "EUR"
TAX_RATE = Decimal(19)
KINDS = {
    "Kitchen": (("Mug", 9), ("Teapot", 34), ("Cutting board", 24)),
    "Desk": (("Notebook", 7), ("Desk lamp", 59), ("Pen tray", 14)),
    "Travel": (("Backpack", 79), ("Water bottle", 19), ("Wash bag", 27)),
    "Garden": (("Watering can", 22), ("Plant pot", 12), ("Pruning shears", 31)),
}
LOOKS = ("Blue", "Green", "Oak", "Steel", "Red")
STREETS = ("Long Lane 1", "Mill Road 22", "Station Street 7", "Hill View 105")
CITIES = (("10115", "Berlin", "DE"), ("75001", "Paris", "FR"), ("1010", "Vienna", "AT"))

# How often orders of a certain age stand where; older ones have arrived.
_RECENT = (Status.PENDING, Status.PAID, Status.PAID, Status.SHIPPED)
_OLDER = (*(Status.DELIVERED,) * 8, Status.SHIPPED, Status.CANCELLED, Status.REFUNDED)
_WAYS = {
    Status.PENDING: (Status.PENDING,),
    Status.PAID: (Status.PENDING, Status.PAID),
    Status.SHIPPED: (Status.PENDING, Status.PAID, Status.SHIPPED),
    Status.DELIVERED: (Status.PENDING, Status.PAID, Status.SHIPPED, Status.DELIVERED),
    Status.CANCELLED: (Status.PENDING, Status.CANCELLED),
    Status.REFUNDED: (Status.PENDING, Status.PAID, Status.SHIPPED, Status.REFUNDED),
}
_PAID = {
    Status.PAID: PaymentStatus.SUCCEEDED,
    Status.SHIPPED: PaymentStatus.SUCCEEDED,
    Status.DELIVERED: PaymentStatus.SUCCEEDED,
    Status.REFUNDED: PaymentStatus.REFUNDED,
}


def is_there() -> bool:
    """Whether the database has the demo already."""
    return User.objects.filter(email=DEMO).exists()


def is_empty() -> bool:
    """Whether the database has nothing that the demo could collide with."""
    return not (User.objects.exists() or Product.objects.exists() or Category.objects.exists())


def fill(*, products: int, orders: int) -> Iterator[None]:
    """Write the demo, and give a sign of life after each order. The caller has a transaction.

    Args:
        products: How many products there are to be.
        orders: How many orders there are to be.
    """
    chance = random.Random(4)  # noqa: S311 - it is a demo
    people = _people()
    goods = _products(products, chance)
    _cart(people[0], goods)
    begun = now()
    for number in range(orders):
        # Spread over the days, with the newest some minutes old.
        age = timedelta(days=DAYS) * (orders - number) / orders
        _order(
            number,
            customer=chance.choice(people),
            goods=goods,
            placed=begun - age,
            today=begun,
            chance=chance,
        )
        yield


def _people() -> list[User]:
    # Hashed once: it takes a while on purpose, and they all have the same.
    password = make_password(PASSWORD)
    people = [
        User(email=email, name=email.partition("@")[0].title(), password=password)
        for email in (*CUSTOMERS, *STAFF)
    ]
    User.objects.bulk_create(people)
    for person in people:
        if person.email in STAFF:
            role_set(user=person, role=STAFF[person.email])
    return people[: len(CUSTOMERS)]


def _products(count: int, chance: random.Random) -> list[Product]:
    categories = {name: Category.objects.create(name=name, slug=name.lower()) for name in KINDS}
    kinds = [(category, *kind) for category, kinds in KINDS.items() for kind in kinds]
    subjects = list(combinations(LOOKS, kinds))
    made = []
    for number in range(count):
        look, (category, thing, base) = subjects[number % len(subjects)]
        turn = number // len(subjects)
        name = f"{look} {thing.lower()}" + (f", edition {turn + 1}" if turn else "")
        made.append(
            Product(
                sku=f"{thing[:3].upper()}-{look[:2].upper()}-{number + 1:03}",
                name=name,
                slug=name.lower().replace(",", "").replace(" ", "-"),
                category=categories[category],
                description=f"{name}. Made to last, and to be repaired.",
                price_amount=Decimal(base) + Decimal(chance.randrange(0, 100, 5)) / 100,
                price_currency=CURRENCY,
                tax_rate=TAX_RATE,
                stock=chance.choice((0, 2, 4, 12, 25, 40, 80)),
                # One that only who edits the catalogue sees.
                is_active=number != count - 1,
            )
        )
    Product.objects.bulk_create(made)
    return made


def _cart(customer: User, goods: Sequence[Product]) -> None:
    cart = Cart.objects.create(customer=customer)
    chosen = [product for product in goods if product.is_active and product.stock > 1][:2]
    CartLine.objects.bulk_create(
        CartLine(cart=cart, product=product, quantity=1 + number)
        for number, product in enumerate(chosen)
    )


def _order(
    number: int,
    *,
    customer: User,
    goods: Sequence[Product],
    placed: datetime,
    today: datetime,
    chance: random.Random,
) -> None:
    is_recent = today - placed < timedelta(days=3)
    status = chance.choice(_RECENT if is_recent else _OLDER)
    if status is Status.PENDING and today - placed > timedelta(hours=2):
        status = Status.CANCELLED
    postal_code, city, country = chance.choice(CITIES)
    order = Order(
        customer=customer,
        email=customer.email,
        status=status,
        currency=CURRENCY,
        recipient=customer.name,
        street=chance.choice(STREETS),
        postal_code=postal_code,
        city=city,
        country=country,
        idempotency_key=f"demo-{number}",
        confirmation_sent_at=placed,
    )
    chosen = chance.sample(goods, min(len(goods), chance.randrange(1, 4)))
    lines = [_line(order, product, chance.randrange(1, 4)) for product in chosen]
    order.total_amount = total((line.total for line in lines), CURRENCY).amount
    order.tax_amount = total((line.tax for line in lines), CURRENCY).amount
    order.save(force_insert=True)
    OrderLine.objects.bulk_create(lines)
    Order.objects.filter(pk=order.pk).update(placed_at=placed)
    _history(order, placed, today)
    if status in _PAID:
        payment = Payment.objects.create(
            order=order,
            provider="fake",
            reference=f"fake_demo_{number}",
            status=_PAID[status],
            amount=order.total_amount,
            currency=CURRENCY,
        )
        Payment.objects.filter(pk=payment.pk).update(created_at=placed)


def _line(order: Order, product: Product, quantity: int) -> OrderLine:
    amount = product.price * quantity
    return OrderLine(
        order=order,
        product=product,
        sku=product.sku,
        name=product.name,
        quantity=quantity,
        unit_amount=product.price_amount,
        tax_rate=product.tax_rate,
        amount=amount.amount,
        tax_amount=included_tax(amount, product.tax_rate).amount,
        currency=CURRENCY,
    )


def _history(order: Order, placed: datetime, today: datetime) -> None:
    before: Status | str = ""
    for step, after in enumerate(_WAYS[Status(order.status)]):
        change = StatusChange.objects.create(
            order=order, before=before, after=after, actor=None if step else order.customer
        )
        at = min(placed + step * timedelta(hours=5), today)
        StatusChange.objects.filter(pk=change.pk).update(at=at)
        before = after
