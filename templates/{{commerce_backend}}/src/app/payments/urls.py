"""Addresses of payments."""

from django.urls import path

from app.payments import views

urlpatterns = [
    path("orders/<str:number>/payment", views.OrderPayment.as_view()),
    path("payments/webhook", views.Webhook.as_view()),
]
