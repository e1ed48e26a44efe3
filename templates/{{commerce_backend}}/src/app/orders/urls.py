"""Addresses of orders."""

from django.urls import path

from app.orders import views

urlpatterns = [
    path("orders", views.OrderList.as_view()),
    path("orders/<str:number>", views.OrderDetail.as_view()),
    path("orders/<str:number>/cancel", views.OrderCancel.as_view()),
    path("orders/<str:number>/ship", views.OrderShip.as_view()),
    path("orders/<str:number>/deliver", views.OrderDeliver.as_view()),
    path("orders/<str:number>/refund", views.OrderRefund.as_view()),
]
