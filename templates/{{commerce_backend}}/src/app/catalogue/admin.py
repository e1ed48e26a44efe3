"""The catalogue in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import ValidationError
from django.db.models import Field, QuerySet
from django.forms import Field as FormField
from django.http import HttpRequest
from moneyed import CURRENCIES

from app.catalogue import services
from app.catalogue.models import GREATEST_STOCK, Category, Product
from app.core.admin import ServiceAdmin
from app.money import Money

LOW = 5
"""So few are worth a look."""


@admin.register(Category)
class CategoryAdmin(ServiceAdmin):
    """Pages of categories."""

    list_display = ("name", "slug")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012 - Django's way to say it

    def save_model(
        self, request: HttpRequest, obj: Category, form: forms.ModelForm[Category], change: bool
    ) -> None:
        """Save by the services."""
        del request
        if change:
            services.category_update(
                obj, **{name: form.cleaned_data[name] for name in form.changed_data}
            )
        else:
            obj.pk = services.category_create(**form.cleaned_data).pk
            obj._state.adding = False  # noqa: SLF001 - the admin goes on with this object

    def delete_model(self, request: HttpRequest, obj: Category) -> None:
        """Delete by the service."""
        del request
        services.category_delete(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Category]) -> None:
        """Delete those that were chosen in the list, by the service."""
        del request
        for category in queryset:
            services.category_delete(category)


class StockFilter(admin.SimpleListFilter):
    """How many there are."""

    title = "stock"
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """What can be asked for."""
        del request, model_admin
        return [("none", "Sold out"), ("low", f"At most {LOW}"), ("enough", f"More than {LOW}")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        """Keep those."""
        del request
        match self.value():
            case "none":
                return queryset.filter(stock=0)
            case "low":
                return queryset.filter(stock__gt=0, stock__lte=LOW)
            case "enough":
                return queryset.filter(stock__gt=LOW)
        return queryset


class RestockForm(ActionForm):
    """How many pieces came, beside the list of actions.

    The field takes any text: were it not valid, the admin would say that no action was chosen.
    """

    pieces = forms.CharField(
        required=False,
        label="Pieces:",
        widget=forms.NumberInput(attrs={"size": 6, "min": 1, "max": GREATEST_STOCK}),
    )


@admin.register(Product)
class ProductAdmin(ServiceAdmin):
    """Pages of products. Stock is changed by an action, as a number that is added.

    A form would write back the stock that it was opened with, and undo what was sold meanwhile. For
    the other fields it carries along what it was opened with, and writes those that are different
    now: what somebody else has changed meanwhile stays.
    """

    list_display = ("sku", "name", "category", "price_text", "stock", "is_active")
    list_display_links = ("sku", "name")
    list_filter = ("is_active", StockFilter, "category")
    list_select_related = ("category",)
    search_fields = ("sku", "name", "description")
    ordering = ("name", "pk")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012 - Django's way to say it
    fields = (
        *("sku", "name", "slug", "category", "description"),
        *("price_amount", "price_currency", "tax_rate", "stock", "is_active"),
    )
    action_form = RestockForm
    actions = ("restock", "put_on_sale", "take_off_sale")

    @admin.display(description="price", ordering="price_amount")
    def price_text(self, product: Product) -> str:
        """The price, with its currency."""
        return str(product.price)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Product | None = None
    ) -> tuple[str, ...]:
        """What stays as it was when the product was made, and the stock."""
        del request
        return ("sku", "price_currency", "stock") if obj else ()

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **options: Any
    ) -> FormField | None:
        """Carry the value along that the form was opened with."""
        return super().formfield_for_dbfield(db_field, request, show_hidden_initial=True, **options)

    def has_delete_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        """Nobody may: orders refer to products. They are taken off sale."""
        del request, obj
        return False

    def save_model(
        self, request: HttpRequest, obj: Product, form: forms.ModelForm[Product], change: bool
    ) -> None:
        """Save by the services, and only what was changed."""
        del request
        given = {
            name: form.cleaned_data[name]
            for name in (form.changed_data if change else form.cleaned_data)
        }
        if "price_amount" in given:
            currency = given.pop("price_currency", obj.price_currency)
            given["price"] = Money(given.pop("price_amount"), CURRENCIES[currency])
        if change:
            services.product_update(obj, **given)
        else:
            obj.pk = services.product_create(**given).pk
            obj._state.adding = False  # noqa: SLF001 - the admin goes on with this object

    @admin.action(description="Restock: add the pieces", permissions=["change"])
    def restock(self, request: HttpRequest, chosen: QuerySet[Product]) -> None:
        """Add pieces to the stock of each."""
        try:
            pieces = forms.IntegerField(min_value=1, max_value=GREATEST_STOCK).clean(
                request.POST.get("pieces")
            )
        except ValidationError:
            messages.error(request, f"Give the number of pieces, from 1 to {GREATEST_STOCK}.")
            return
        self.each(
            request,
            chosen,
            lambda product: services.stock_change(product, change=pieces),
            f"restocked with {pieces} each",
        )

    @admin.action(description="Put on sale", permissions=["change"])
    def put_on_sale(self, request: HttpRequest, chosen: QuerySet[Product]) -> None:
        """Let customers see and buy them."""
        self.each(
            request,
            chosen,
            lambda product: services.product_update(product, is_active=True),
            "put on sale",
        )

    @admin.action(description="Take off sale", permissions=["change"])
    def take_off_sale(self, request: HttpRequest, chosen: QuerySet[Product]) -> None:
        """Let customers neither see nor buy them."""
        self.each(
            request,
            chosen,
            lambda product: services.product_update(product, is_active=False),
            "taken off sale",
        )
