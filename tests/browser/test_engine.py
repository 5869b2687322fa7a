"""The browser's engine means what PatrolFilter means: the same queries, the same patrols."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from playwright.sync_api import Page

from patrols.filters import PatrolFilter
from patrols.models import (
    Force,
    Incident,
    IncidentType,
    Participation,
    Patrol,
    Programme,
    State,
    Status,
    Zone,
)
from patrols.publish import snapshot
from patrols.publish.map import placed
from patrols.record import geometry
from patrols.record.apply import route_pks

DAYS = 900
FIRST = date(2019, 6, 1)
ROUNDS = 250


def fill(scene, number: int = 120) -> None:
    """Patrols with every column at random, empty ones included."""
    dice = random.Random(7)
    south = Programme.objects.create(slug="south", code="south", name="South programme", parties=["US", "TR"])
    Force.objects.create(slug="us-army", name="US Army", country="US")
    tr = Force.objects.get(slug="tr-land")
    Force.objects.create(slug="tr-commando", name="Commando brigade", country="TR", parent=tr)
    forces, zones = list(Force.objects.all()), list(Zone.objects.all())
    lines = [
        geometry.stored({"type": "LineString", "coordinates": [[38 + n, 36.8], [38.4 + n, 36.9]]})
        for n in range(3)
    ]
    routes = [None, *route_pks(lines).values()]
    past = scene["near"].public_from
    for _number in range(number):
        start = None if dice.random() < 0.15 else FIRST + timedelta(days=dice.randrange(DAYS))
        end = start and start + timedelta(days=dice.choice([0, 0, 0, 1, 6, 30, 365]))
        inside = dice.sample(zones, dice.randrange(3))
        taking = dice.sample(forces, dice.randrange(4))
        patrol = Patrol.objects.create(
            programme=dice.choice([scene.programme, south]),
            state=State.PUBLISHED,
            public_from=past,
            status=dice.choice(["", *Status.values]),
            date_start=start,
            date_end=end,
            date_precision=start and dice.randint(1, 5),
            incident_type=dice.choice(["", "", *IncidentType.values]),
            contested=dice.choice([[], [], ["vehicles"]]),
            public_route_id=dice.choice(routes),
            zones_text=";".join(zone.slug for zone in inside),
            parties=";".join(sorted({force.country for force in taking})),
            search_text=dice.choice(["", "alpha", "alpha bravo", "bravo"]),
        )
        patrol.zones.set(inside)
        Participation.objects.bulk_create(Participation(patrol=patrol, force=force) for force in taking)
        for kind in dice.sample(IncidentType.values, dice.randrange(3)):
            Incident.objects.create(patrol=patrol, type=kind)


def queries() -> list[str]:
    """Filters at random, a few of which cannot be read."""
    dice = random.Random(11)
    day = lambda: (FIRST + timedelta(days=dice.randrange(-50, DAYS + 400))).isoformat()  # noqa: E731
    some = {
        "programme": lambda: dice.choice(["north", "south"]),
        "zone": lambda: dice.choice(["east-strip", "west-strip"]),
        "force": lambda: dice.choice(["tr-forces", "tr-land", "tr-commando", "ru-police", "us-army"]),
        "status": lambda: dice.choice([*Status.values, *Status.values, "unheard"]),
        "incident": lambda: dice.choice(["any", *IncidentType.values]),
        "contested": lambda: "1",
        "party": lambda: dice.choice(["TR", "RU", "US"]),
        "mapped": lambda: dice.choice(["0", "1"]),
        "from": day,
        "to": day,
    }
    fixed = [
        "",
        "from=2020-02-30",
        "to=0000-01-01",
        "from=yesterday",
        "contested=2",
        "party=XX",
        "from=2020-1-1",
    ]
    fixed += [
        "from=2020-02-01&to=2020-01-01",
        "zone=",
        "force=tr-forces&force=",
        "mapped=2",
        "from=0001-01-01",
    ]
    made = []
    for _round in range(ROUNDS):
        names = dice.sample(sorted(some), dice.randint(1, 4))
        pairs = [(name, some[name]()) for name in names]
        pairs += [(name, some[name]()) for name in names if dice.random() < 0.3]
        made.append(urlencode(pairs))
    return fixed + made


def in_browser(page: Page, address: str, asked: list[str]) -> list[dict]:
    """For each query, one after the other with the same engine: rows and counts."""
    return page.evaluate(
        """async ([address, queries]) => {
          const { Engine, decode } = await import("/static/js/engine.js");
          const engine = new Engine(decode(await (await fetch(address)).arrayBuffer()));
          return queries.map((query) => {
            engine.filter(new URLSearchParams(query));
            const tally = engine.tally();
            return {
              rows: engine.rows(engine.count),
              counts: [tally.match, tally.zoneOnly, tally.unplaced],
              without: engine.given.map((name) => [name, engine.without(name)]),
              statuses: engine.unreadable ? {} : engine.facet("status"),
              period: engine.others("period").reduce((sum, one) => sum + one, 0),
            };
          });
        }""",
        [address, asked],
    )


def filtered(query: str) -> PatrolFilter:
    return PatrolFilter(QueryDict(query), queryset=Patrol.objects.visible_to(None))


@pytest.fixture
def answers(open_page, scene):
    """[(query, what PatrolFilter finds, what the engine finds)]"""
    fill(scene)
    made = snapshot.build(snapshot.PUBLIC)
    page = open_page("/about/")
    asked = queries()
    told = in_browser(page, f"/map/public/{made.revision}/columns.bin", asked)
    return made.keys().tolist(), [
        (query, filtered(query), one) for query, one in zip(asked, told, strict=True)
    ]


def test_the_engine_finds_exactly_the_patrols_that_the_filter_finds(answers):
    keys, found = answers
    sizes = set()
    for query, asked, told in found:
        ours = {keys[row] for row in told["rows"]}
        theirs = set(asked.qs.values_list("pk", flat=True))
        assert ours == theirs, query
        sizes.add(len(ours))
        counts = placed(asked.qs)
        assert told["counts"] == [counts.match, counts.zone_only, counts.unplaced], query
        if asked.errors:
            continue
        for name, number in told["without"]:
            names = ("from", "to") if name == "period" else (name,)
            assert number == asked.without(*names).count(), (query, name)
        assert told["period"] == asked.without("from", "to").count(), query
        by_status = asked.without("status")
        for status, number in told["statuses"].items():
            assert number == by_status.filter(status=status).count(), (query, status)
    assert len(sizes) > 30


@pytest.mark.parametrize("query", ["q=bravo", "place=alpha", "q=alpha&status=completed", "bbox=38,36,39,37"])
def test_what_columns_do_not_hold_is_found_by_asking_once(open_page, scene, query):
    fill(scene)
    page = open_page(f"/?{query}")
    shown = page.locator("[data-summary] strong").inner_text()
    uids = list(filtered(query).qs.values_list("uid", flat=True)[:50])

    assert shown == str(filtered(query).qs.count())
    page.get_by_role("button", name="Table").click()
    page.locator("#table tbody tr").first.wait_for()
    links = page.locator("#table th a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    assert links == [f"/patrols/{uid}/" for uid in uids]


RELEASED = [
    ("/", {}),
    ("/?status=completed", {"match": 4}),
    ("/?from=2020-02-01&to=2020-03-31", {"match": 2}),
    ("/?programme=north&zone=east-strip&force=tr-forces", {"match": 3}),
    ("/?incident=any", {"match": 1}),
    ("/?incident=protest&contested=1", {"match": 1}),
    ("/?q=bravo", {"match": 2}),
    ("/?place=alpha&party=TR", {"match": 2}),
    ("/?bbox=40,36,41,37", {"match": 3}),
    ("/?mapped=0", {"match": 1}),
    ("/?status=completed&page=3&sort=-vehicles", {"match": 4}),
    ("/?theme=dark&lang=en&status=completed", {"match": 4}),
    ("/#map=9/36.8000/40.8000", {"map": "9/36.8000/40.8000"}),
    ("/?status=completed#map=8.5/36.8000/40.8000", {"match": 4, "map": "8.5/36.8000/40.8000"}),
    ("/?status=completed#view=table", {"match": 4, "rows": 4}),
    ("/#stack=status", {"stack": "status"}),
    (
        "/?status=completed#stack=status&window=all&speed=0.5",
        {"match": 4, "stack": "status", "window": "all"},
    ),
    ("/#map=9/36.8000/40.8000&sel=zone-east-strip", {"popup": "East strip"}),
    ("/?from=2020-01-01#map=9/36.8000/40.8000&sel=route-", {"popup": "North programme"}),
]
"""Addresses of the map page as they were released, and what each must go on showing."""


@pytest.mark.parametrize(("address", "shown"), RELEASED, ids=json.dumps)
def test_an_address_once_released_keeps_working(open_page, scene, address, shown):
    if address.endswith("sel=route-"):
        address += scene["contested"].public_route.hash[:10]
    page = open_page(address)

    matched = page.locator("[data-summary] strong").inner_text()
    assert matched == str(shown.get("match", 5))
    if "map" in shown:
        assert page.url.endswith(f"#map={shown['map']}")
    if "rows" in shown:
        assert page.locator("#table tbody tr").count() == shown["rows"]
    assert page.locator("[data-stack] input:checked").input_value() == shown.get("stack", "programme")
    assert page.locator("[data-window]").input_value() == shown.get("window", "91")
    if "popup" in shown:
        page.locator(".leaflet-popup h3", has_text=shown["popup"]).wait_for()
        assert page.url.endswith(address)
    assert ("theme=dark" in address) == (page.evaluate("document.documentElement.dataset.theme") == "dark")


def test_what_stands_out_is_what_the_bars_count(open_page, scene):
    """Of every bar the routes and zones of the rows that it counts, and of every route and zone its rows."""
    fill(scene)
    made = snapshot.build(snapshot.PUBLIC)
    page = open_page("/about/")
    wrong = page.evaluate(
        """async (address) => {
          const { Engine, decode } = await import("/static/js/engine.js");
          const bins = await import("/static/js/bins.js");
          const engine = new Engine(decode(await (await fetch(address)).arrayBuffer()));
          const { columns, head, count } = engine;
          const listed = (row) => head.sets.zones[columns.zones[row]][0];
          const wrong = [];
          for (const query of ["", "status=completed&from=2020-01-01", "status=completed&status=cancelled"]) {
            engine.filter(new URLSearchParams(query));
            const matching = engine.rows(count);
            for (const unit of ["week", "month", "quarter"]) {
              const edges = bins.edges(unit, ...bins.extent(columns));
              const lookup = new Uint8Array(head.programmes.length + 1);
              const bar = (row) => {
                const mask = engine.held({ row });
                const { sharp, vague } = bins.tally(columns, mask, edges, columns.programme, lookup);
                return sharp.findIndex((one, at) => one + vague[at] > 0);
              };
              const counted = matching.map((row) => [row, bar(row)]);
              for (let at = 0; at + 1 < edges.length; at += 1) {
                const rows = counted.filter(([, bin]) => bin === at).map(([row]) => row);
                const wanted = rows.length ? [
                  [...new Set(rows.map((row) => columns.route[row]))].sort().join(),
                  [...new Set(rows.flatMap(listed))].sort().join(),
                ] : null;
                const found = engine.during(edges[at], edges[at + 1]);
                const ones = (flags) => [...flags.keys()].filter((one) => flags[one]).sort().join();
                const told = found && [ones(found.routes), ones(found.zones)];
                if (JSON.stringify(told) !== JSON.stringify(wanted)) wrong.push([query, unit, at, told]);
              }
            }
            const sum = (mask) => mask.reduce((all, one) => all + one, 0);
            for (let route = 0; route < engine.routes; route += 1) {
              const rows = matching.filter((row) => columns.route[row] === route);
              if (sum(engine.held({ route })) !== rows.length) wrong.push([query, "route", route]);
            }
            head.zones.forEach((_, zone) => {
              const rows = matching.filter((row) => listed(row).includes(zone));
              if (sum(engine.held({ zone })) !== rows.length) wrong.push([query, "zone", zone]);
            });
          }
          return wrong;
        }""",
        f"/map/public/{made.revision}/columns.bin",
    )

    assert wrong == []
