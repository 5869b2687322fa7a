"""The admin site's names, and the links that take editors to what waits for them."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

ADMIN_SITE = admin.site
ADMIN_SITE.site_header = "PatrolWatch"
ADMIN_SITE.site_title = "PatrolWatch"
ADMIN_SITE.index_title = _("The editors' side")
ADMIN_SITE.index_template = "admin/patrols/index.html"
