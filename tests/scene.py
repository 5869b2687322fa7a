"""A small record made by hand for the tests of pages: every way in which a patrol can be shown, and hidden.

Everything goes through accounts and `readopt`, as it does outside tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from patrols.models import (
    Account,
    Claim,
    ContextEvent,
    Counter,
    Force,
    Patrol,
    Place,
    Programme,
    Publisher,
    Report,
    State,
    Zone,
)
from patrols.record.apply import readopt


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@dataclass
class Scene:
    """The reference rows, and the patrols by a short name."""

    programme: Programme
    zone: Zone
    counter: Counter
    publishers: dict[str, Publisher]
    patrols: dict[str, Patrol] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Patrol:
        return self.patrols[name]

    def add(self, name: str, *accounts: dict[str, Any], **patrol: Any) -> Patrol:
        """A patrol with one account for each dictionary; `by` is the publisher, the rest its facts."""
        made = Patrol.objects.create(
            programme=self.programme,
            **{"state": State.PUBLISHED, "published_at": timezone.now(), **patrol},
        )
        for number, facts in enumerate(accounts):
            self.account(made, f"{name}-{number}", **facts)
        readopt([made], why="made for a test")
        made.refresh_from_db()
        self.patrols[name] = made
        return made

    def account(
        self, patrol: Patrol, name: str, *, by: str = "wire", day: str = "", told: int = 1, **facts: Any
    ) -> Account:
        """`told` is how many days after the patrol the report came out; the earliest of equals is adopted."""
        report = Report.objects.create(
            publisher=self.publishers[by],
            url=f"https://example.org/{name}",
            title=f"Title of {name}",
            published=date.fromisoformat(day) + timedelta(days=told) if day else None,
            language="en",
            text=f"Full text of {name}",
        )
        dates: dict[str, Any] = {}
        if day:
            dates = {
                "date_start": date.fromisoformat(day),
                "date_end": date.fromisoformat(day),
                "date_precision": 1,
            }
        given = {"status": "completed", "reviewed": True, "note": "a note for editors", **dates, **facts}
        return Account.objects.create(report=report, patrol=patrol, programme=self.programme, **given)


def route(*places: str) -> list[dict[str, Any]]:
    """The account's route through places of the scene, by slug."""
    return [{"name": slug.capitalize(), "place": slug, "role": ""} for slug in places]


def make_scene() -> Scene:
    zones = [
        Zone.objects.create(
            slug=slug,
            name=f"{slug.split('-')[0].capitalize()} strip",
            kind=Zone.Kind.PATROL_STRIP,
            geometry=box(west, 36.6, west + 1, 37.0),
            min_lon=west,
            min_lat=36.6,
            max_lon=west + 1,
            max_lat=37.0,
            valid_from=date(2019, 10, 23),
            basis="Drawn by hand for a test.",
        )
        for slug, west in (("east-strip", 40.5), ("west-strip", 38.0))
    ]
    programme = Programme.objects.create(
        slug="north", code="north", name="North programme", parties=["RU", "TR"], agreement="A memorandum"
    )
    programme.zones.add(*zones)
    counter = Counter.objects.create(programme=programme, slug="overall", name="Overall")
    turkish = Force.objects.create(slug="tr-forces", name="Turkish Armed Forces", country="TR")
    Force.objects.create(slug="tr-land", name="Turkish Land Forces", country="TR", parent=turkish)
    Force.objects.create(slug="ru-police", name="Russian Military Police", country="RU")
    for slug, lon, lat in (("alpha", 40.61, 36.91), ("bravo", 40.93, 36.85), ("delta", 38.36, 36.89)):
        Place.objects.create(
            slug=slug, name=slug.capitalize(), lon=lon, lat=lat, where_precision=1, country="SY"
        )
    Place.objects.create(
        slug="hideout", name="Hideout", lon=40.777, lat=36.777, where_precision=1, country="SY"
    )
    publishers = {
        "tr": Publisher.objects.create(slug="tr-mod", name="Turkish ministry", kind="ministry", party="TR"),
        "ru": Publisher.objects.create(slug="ru-mod", name="Russian ministry", kind="ministry", party="RU"),
        "wire": Publisher.objects.create(slug="wire", name="Wire service", kind="agency", reliability="B"),
        "paper": Publisher.objects.create(slug="paper", name="Local paper", kind="local_media"),
    }
    return Scene(programme, zones[0], counter, publishers)


def full_scene() -> Scene:
    """Five patrols that the public sees, each drawn differently, and those that it must not see."""
    scene = make_scene()
    both = {"forces": ["ru-police", "tr-land"]}
    scene.add(
        "contested",
        {"by": "tr", "day": "2020-01-14", "vehicles": 8, "route": route("alpha", "bravo"), **both},
        {"by": "ru", "day": "2020-01-14", "told": 2, "vehicles": 6, "number": 13, "counter": scene.counter},
        {
            "by": "paper",
            "day": "2020-01-14",
            "vehicles": 9,
            "incident_type": "protest",
            "incident_note": "A crowd",
        },
    )
    scene.add("again", {"day": "2020-02-20", "route": route("alpha", "bravo"), "personnel": 24, **both})
    scene.add("near", {"day": "2020-03-05", "route": route("delta"), **both})
    scene.add("zone", {"day": "2020-04-01", "sector": "East strip", **both})
    scene.add(
        "nowhere",
        {
            "status": "cancelled",
            "date_start": date(2020, 5, 1),
            "date_end": date(2020, 5, 31),
            "date_precision": 4,
        },
    )
    hidden = {"day": "2020-06-06", "route": route("alpha", "hideout"), "vehicles": 31}
    scene.add("draft", hidden, state=State.DRAFT, published_at=None)
    scene.add("in review", hidden, state=State.IN_REVIEW, published_at=None)
    scene.add("embargoed", hidden, embargo_until=timezone.now() + timedelta(days=30))
    scene.add("withdrawn", hidden, state=State.WITHDRAWN, withdrawn_reason="Two reports of one event")
    return scene


def add_sensitive(scene: Scene) -> Patrol:
    """A patrol that is published coarsely. Its incident and its places must not be told."""
    return scene.add(
        "sensitive",
        {
            "by": "tr",
            "day": "2020-07-07",
            "sector": "Hideout village",
            "route": route("alpha", "hideout"),
            "incident_type": "protest",
            "incident_note": "Near Hideout mill",
        },
        sensitive=True,
    )


def add_claim(
    scene: Scene, count: int, *, row: str = "", published: date | None = None, **values: Any
) -> Claim:
    """A claim of the Turkish ministry, in a report of its own."""
    row = row or str(count)
    report = Report.objects.create(
        publisher=scene.publishers["tr"], url=f"https://example.org/claim-{row}", published=published
    )
    given = {"reviewed": True, "row": row, **values}
    return Claim.objects.create(report=report, programme=scene.programme, count=count, **given)


def add_event(scene: Scene) -> ContextEvent:
    event = ContextEvent.objects.create(
        slug="memorandum", kind="agreement", title="Memorandum signed", start=date(2019, 10, 22)
    )
    event.programmes.add(scene.programme)
    return event


def tells(text: str, number: int) -> bool:
    """Whether the number stands by itself; ids, versions and times may hold its digits by chance."""
    return re.search(rf"(?<!\w){number}(?!\w)", text) is not None
