"""Addresses of the catalogue."""

from django.urls import path

from app.catalogue import views

urlpatterns = [
    path("categories", views.CategoryList.as_view()),
    path("categories/<slug:slug>", views.CategoryDetail.as_view()),
    path("products", views.ProductList.as_view()),
    path("products/<slug:slug>", views.ProductDetail.as_view()),
    path("products/<slug:slug>/stock", views.ProductStock.as_view()),
]
