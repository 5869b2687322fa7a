from django.apps import AppConfig


class PatrolsConfig(AppConfig):
    name = "patrols"
    verbose_name = "The record"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers the system checks)
