"""A page of 1,000 patrols from the API against a plain Django REST framework list of the same fields.

    DATABASE_URL=postgres://… python tests/benchmarks/bench_api.py

Ours is GET /api/collections/patrols/items?limit=1000, the whole way through Django with geometry and count.
Theirs is a ModelSerializer over the same rows and fields, rendered as JSON, without either. Needed: five
times the rows a second.
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
from django.test import Client  # noqa: E402
from rest_framework import serializers  # noqa: E402
from rest_framework.renderers import JSONRenderer  # noqa: E402

from patrols.filters import PatrolFilter  # noqa: E402
from patrols.models import Patrol  # noqa: E402
from patrols.publish.features import COLLECTIONS  # noqa: E402
from patrols.record.columns import PATROLS, Type  # noqa: E402

NEEDED = 5.0
ROWS, ROUNDS = 1_000, 7

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


def theirs() -> float:
    rows = COLLECTIONS["patrols"].rows(PatrolFilter(queryset=Patrol.objects.visible_to(None)).selection(None))
    annotated = rows.annotate(
        **{
            f"c_{column.name}": django.db.models.F(column.source)
            if isinstance(column.source, str)
            else column.source
            for column in PATROLS.columns
        }
    )
    started = time.perf_counter()
    body = JSONRenderer().render(PatrolSerializer(annotated[:ROWS], many=True).data)
    assert len(body) > ROWS
    return time.perf_counter() - started


def ours(client: Client) -> float:
    started = time.perf_counter()
    response = client.get(f"/api/collections/patrols/items?limit={ROWS}", headers={"host": "localhost"})
    taken = time.perf_counter() - started
    assert response.json()["numberReturned"] == ROWS
    return taken


def main() -> None:
    given = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        fill(2 * ROWS)
        # One client as one server process: its middleware is loaded once.
        client = Client()
        mine = min(ours(client) for _round in range(ROUNDS))
        other = min(theirs() for _round in range(ROUNDS))
    finally:
        connection.creation.destroy_test_db(given, verbosity=0)
    print(f"ours                   {ROWS / mine:8.0f} rows/s")
    print(f"ModelSerializer        {ROWS / other:8.0f} rows/s")
    print(f"ratio {other / mine:.1f} (needed {NEEDED})")
    sys.exit(0 if other >= NEEDED * mine else 1)


if __name__ == "__main__":
    main()
