"""Each admin address as each kind of user, and exactly what each role may do."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from patrols.models import Patrol
from patrols.roles import ensure_roles, role_permissions

from .pages import errors, shown_form

pytestmark = pytest.mark.django_db

LISTS = sorted(f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry)
USERS_ONLY = ("auth_user", "auth_group")


@pytest.fixture
def clients(as_analyst, as_editor, as_reviewer, as_administrator) -> dict[str, Client]:
    return {
        "anonymous": Client(),
        "analyst": as_analyst,
        "editor": as_editor,
        "reviewer": as_reviewer,
        "administrator": as_administrator,
    }


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_for_those_who_work_on_it(clients, scene, name):
    url = reverse(f"admin:{name}_changelist")
    found = {who: client.get(url).status_code for who, client in clients.items()}

    staff = 403 if name in USERS_ONLY else 200
    assert found == {
        "anonymous": 302,
        "analyst": 302,
        "editor": staff,
        "reviewer": staff,
        "administrator": 200,
    }


def test_every_entrys_pages_open_for_an_editor(as_editor, scene):
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label != "patrols" or model._meta.model_name == "importbatch":
            continue
        entry = model._default_manager.first()
        if entry is None:
            continue
        name = f"admin:patrols_{model._meta.model_name}"
        assert as_editor.get(reverse(f"{name}_change", args=[entry.pk])).status_code == 200, model
        assert as_editor.get(reverse(f"{name}_history", args=[entry.pk])).status_code == 200, model
        if hasattr(model, "history"):
            version = model.history.first()
            if version is not None:
                url = reverse(f"{name}_simple_history", args=[version.id, version.history_id])
                assert as_editor.get(url).status_code == 200, model
                assert as_editor.post(url, {}).status_code == 403, model
        assert model_admin.has_delete_permission(as_editor.get("/admin/").wsgi_request) is False, model


def test_an_editor_may_add_to_every_table_that_is_written_by_hand(as_editor, scene):
    for name in ("account", "report", "claim", "place", "publisher", "force", "zone", "line", "programme"):
        assert as_editor.get(reverse(f"admin:patrols_{name}_add")).status_code == 200, name


@pytest.mark.parametrize("act", ["approve", "send_back", "withdraw"])
def test_only_a_reviewer_may_decide(as_editor, as_reviewer, scene, act):
    """An editor who knows the address gets a sentence, and nothing happens."""
    patrol = scene["in review"]
    url = reverse("admin:patrols_patrol_act", args=[patrol.pk, act])

    assert errors(as_editor.post(url, {"reason": "Because"})) == ["page: Only a reviewer may do this."]
    patrol.refresh_from_db()
    assert patrol.state == "in_review"
    assert as_reviewer.post(url, {"reason": "Because"}).status_code == 302


def test_analysts_and_strangers_cannot_act(as_analyst, scene):
    url = reverse("admin:patrols_patrol_act", args=[scene["in review"].pk, "approve"])
    for client in (Client(), as_analyst):
        assert client.post(url, {"reason": "x"}).status_code == 302
    scene["in review"].refresh_from_db()
    assert scene["in review"].state == "in_review"


def test_nobody_can_delete_a_patrol(as_administrator, scene):
    patrol = scene["draft"]
    assert (
        as_administrator.post(
            reverse("admin:patrols_patrol_delete", args=[patrol.pk]), {"post": "yes"}
        ).status_code
        == 403
    )
    action = {"action": "delete_selected", "_selected_action": [str(patrol.pk)], "post": "yes"}
    as_administrator.post(reverse("admin:patrols_patrol_changelist"), action)
    assert Patrol.objects.filter(pk=patrol.pk).exists()


def test_roles_are_made_by_migrating_and_are_exact(db):
    for role, wanted in role_permissions().items():
        found = {
            f"{one.content_type.app_label}.{one.codename}"
            for one in Group.objects.get(name=role).permissions.select_related("content_type")
        }
        assert found == wanted


def test_making_the_roles_again_takes_away_what_was_added_by_hand(db):
    group = Group.objects.get(name="editor")
    group.permissions.add(Permission.objects.get(codename="delete_patrol"))
    ensure_roles()
    assert not group.permissions.filter(codename="delete_patrol").exists()
    assert Group.objects.filter(name="editor").count() == 1


def test_no_role_may_delete_from_the_record():
    kept = ("patrol", "account", "report", "claim", "pin", "correction", "importbatch", "user")
    for role, permissions in role_permissions().items():
        assert not [p for p in permissions if p.split(".")[1] in {f"delete_{name}" for name in kept}], role


def test_an_administrator_gives_roles_but_cannot_make_a_superuser(as_administrator, analyst):
    url = reverse("admin:auth_user_change", args=[analyst.pk])
    values = {name: value for name, value in shown_form(as_administrator, url, "user_form").items() if value}
    values |= {"is_staff": "on", "groups": [str(Group.objects.get(name="editor").pk)], "is_superuser": "on"}

    response = as_administrator.post(url, values)

    assert response.status_code == 302, errors(response)
    analyst.refresh_from_db()
    assert analyst.has_perm("patrols.change_patrol")
    assert not analyst.is_superuser


def test_an_administrator_cannot_reach_a_superuser(as_administrator):
    head = User.objects.create_superuser("head", "head@example.org", "a-long-password")
    assert as_administrator.get(reverse("admin:auth_user_change", args=[head.pk])).status_code == 302
    assert as_administrator.get(reverse("admin:auth_user_password_change", args=[head.pk])).status_code == 404


def test_an_administrator_adds_a_user(as_administrator):
    values = {
        "username": "newcomer", "usable_password": "true",
        "password1": "quiet-river-stone", "password2": "quiet-river-stone",
    }  # fmt: skip
    response = as_administrator.post(reverse("admin:auth_user_add"), values)
    assert response.status_code == 302, errors(response)
    assert not User.objects.get(username="newcomer").is_staff
