"""Addresses of the cart."""

from django.urls import path

from app.carts import views

urlpatterns = [
    path("cart", views.CartDetail.as_view()),
    path("cart/lines", views.CartLines.as_view()),
    path("cart/lines/<slug:sku>", views.CartLineDetail.as_view()),
]
