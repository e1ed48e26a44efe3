"""Routes of the catalogue: each parses, calls one service or reads, and answers."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from app.catalogue import services
from app.catalogue.filters import ProductFilters
from app.catalogue.models import Category, Product
from app.catalogue.selectors import category_get, product_get
from app.catalogue.serializers import (
    CategoryInput,
    CategoryOutput,
    ProductChange,
    ProductInput,
    ProductOutput,
    StockChangeInput,
)
from app.core.errors import InvalidError, NotFoundError
from app.core.openapi import errors
from app.core.permissions import writers
from app.core.requests import read


class CategoryList(ListAPIView[Category]):
    """All categories."""

    permission_classes = (writers(POST="catalogue.add_category"),)
    queryset = Category.objects.order_by("name", "pk")
    serializer_class = CategoryOutput

    @extend_schema(operation_id="list_categories")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List categories, by name."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="create_category",
        request=CategoryInput,
        responses={201: CategoryOutput, **errors(403, 409)},
    )
    def post(self, request: Request) -> Response:
        """Make a category."""
        category = services.category_create(**read(CategoryInput, request))
        return Response(CategoryOutput(category).data, 201)


class CategoryDetail(APIView):
    """A category."""

    permission_classes = (
        writers(PATCH="catalogue.change_category", DELETE="catalogue.delete_category"),
    )

    @extend_schema(operation_id="read_category", responses=CategoryOutput)
    def get(self, _request: Request, slug: str) -> Response:
        """Read a category."""
        return Response(CategoryOutput(category_get(slug=slug)).data)

    @extend_schema(
        operation_id="change_category",
        request=CategoryInput(partial=True),
        responses={200: CategoryOutput, **errors(403, 409)},
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Change a category; what is not given stays."""
        category = category_get(slug=slug)
        services.category_update(category, **read(CategoryInput, request, partial=True))
        return Response(CategoryOutput(category).data)

    @extend_schema(operation_id="delete_category", responses={204: None, **errors(403, 409)})
    def delete(self, _request: Request, slug: str) -> Response:
        """Delete a category that no product is in."""
        services.category_delete(category_get(slug=slug))
        return Response(status=204)


class ProductList(ListAPIView[Product]):
    """Products that are for sale; all of them for who edits the catalogue."""

    permission_classes = (writers(POST="catalogue.add_product"),)
    queryset = Product.objects.all()
    filterset_class = ProductFilters
    serializer_class = ProductOutput

    def get_queryset(self) -> QuerySet[Product]:
        """Those that who asks may know of."""
        return Product.objects.visible_to(self.request.user).listed().order_by("name", "pk")

    @extend_schema(operation_id="list_products")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List products, by name or as `ordering` says."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="create_product",
        request=ProductInput,
        responses={201: ProductOutput, **errors(403, 409, 422)},
    )
    def post(self, request: Request) -> Response:
        """Put a product into the catalogue."""
        product = services.product_create(**_with_category(read(ProductInput, request)))
        return Response(ProductOutput(product).data, 201)


class ProductDetail(APIView):
    """A product."""

    permission_classes = (writers(PATCH="catalogue.change_product"),)

    @extend_schema(operation_id="read_product", responses=ProductOutput)
    def get(self, request: Request, slug: str) -> Response:
        """Read a product."""
        return Response(ProductOutput(product_get(slug=slug, user=request.user)).data)

    @extend_schema(
        operation_id="change_product",
        request=ProductChange(partial=True),
        responses={200: ProductOutput, **errors(403, 409, 422)},
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Change a product; what is not given stays. A product is taken off sale, not deleted."""
        product = product_get(slug=slug, user=request.user)
        changes = _with_category(read(ProductChange, request, partial=True))
        services.product_update(product, **changes)
        return Response(ProductOutput(product).data)


class ProductStock(APIView):
    """The stock of a product."""

    permission_classes = (writers(POST="catalogue.change_product"),)

    @extend_schema(
        operation_id="change_stock",
        request=StockChangeInput,
        responses={200: ProductOutput, **errors(403, 409)},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Add pieces to a product's stock, or take some away."""
        product = product_get(slug=slug, user=request.user)
        services.stock_change(product, **read(StockChangeInput, request))
        return Response(ProductOutput(product).data)


def _with_category(given: dict[str, Any]) -> dict[str, Any]:
    """Put the category itself where the request names it."""
    if "category" not in given:
        return given
    try:
        return {**given, "category": category_get(slug=given["category"])}
    except NotFoundError:
        raise InvalidError(
            "There is no such category. Make it first.", code="category_not_found"
        ) from None
