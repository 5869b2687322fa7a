"""Routes, lines and zones drawn on a Leaflet map, and the checks that a drawing must pass."""

from __future__ import annotations

from typing import Any

import shapely
from django import forms
from django.contrib.gis.gdal.error import GDALException
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils.translation import gettext as _
from djgeojson.fields import GeoJSONFormField
from leaflet.admin import LeafletAdminWidget
from shapely.geometry import shape
from shapely.validation import explain_validity

LINES = ("LineString", "MultiLineString")
AREAS = ("Polygon", "MultiPolygon")


class MapWidget(LeafletAdminWidget):  # type: ignore[misc]
    """django-leaflet's drawing widget on the bundled base map. `geom_type` chooses the tools."""

    template_name = "admin/patrols/map_widget.html"
    geom_type = "GEOMETRY"

    def deserialize(self, value: str) -> Any:
        """Nothing is drawn of what is no geometry; the field says what is wrong with it."""
        try:
            return super().deserialize(value)
        except GDALException:
            return None

    @property
    def media(self) -> forms.Media:
        media: forms.Media = super().media + map_media()
        return media


class LineWidget(MapWidget):
    geom_type = "LINESTRING"


class AreaWidget(MapWidget):
    geom_type = "POLYGON"


def map_media() -> forms.Media:
    """The base map, its look, and the read-only maps of a page."""
    leaflet = forms.Media(
        css={"all": ["leaflet/leaflet.css", "admin-patrols/map.css"]},
        js=["leaflet/leaflet.js"],
    )
    return leaflet + forms.Media(js=[Script("admin-patrols/map.js", type="module")])  # type: ignore[list-item]


class GeometryFormField(GeoJSONFormField):  # type: ignore[misc]
    """GeoJSON in WGS 84 of one of the `kinds`; says in words what is wrong with it."""

    def __init__(self, *, kinds: tuple[str, ...], **kwargs: Any) -> None:
        self.kinds = kinds
        kwargs["geom_type"] = "GEOMETRY"
        kwargs["validators"] = []
        kwargs.setdefault("initial", None)
        kwargs.setdefault("widget", LineWidget if kinds == LINES else AreaWidget)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return None if value is None else super().prepare_value(value)

    def to_python(self, value: Any) -> Any:
        geometry = super().to_python(value)
        return None if geometry in self.empty_values else geometry

    def validate(self, value: Any) -> None:
        if value is None:
            if self.required:
                raise ValidationError(_("Draw it on the map first."), code="required")
            return
        check_geometry(value, self.kinds)


def check_geometry(value: Any, kinds: tuple[str, ...]) -> None:
    """Raise ValidationError with a sentence unless `value` is a sound GeoJSON geometry of one of `kinds`."""
    try:
        made = shape(value)
        coordinates = shapely.get_coordinates(made)
    except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
        raise ValidationError(_("This is not a GeoJSON geometry.")) from None
    if made.geom_type not in kinds:
        wanted = _("a line") if kinds == LINES else _("an area")
        raise ValidationError(
            _("This is a %(kind)s; draw %(wanted)s."), params={"kind": made.geom_type, "wanted": wanted}
        )
    if made.is_empty:
        raise ValidationError(_("The drawing is empty."))
    for lon, lat in coordinates:
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise ValidationError(
                _("The coordinate %(lon)s, %(lat)s lies outside the world: longitude first, then latitude."),
                params={"lon": f"{lon:g}", "lat": f"{lat:g}"},
            )
    if kinds == LINES and made.length == 0:
        raise ValidationError(_("The line has no length."))
    if kinds == AREAS and not made.is_valid:
        raise ValidationError(
            _("The outline crosses or touches itself (%(where)s). Move the corner there."),
            params={"where": explain_validity(made)},
        )
