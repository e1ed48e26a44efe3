"""Addresses of accounts; the project includes them below `/api/`."""

from django.urls import path

from app.accounts import views

urlpatterns = [
    path("auth/register", views.Register.as_view(), name="register"),
    path("auth/login", views.Login.as_view(), name="login"),
    path("auth/refresh", views.Refresh.as_view(), name="refresh"),
    path("auth/logout", views.Logout.as_view(), name="logout"),
    path("account", views.Account.as_view(), name="account"),
]
