"""Who may do what: the groups editor, reviewer and administrator, and exactly which permissions each has.

Analysts are plain users without a group; they see the public record. Nothing in the record is ever deleted:
a patrol is withdrawn, an account is detached, an import is undone. So no group may delete any of it.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

EDITOR, REVIEWER, ADMINISTRATOR = "editor", "reviewer", "administrator"

REFERENCE = (
    "contextevent", "counter", "force", "line", "place", "placename", "programme", "publisher", "zone",
)  # fmt: skip
"""What the record refers to; editors keep it, administrators may also delete an entry that nothing uses."""
EVIDENCE = ("account", "claim", "report")
DERIVED = ("correction", "incident", "ordinal", "participation", "pin", "route", "stop")
"""Written by the rules of the record only, so nobody gets more than a look at it."""


def _codenames(actions: tuple[str, ...], models: tuple[str, ...]) -> set[str]:
    return {f"{action}_{model}" for action in actions for model in models}


def role_permissions() -> dict[str, set[str]]:
    """Role -> the `app.codename` permissions it has."""
    editor = {
        *_codenames(("add", "change", "view"), (*REFERENCE, *EVIDENCE)),
        *_codenames(("view",), (*DERIVED, "importbatch", "importrow")),
        "add_patrol",
        "change_patrol",
        "view_patrol",
        "delete_placename",
        "import_accounts",
        *_codenames(("add", "change", "view"), ("apitoken", "watchedsource")),
        *_codenames(("change", "view"), ("job",)),
    }
    reviewer = editor | {"approve_patrol"}
    administrator = reviewer | _codenames(("delete",), (*REFERENCE, "watchedsource"))
    users = _codenames(("add", "change", "view"), ("user",)) | {"view_group"}
    return {
        EDITOR: {f"patrols.{name}" for name in editor},
        REVIEWER: {f"patrols.{name}" for name in reviewer},
        ADMINISTRATOR: {f"patrols.{name}" for name in administrator} | {f"auth.{name}" for name in users},
    }


def ensure_roles(using: str = "default") -> None:
    """Make the groups and give each exactly its permissions. Safe to call again."""
    wanted = role_permissions()
    names = {name.split(".")[1] for role in wanted.values() for name in role}
    found = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.using(using)
        .filter(content_type__app_label__in=("patrols", "auth"), codename__in=names)
        .select_related("content_type")
    }
    for role, permissions in wanted.items():
        if missing := permissions - found.keys():
            raise LookupError(f"No such permission: {', '.join(sorted(missing))}")
        group, _created = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set([found[name] for name in sorted(permissions)])


def ensure_roles_after_migrate(sender: Any, using: str = "default", **_: Any) -> None:
    """Receiver of `post_migrate`: the permissions exist once every app's own receiver has run."""
    from django.apps import apps
    from django.contrib.auth.management import create_permissions
    from django.db import connections

    if Permission._meta.db_table not in connections[using].introspection.table_names():
        return  # `migrate auth zero`
    for label in ("auth", "patrols"):
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    ContentType.objects.clear_cache()
    ensure_roles(using)
