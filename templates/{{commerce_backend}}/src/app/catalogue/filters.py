"""Which products are wanted, and in which order."""

from django.db.models import Q, QuerySet

from app.catalogue.models import Product
from app.core.filters import Amount, FilterSet, Flag, Ordering, Text
from app.money import DECIMAL_PLACES, WHOLE_DIGITS

ORDERS = {
    "name": ["name"],
    "-name": ["-name"],
    "price": ["price_amount"],
    "-price": ["-price_amount"],
    "created": ["created_at"],
    "-created": ["-created_at"],
}
SEARCHED = ("name", "description", "sku")


class Words(Text):
    """Words that must all be found, each in one of the columns that are searched."""

    def filter(self, qs: QuerySet[Product], value: str | None) -> QuerySet[Product]:
        """Keep products that have all of the words."""
        for word in (value or "").split():
            found = Q()
            for column in SEARCHED:
                found |= Q(**{f"{column}__icontains": word})
            qs = qs.filter(found)
        return qs


class Price(Amount):
    """A price to compare with."""

    def __init__(self, lookup: str) -> None:
        super().__init__(
            field_name="price_amount",
            lookup_expr=lookup,
            digits=WHOLE_DIGITS,
            places=DECIMAL_PLACES,
        )


class ProductFilters(FilterSet):
    """The parameters of the list of products."""

    q = Words()
    category = Text(field_name="category__slug", max_length=80)
    currency = Text(field_name="price_currency", max_length=3)
    min_price = Price("gte")
    max_price = Price("lte")
    in_stock = Flag(method="filter_stock")
    active = Flag(field_name="is_active")
    ordering = Ordering(ORDERS, default="name")

    class Meta:
        model = Product
        fields = ()

    def filter_stock(
        self, products: QuerySet[Product], _name: str, value: bool
    ) -> QuerySet[Product]:
        """Those that are there, or those that are sold out."""
        return products.filter(stock__gt=0) if value else products.filter(stock=0)
