"""Lists: search, filters, saved views, and that a hundred rows cost as many queries as ten."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from patrols.models import Account, Patrol, Programme
from patrols.record.apply import readopt
from tests.scene import Scene, route

from .pages import parsed, words

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


def listed(client, query: str = "") -> list[str]:
    """Ids of the patrols that the list shows, by the link to each."""
    response = client.get(reverse("admin:patrols_patrol_changelist") + query)
    assert response.status_code == 200, (query, response.status_code)
    links = parsed(response).xpath("//table[@id='result_list']/tbody//th/a/@href")
    return [link.split("?")[0].split("/")[-3] for link in links]


def pks(scene: Scene, *names: str) -> set[str]:
    return {str(scene[name].pk) for name in names}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?state__exact=draft", ["draft"]),
        ("?state__exact=in_review", ["in review"]),
        ("?contested=yes", ["contested"]),
        ("?place=none", ["nowhere"]),
        ("?place=zone", ["zone"]),
        ("?q=bravo", ["contested", "again"]),
        ("?q=BRAVO+overall:13", ["contested"]),
        ("?q=2020-04", ["zone"]),
        ("?status__exact=cancelled", ["nowhere"]),
        ("?date_precision__exact=4", ["nowhere"]),
        ("?incident_type__exact=protest", ["contested"]),
        ("?q=no+such+words", []),
    ],
)
def test_a_query_lists_what_it_asks_for(as_editor, scene, query, names):
    assert set(listed(as_editor, query)) == pks(scene, *names)


def test_the_view_of_waiting_changes(as_editor, scene):
    scene.account(scene["near"], "later", by="paper", day="2020-03-05", vehicles=5, reviewed=False)
    assert set(listed(as_editor, "?waits=yes")) == pks(scene, "near")


def test_saved_views_count_what_they_list(as_editor, scene):
    page = parsed(as_editor.get(reverse("admin:patrols_patrol_changelist")))
    for link in page.xpath("//nav[@class='saved-views']/a"):
        count = int(link.xpath("span")[0].text)
        assert len(listed(as_editor, "?" + link.get("href").split("?")[1])) == count, link.text


def test_the_front_page_names_what_waits(as_editor, scene):
    text = words(as_editor.get(reverse("admin:index")))
    assert "Drafts 1" in text
    assert "Waiting for a patrol 0" in text


def grow(scene: Scene, patrols: int) -> None:
    start = Patrol.objects.count()
    made = []
    for number in range(patrols):
        patrol = Patrol.objects.create(programme=scene.programme, state="published")
        scene.account(patrol, f"many-{start + number}", day="2020-09-01", number=start + number,
                      counter=scene.counter, route=route("alpha", "bravo"), vehicles=4)  # fmt: skip
        made.append(patrol)
    readopt(made, why="made for a test")


@pytest.mark.parametrize("name", ["patrol", "account", "report", "place", "publisher", "claim", "correction"])
def test_a_list_of_many_takes_few_queries(as_editor, scene, name, django_assert_max_num_queries, monkeypatch):
    grow(scene, 110)
    with django_assert_max_num_queries(MOST_QUERIES):
        response = as_editor.get(reverse(f"admin:patrols_{name}_changelist"))
    assert response.status_code == 200


def queries(client, url: str, django_assert_max_num_queries) -> int:
    with django_assert_max_num_queries(200) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_a_patrols_page_takes_as_many_queries_for_many_accounts(
    as_editor, scene, django_assert_max_num_queries
):
    """Each account costs the two autocompletes it shows, its report and its speaker, and nothing else."""
    patrol = scene["draft"]
    url = reverse("admin:patrols_patrol_change", args=[patrol.pk])
    few = queries(as_editor, url, django_assert_max_num_queries)
    for number in range(10):
        scene.account(patrol, f"more-{number}", day="2020-06-06", vehicles=4, by="paper")
    many = queries(as_editor, url, django_assert_max_num_queries)

    assert few <= 60
    assert many - few <= 2 * 10


def test_autocomplete_stands_wherever_there_are_many_rows():
    many = {"patrol", "report", "publisher", "place", "force"}
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label != "patrols" or model is Programme:
            continue
        shown = set(model_admin.autocomplete_fields) | set(model_admin.readonly_fields)
        for field in model._meta.fields:
            target = field.remote_field and field.remote_field.model._meta.model_name
            if target in many and field.editable and model_admin.has_add_permission.__func__ is not False:
                fields = model_admin.form.base_fields
                assert field.name in shown or field.name not in fields, (model, field.name)


def test_autocomplete_finds_patrols_and_places_in_any_script(as_editor, scene):
    from patrols.models import Place

    Place.objects.get(slug="alpha").names.create(name="Альфа")
    url = reverse("admin:autocomplete")
    place = {"app_label": "patrols", "model_name": "stop", "field_name": "place", "term": "Альфа"}
    patrol = {"app_label": "patrols", "model_name": "account", "field_name": "patrol", "term": "bravo"}

    assert [one["text"] for one in as_editor.get(url, place).json()["results"]] == ["Alpha"]
    assert len(as_editor.get(url, patrol).json()["results"]) == 2


def test_an_account_with_everything_empty_is_listed(as_editor, scene):
    report = scene["draft"].accounts.get().report
    Account.objects.create(report=report, programme=scene.programme)
    assert as_editor.get(reverse("admin:patrols_account_changelist")).status_code == 200
