"""How many patrols the map can place, and the colours of the programmes."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from patrols.models import Patrol, Programme
from patrols.publish.map import COLOURS, placed, programme_keys
from tests.scene import Scene

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


def test_drawn_zone_only_and_unplaced_add_up(scene: Scene):
    found = placed(Patrol.objects.visible_to(PUBLIC))

    assert (found.match, found.drawn, found.zone_only, found.unplaced) == (5, 3, 1, 1)


def test_the_programme_with_the_most_patrols_has_the_first_colour_and_one_without_the_grey(scene: Scene):
    Programme.objects.create(slug="empty", code="empty", name="Empty programme", parties=["US"])

    assert [(one.slug, one.patrols, one.colour) for one in programme_keys(PUBLIC)] == [
        ("north", 5, 1),
        ("empty", 0, COLOURS + 1),
    ]
