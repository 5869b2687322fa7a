from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from patrols.models import Patrol, Zone
from patrols.publish.revision import data_revision
from patrols.record.apply import readopt
from patrols.record.bulk import delete_with_history
from tests.scene import Scene

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


def test_it_stays_while_nothing_changes(scene: Scene):
    assert data_revision(PUBLIC) == data_revision(PUBLIC)


def test_it_changes_with_a_new_account(scene: Scene):
    before = data_revision(PUBLIC)
    scene.account(scene["near"], "late", day="2020-03-05", vehicles=5)
    readopt([scene["near"]], why="a late report")

    assert data_revision(PUBLIC) != before


def test_it_changes_when_an_embargo_runs_out_though_no_row_was_written(scene: Scene):
    before = data_revision(PUBLIC)
    Patrol.objects.filter(pk=scene["embargoed"].pk).update(public_from=timezone.now() - timedelta(seconds=1))

    assert data_revision(PUBLIC) != before


def test_it_changes_with_a_zone(scene: Scene):
    before = data_revision(PUBLIC)
    zone = Zone.objects.get(pk=scene.zone.pk)
    zone.name = "Renamed"
    zone.save()

    assert data_revision(PUBLIC) != before


def test_editors_and_the_public_have_their_own(scene: Scene):
    assert data_revision(User.objects.create_superuser("head")) != data_revision(PUBLIC)


def test_it_changes_when_a_patrol_is_deleted(scene: Scene):
    before = data_revision(PUBLIC)
    delete_with_history(Patrol, [scene["draft"]], why="test")

    assert data_revision(PUBLIC) != before


def test_it_takes_one_query(scene: Scene, django_assert_num_queries):
    with django_assert_num_queries(1):
        data_revision(PUBLIC)
