"""What changes the catalogue. The API and the admin both go through here."""

import logging
from collections.abc import Mapping
from decimal import Decimal
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, F, IntegerField, ProtectedError, Value, When
from django.utils.timezone import now

from app.catalogue.models import GREATEST_STOCK, TAKEN, Category, Product
from app.core.conflicts import conflicts
from app.core.errors import ConflictError, InvalidError
from app.money import Money, check_amount, check_currency

logger = logging.getLogger(__name__)

_TAKEN = {
    constraint: partial(ConflictError, message, code="taken")
    for constraint, message in TAKEN.items()
}


def category_create(*, name: str, slug: str) -> Category:
    """Make a category.

    Raises:
        ConflictError: Its name or slug is taken.
    """
    category = Category(name=name, slug=slug)
    with conflicts(_TAKEN):
        category.save(force_insert=True)
    return category


def category_update(
    category: Category, *, name: str | None = None, slug: str | None = None
) -> None:
    """Change a category; what is not given stays.

    Raises:
        ConflictError: Its name or slug is taken.
    """
    _assign(category, name=name, slug=slug)


def category_delete(category: Category) -> None:
    """Delete a category that no product is in.

    Raises:
        ConflictError: There are products in it.
    """
    try:
        with transaction.atomic():
            # Whoever puts a product into it locks it too, so one of both comes first.
            Category.objects.select_for_update().filter(pk=category.pk).first()
            category.delete()
    except ProtectedError:
        raise ConflictError(
            "There are products in this category. Move them to another one first.",
            code="category_in_use",
        ) from None


def product_create(
    *,
    sku: str,
    name: str,
    slug: str,
    category: Category,
    price: Money,
    description: str = "",
    tax_rate: Decimal = Decimal(0),
    stock: int = 0,
    is_active: bool = True,
) -> Product:
    """Put a product into the catalogue.

    Args:
        sku: Its number in the warehouse, which never changes.
        name: What people call it.
        slug: Its part of an address.
        category: Where it stands.
        price: What a customer pays for one, tax included.
        description: What it is.
        tax_rate: In percent; the price includes it.
        stock: How many are there.
        is_active: Whether it is for sale.

    Raises:
        ConflictError: Its SKU or slug is taken.
        InvalidError: The price is none in its currency, or the category has been deleted.
    """
    _check_price(price)
    product = Product(
        sku=sku,
        name=name,
        slug=slug,
        category=category,
        price_amount=price.amount,
        price_currency=price.currency.code,
        description=description,
        tax_rate=tax_rate,
        stock=stock,
        is_active=is_active,
    )
    with conflicts(_TAKEN):
        _keep(category)
        product.save(force_insert=True)
    return product


def product_update(
    product: Product,
    *,
    name: str | None = None,
    slug: str | None = None,
    category: Category | None = None,
    price: Money | None = None,
    description: str | None = None,
    tax_rate: Decimal | None = None,
    is_active: bool | None = None,
) -> None:
    """Change a product; what is not given stays. The stock has `stock_change`.

    Raises:
        ConflictError: Its slug is taken.
        InvalidError: The price is none, or in another currency than before, or the category has
            been deleted.
    """
    if price is not None:
        _check_price(price)
        if price.currency.code != product.price_currency:
            raise InvalidError(
                f"A product's currency stays: give the price in {product.price_currency}, or make"
                " another product.",
                code="currency_stays",
            )
    with transaction.atomic():
        if category is not None:
            _keep(category)
        _assign(
            product,
            name=name,
            slug=slug,
            category=category,
            price_amount=price.amount if price is not None else None,
            description=description,
            tax_rate=tax_rate,
            is_active=is_active,
        )


def stock_change(product: Product, *, change: int) -> None:
    """Add pieces to a product's stock, or take some away.

    It is a change and not a new number, because others sell while somebody counts: who sets what
    they counted a minute ago gives back what was sold since.

    Args:
        product: The product; its `stock` is right afterwards.
        change: How many came; below zero, how many went.

    Raises:
        ConflictError: There are not as many, or there would be more than a stock can have.
    """
    with transaction.atomic():
        locked = Product.objects.locked([product.pk])[product.pk]
        stock = locked.stock + change
        # A cancelled order may have brought it above; it may go down from there.
        if stock < 0 or (change > 0 and stock > GREATEST_STOCK):
            raise ConflictError(
                f"There are {locked.stock} of {product.sku}; a stock is from 0 to"
                f" {GREATEST_STOCK}.",
                code="stock_out_of_range",
            )
        Product.objects.filter(pk=product.pk).update(stock=F("stock") + change, updated_at=now())
    product.stock = stock
    logger.info("stock changed", extra={"sku": product.sku, "change": change, "stock": stock})


def stock_move(changes: Mapping[int, int]) -> None:
    """Add to the stock of several products, in one statement.

    Args:
        changes: How many come, by primary key; below zero, how many go. The caller has locked
            these products and seen that there are enough.
    """
    change = Case(
        *(When(pk=pk, then=Value(count)) for pk, count in changes.items()),
        output_field=IntegerField(),
    )
    Product.objects.filter(pk__in=changes).update(stock=F("stock") + change, updated_at=now())


def _assign(instance: Category | Product, **changes: object) -> None:
    """Write what changes, and nothing else: a whole row would also bring an old stock back."""
    given = {name: value for name, value in changes.items() if value is not None}
    if not given:
        return
    for name, value in given.items():
        setattr(instance, name, value)
    fields = [*given, "updated_at"] if isinstance(instance, Product) else [*given]
    with conflicts(_TAKEN):
        instance.save(update_fields=fields)


def _keep(category: Category) -> None:
    """Lock a category, so that nobody deletes it before there is something in it."""
    if Category.objects.select_for_update(no_key=True).filter(pk=category.pk).first() is None:
        raise InvalidError("There is no such category. Make it first.", code="category_not_found")


def _check_price(price: Money) -> None:
    try:
        check_currency(price.currency.code)
        check_amount(price)
    except ValidationError as error:
        raise InvalidError(error.messages[0], code="price") from None
