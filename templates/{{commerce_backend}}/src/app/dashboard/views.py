"""The dashboard's page."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from app.dashboard import selectors
from app.dashboard.chart import chart_of

PERIODS = (7, 30, 90)
USUAL = 30
FEW, MOST_SCARCE = 5, 10


def dashboard(request: HttpRequest) -> HttpResponse:
    """Show what was sold, and what waits. `days` and `currency` say what of it."""
    if not request.user.has_perm("orders.view_order"):
        raise PermissionDenied
    currencies = selectors.currencies()
    # What is no choice here is taken for the usual one: an old bookmark is no reason for an error.
    asked = request.GET.get("currency", "")
    currency = asked if asked in currencies else next(iter(currencies), None)
    days = next((each for each in PERIODS if str(each) == request.GET.get("days")), USUAL)
    sales = (
        selectors.sales_by_day(currency=currency, last=now().date(), days=days)
        if currency
        else None
    )
    context = {
        **admin.site.each_context(request),
        "title": "Dashboard",
        "periods": PERIODS,
        "days": days,
        "currencies": currencies,
        "currency": currency,
        "sales": sales,
        "chart": chart_of(sales.days) if sales else None,
        "waiting": selectors.waiting(),
        "scarce": selectors.scarce(at_most=FEW, limit=MOST_SCARCE),
    }
    return render(request, "dashboard/dashboard.html", context)
