"""The map's data: each route once, vague places as what they are, nothing that is not public."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import AnonymousUser

from patrols.models import Patrol
from patrols.publish.map import payload, placed, programme_keys
from tests.scene import Scene, add_sensitive

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


def made(user=PUBLIC):
    return payload(Patrol.objects.visible_to(user), programme_keys(user))


def test_a_route_that_two_patrols_share_is_in_the_table_once(scene: Scene):
    data = made()
    routes = {uid: data["patrols"]["route"][i] for i, uid in enumerate(data["patrols"]["uid"])}

    assert routes[scene["contested"].uid] == routes[scene["again"].uid] >= 0
    assert sorted(data["routes"]["kind"]) == ["line", "point"]


def test_a_patrol_known_by_its_zone_only_has_no_route_and_is_counted_in_the_zone(scene: Scene):
    data = made()
    row = data["patrols"]["uid"].index(scene["zone"].uid)

    assert data["patrols"]["route"][row] == -1
    assert data["zones"][0]["only"] == 1


def test_drawn_zone_only_and_unplaced_add_up(scene: Scene):
    found = placed(Patrol.objects.visible_to(PUBLIC))

    assert (found.match, found.drawn, found.zone_only, found.unplaced) == (5, 3, 1, 1)


def test_columns_are_of_one_length(scene: Scene):
    lengths = {len(column) for column in made()["patrols"].values()}

    assert lengths == {5}


def test_nothing_of_a_hidden_patrol_is_in_the_payload(scene: Scene):
    text = json.dumps(made(), default=str)

    for name in ("draft", "in review", "embargoed", "withdrawn"):
        assert scene[name].uid not in text
    assert "hideout" not in text
    assert "31" not in json.dumps(made()["patrols"]["vehicles_best"])


def test_a_sensitive_patrol_is_drawn_coarsely_and_names_no_place(scene: Scene):
    patrol = add_sensitive(scene)
    data = made()
    row = data["patrols"]["uid"].index(patrol.uid)
    shape = data["routes"]["shape"][data["patrols"]["route"][row]]

    assert all(step % 1000 == 0 for run in shape for step in run)
    assert "hideout" not in {place[0] for place in data["places"]}
    assert data["patrols"]["where"][row] >= 3


def test_colours_do_not_follow_a_filter(scene: Scene):
    keys = programme_keys(PUBLIC)
    data = payload(Patrol.objects.visible_to(PUBLIC).none(), keys)

    assert data["programmes"][0]["colour"] == keys[0].colour == 1


def test_the_payload_takes_as_many_queries_for_many_patrols_as_for_few(
    scene: Scene, django_assert_num_queries
):
    patrols = Patrol.objects.visible_to(PUBLIC)
    keys = programme_keys(PUBLIC)
    with django_assert_num_queries(4):
        payload(patrols, keys)
    for number in range(30):
        scene.add(f"more {number}", {"day": "2021-01-01", "sector": "East strip"})
    with django_assert_num_queries(4):
        payload(patrols, keys)
