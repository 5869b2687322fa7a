"""The gazetteer as the database has it now, for spellings that editors type."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import Count, Max

from ..intake.gazetteer import Gazetteer, PlaceName, PlaceRow
from ..models import Place
from ..models import PlaceName as StoredName


def gazetteer() -> Gazetteer:
    """Built again only when a place or a name has changed."""
    places = Place.objects.aggregate(n=Count("pk"), at=Max("updated_at"))
    names = StoredName.objects.aggregate(n=Count("pk"), last=Max("pk"))
    return _built((places["n"], places["at"], names["n"], names["last"]))


@lru_cache(maxsize=1)
def _built(_version: tuple[Any, ...]) -> Gazetteer:
    return Gazetteer(
        PlaceRow(
            slug=place.slug,
            name=place.name,
            country=place.country,
            parent=place.parent.slug if place.parent else "",
            names=(
                PlaceName(place.name),
                *(PlaceName(name.name, name.language, name.preferred) for name in place.names.all()),
            ),
        )
        for place in Place.objects.select_related("parent").prefetch_related("names")
    )
