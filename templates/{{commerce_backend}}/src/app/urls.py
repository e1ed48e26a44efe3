"""All addresses."""

from django.contrib import admin
from django.urls import include, path

from app.core import problems
from app.dashboard.views import dashboard

urlpatterns = [
    path("", include("app.core.urls")),
    path("admin/dashboard/", admin.site.admin_view(dashboard), name="dashboard"),
    path("admin/", admin.site.urls),
    path("api/", include("app.accounts.urls")),
    path("api/", include("app.catalogue.urls")),
    path("api/", include("app.carts.urls")),
    path("api/", include("app.orders.urls")),
    path("api/", include("app.payments.urls")),
]

handler400 = problems.handler400
handler403 = problems.handler403
handler404 = problems.handler404
handler500 = problems.handler500
