"""List filters that the model's fields do not give by themselves."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..models import State


class ContestedFilter(SimpleListFilter):
    title = _("contested")
    parameter_name = "contested"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("participants' statements differ")), ("no", _("not contested"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        live = queryset.exclude(state=State.WITHDRAWN)
        if self.value() == "yes":
            return live.exclude(contested=[])
        return live.filter(contested=[]) if self.value() == "no" else queryset


class PlaceFilter(SimpleListFilter):
    title = _("place on the map")
    parameter_name = "place"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("route", _("a route or point")), ("zone", _("only a zone")), ("none", _("none"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        live = queryset.exclude(state=State.WITHDRAWN)
        match self.value():
            case "route":
                return live.exclude(public_route=None)
            case "zone":
                return live.filter(public_route=None).exclude(zones_text="")
            case "none":
                return live.filter(public_route=None, zones_text="")
        return queryset


class WaitingFilter(SimpleListFilter):
    """Needs the annotation `waits` of `with_pending`."""

    title = _("changes")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("wait for approval"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(waits=True, state=State.PUBLISHED) if self.value() else queryset


class PlacedFilter(SimpleListFilter):
    title = _("patrol")
    parameter_name = "placed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waits", _("waits for a patrol")), ("placed", _("has its patrol"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "waits":
            return queryset.filter(patrol=None)
        return queryset.exclude(patrol=None) if self.value() == "placed" else queryset


class ReviewedFilter(SimpleListFilter):
    title = _("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("not approved yet")), ("changed", _("change waits")), ("done", _("approved"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "open":
                return queryset.filter(reviewed=False)
            case "changed":
                return queryset.filter(~Q(proposed={}))
            case "done":
                return queryset.filter(reviewed=True, proposed={})
        return queryset
