"""A page of 1,000 patrols from the API against a plain Django REST framework list of the same fields.

    DATABASE_URL=postgres://… python tests/benchmarks/bench_api.py

Ours is GET /api/collections/patrols/items?limit=1000, theirs a ListAPIView with a ModelSerializer and
LimitOffsetPagination over the same rows and fields: both the whole way through Django, turn by turn. Ours has
the geometry besides. Needed: five times the rows a second. The first reader after a change of the record
waits for rows to be written, later ones get what was written: both are told, the second is what is needed.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patrolwatch.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")
os.environ["API_RATE"] = "100000"

import django

django.setup()

from bench_export import fill  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import generics, serializers  # noqa: E402
from rest_framework.pagination import LimitOffsetPagination  # noqa: E402
from rest_framework.renderers import JSONRenderer  # noqa: E402

from patrols.filters import PatrolFilter  # noqa: E402
from patrols.models import Patrol  # noqa: E402
from patrols.publish import features  # noqa: E402
from patrols.publish.features import COLLECTIONS  # noqa: E402
from patrols.record.columns import PATROLS, Type  # noqa: E402
from patrolwatch import urls  # noqa: E402

NEEDED = 5.0
ROWS, ROUNDS = 1_000, 15

FIELDS: dict[Type, type[serializers.Field]] = {
    Type.INTEGER: serializers.IntegerField,
    Type.NUMBER: serializers.FloatField,
    Type.BOOLEAN: serializers.BooleanField,
    Type.DATE: serializers.DateField,
    Type.TIME: serializers.DateTimeField,
    Type.NAMES: serializers.JSONField,
}


class PatrolSerializer(serializers.ModelSerializer):
    """A field for each column; what is no field of the model was annotated."""

    class Meta:
        model = Patrol
        fields = [column.name for column in PATROLS.columns]

    def get_fields(self) -> Any:
        return {
            column.name: FIELDS.get(column.type, serializers.CharField)(source=f"c_{column.name}")
            for column in PATROLS.columns
        }


class Theirs(generics.ListAPIView):  # type: ignore[type-arg]
    """The list as the framework's tutorial has it: a page with its count, as JSON."""

    serializer_class = PatrolSerializer
    pagination_class = LimitOffsetPagination
    renderer_classes = [JSONRenderer]
    authentication_classes: list[Any] = []
    throttle_classes: list[Any] = []

    def get_queryset(self) -> Any:
        rows = COLLECTIONS["patrols"].rows(
            PatrolFilter(queryset=Patrol.objects.visible_to(None)).selection(None)
        )
        return rows.annotate(
            **{
                f"c_{column.name}": F(column.source) if isinstance(column.source, str) else column.source
                for column in PATROLS.columns
            }
        )


urlpatterns = [path("theirs", Theirs.as_view()), *urls.urlpatterns]


def taken(client: Client, address: str, number: str) -> float:
    """Seconds until the page is there."""
    started = time.perf_counter()
    response = client.get(f"{address}?limit={ROWS}", headers={"host": "localhost"})
    seconds = time.perf_counter() - started
    assert response.json()[number] >= ROWS
    return seconds


def main() -> None:
    given = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        fill(2 * ROWS)
        # One client as one server process: its middleware is loaded once.
        client = Client()
        with override_settings(ROOT_URLCONF=__name__):
            rounds = []
            for _round in range(ROUNDS):
                features._kept.revision = ""
                rounds.append(
                    (
                        taken(client, "/api/collections/patrols/items", "numberReturned"),
                        taken(client, "/api/collections/patrols/items", "numberReturned"),
                        taken(client, "/theirs", "count"),
                    )
                )
        first, later, theirs = (min(times) for times in zip(*rounds, strict=True))
    finally:
        connection.creation.destroy_test_db(given, verbosity=0)
    print(f"ModelSerializer                {ROWS / theirs:8.0f} rows/s")
    print(f"ours, first after a change     {ROWS / first:8.0f} rows/s, ratio {theirs / first:.1f}")
    print(f"ours                           {ROWS / later:8.0f} rows/s")
    print(f"ratio {theirs / later:.1f} (needed {NEEDED})")
    sys.exit(0 if theirs >= NEEDED * later else 1)


if __name__ == "__main__":
    main()
