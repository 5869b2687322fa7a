"""Every address of the site. Those under DESIGN.md's "Addresses that stay" never change."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/desk/", include("patrols.admin.desk")),
    path("admin/", admin.site.urls),
    path("", include("patrols.urls")),
]
