"""The snapshot: one file an audience and revision, whole, and with nothing in it that is not public."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from patrols.models import Patrol, Place
from patrols.publish import changes, columnar, snapshot, tasks
from patrols.publish.snapshot import EDITORS, PUBLIC
from patrols.record.bulk import delete_with_history
from tests.scene import Scene, add_sensitive

columns = st.lists(st.integers(0, 2**32 - 1), max_size=50)


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def opened(one):
    return columnar.unpack(gzip.decompress(one.path.read_bytes()))


@given(columns)
def test_a_column_of_any_whole_numbers_comes_back_as_it_was(values):
    block = columnar.pack({"count": len(values)}, {"x": np.array(values, dtype=np.int64)})

    assert list(columnar.unpack(block)[1]["x"]) == values


def test_a_column_takes_no_more_bytes_a_row_than_its_greatest_number_needs():
    for greatest, planes in ((0, 1), (255, 1), (256, 2), (65_536, 3), (2**24, 4)):
        assert columnar.planes(np.array([0, greatest]))[0] == planes


@given(st.sets(st.integers(0, 99)))
def test_a_set_of_rows_has_one_bit_a_row(rows):
    made = columnar.bits(np.array(sorted(rows), dtype=np.int64), 100)

    assert len(made) == 13
    assert {row for row in range(100) if made[row >> 3] >> (row & 7) & 1} == rows


@pytest.mark.django_db
def test_rows_stand_newest_first_and_those_without_a_date_last(scene: Scene, home):
    Patrol.objects.filter(pk=scene["near"].pk).update(date_start=None, date_end=None)
    made = snapshot.build(PUBLIC)
    uids = dict(Patrol.objects.values_list("pk", "uid"))

    assert [uids[key] for key in made.keys().tolist()] == [
        scene[name].uid for name in ("nowhere", "zone", "again", "contested", "near")
    ]
    assert opened(made)[0]["undated"] == 1


@pytest.mark.django_db
def test_the_public_snapshot_holds_the_public_patrols_and_the_editors_holds_all(scene: Scene, home):
    assert opened(snapshot.build(PUBLIC))[0]["count"] == 5
    assert opened(snapshot.build(EDITORS))[0]["count"] == Patrol.objects.count() == 9


@pytest.mark.django_db
def test_nothing_of_a_hidden_or_sensitive_place_is_in_the_public_snapshot(scene: Scene, home):
    add_sensitive(scene)
    head, _columns = opened(snapshot.build(PUBLIC))
    text = gzip.decompress(snapshot.build(PUBLIC).path.read_bytes()).decode(errors="replace")

    assert "ideout" not in text
    assert len(head["routes"]["id"]) == 3
    assert not any(head["routes"]["directed"])


@pytest.mark.django_db
def test_a_route_that_two_patrols_share_is_in_the_table_once(scene: Scene, home):
    made = snapshot.build(PUBLIC)
    head, columns = opened(made)
    routes = dict(zip(made.keys().tolist(), columns["route"].tolist(), strict=True))

    assert sorted(head["routes"]["kind"]) == ["line", "point"]
    assert head["routes"]["kind"][routes[scene["again"].pk]] == "line"
    assert routes[scene["contested"].pk] == routes[scene["again"].pk]
    assert routes[scene["zone"].pk] == routes[scene["nowhere"].pk] == len(head["routes"]["kind"])


@pytest.mark.django_db
def test_a_sensitive_patrol_is_drawn_coarsely(scene: Scene, home):
    patrol = add_sensitive(scene)
    made = snapshot.build(PUBLIC)
    head, columns = opened(made)
    route = columns["route"][made.keys().tolist().index(patrol.pk)]

    assert all(step % 1000 == 0 for run in head["routes"]["shape"][route] for step in run)
    assert head["routes"]["where"][route] >= 3


@pytest.mark.django_db
def test_a_place_has_the_names_that_it_shows_in_the_site_s_languages(scene: Scene, home):
    for language, name, preferred in (
        ("tr", "Alfa", True),
        ("tr", "Alpha köyü", False),
        ("ku", "Elfa", True),
    ):
        Place.objects.get(slug="alpha").names.create(language=language, name=name, preferred=preferred)
    Place.objects.get(slug="hideout").names.create(language="tr", name="Saklı", preferred=True)
    add_sensitive(scene)
    head, _columns = opened(snapshot.build(PUBLIC))

    names = {slug: names for slug, _name, _x, _y, names in head["places"]}
    assert names == {"alpha": {"tr": "Alfa"}, "bravo": {}, "delta": {}}


@pytest.mark.django_db
def test_the_same_record_gives_the_same_columns_byte_for_byte(scene: Scene, home):
    one = snapshot.made(PUBLIC, "x")[0].split(b"}", 1)[1]
    other = snapshot.made(PUBLIC, "x")[0].split(b"}", 1)[1]

    assert one == other


@pytest.mark.django_db
def test_a_change_and_the_end_of_an_embargo_make_another_snapshot(scene: Scene, home):
    first = snapshot.build(PUBLIC)
    scene.add("new", {"day": "2021-03-03", "sector": "East strip"})
    second = snapshot.build(PUBLIC)
    Patrol.objects.filter(pk=scene["embargoed"].pk).update(public_from=timezone.now())
    third = snapshot.build(PUBLIC)

    assert [opened(one)[0]["count"] for one in (second, third)] == [6, 7]
    assert len({one.revision for one in (first, second, third)}) == 3
    assert snapshot.latest(PUBLIC) == third


@pytest.mark.django_db
def test_old_snapshots_are_dropped_but_an_open_page_keeps_the_one_before(scene: Scene, home):
    made = []
    for number in range(4):
        scene.add(f"n{number}", {"day": "2021-03-03"})
        made.append(snapshot.build(PUBLIC))

    assert [one.is_stored for one in made] == [False, False, True, True]


@pytest.mark.django_db
def test_a_snapshot_takes_as_many_queries_for_many_patrols_as_for_few(scene: Scene, home):
    with CaptureQueriesContext(connection) as few:
        snapshot.made(PUBLIC, "x")
    for number in range(30):
        scene.add(f"more {number}", {"day": "2021-01-01", "sector": "East strip"})
    with CaptureQueriesContext(connection) as many:
        snapshot.made(PUBLIC, "x")

    assert len(few) == len(many) <= 16


@pytest.mark.django_db
def test_a_change_of_the_record_asks_once_for_both_snapshots(
    scene: Scene, home, monkeypatch, django_capture_on_commit_callbacks
):
    changes.begin()
    asked = []
    monkeypatch.setattr(tasks.refresh_snapshots, "apply_async", lambda **given: asked.append(given))
    with django_capture_on_commit_callbacks(execute=True):
        scene.add("one", {"day": "2021-01-01"})
        scene.add("two", {"day": "2021-01-02"})
        scene.zone.save()
    assert len(asked) == 1

    tasks.refresh_snapshots()
    assert snapshot.wanted(PUBLIC).is_stored
    assert snapshot.wanted(EDITORS).is_stored
    with django_capture_on_commit_callbacks(execute=True):
        scene.add("three", {"day": "2021-01-03"})
    assert len(asked) == 2


@pytest.mark.django_db
def test_rows_are_found_again_by_key(scene: Scene, home):
    made = snapshot.build(PUBLIC)
    rows = snapshot.positions_of(made, [scene["zone"].pk, scene["draft"].pk, 10**9])

    assert snapshot.rows_at(made, [*rows.tolist(), 99]) == [scene["zone"].pk, None]


@pytest.mark.django_db
def test_rows_deleted_in_bulk_ask_for_new_snapshots(
    scene: Scene, monkeypatch, django_capture_on_commit_callbacks
):
    changes.begin()
    asked = []
    monkeypatch.setattr(tasks.refresh_snapshots, "apply_async", lambda **given: asked.append(given))
    with django_capture_on_commit_callbacks(execute=True):
        delete_with_history(Patrol, [scene["draft"]], why="an import undone")

    assert len(asked) == 1
