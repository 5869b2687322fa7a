from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PatrolsConfig(AppConfig):
    name = "patrols"
    verbose_name = "The record"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers the system checks)
        from .publish import changes
        from .roles import ensure_roles_after_migrate

        post_migrate.connect(ensure_roles_after_migrate, sender=self, dispatch_uid="patrols.roles")
        changes.connect()
