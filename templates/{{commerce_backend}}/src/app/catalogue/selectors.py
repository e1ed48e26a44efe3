"""Reads of the catalogue for one who asks by address."""

from django.contrib.auth.models import AnonymousUser

from app.accounts.models import User
from app.catalogue.models import Category, Product
from app.core.errors import NotFoundError


def product_get(*, slug: str, user: User | AnonymousUser) -> Product:
    """Find a product that somebody may know of.

    Raises:
        NotFoundError: There is none, or it is not for them.
    """
    product = Product.objects.visible_to(user).listed().filter(slug=slug).first()
    if product is None:
        raise NotFoundError("There is no such product.", code="product_not_found")
    return product


def category_get(*, slug: str) -> Category:
    """Find a category.

    Raises:
        NotFoundError: There is none.
    """
    category = Category.objects.filter(slug=slug).first()
    if category is None:
        raise NotFoundError("There is no such category.", code="category_not_found")
    return category
