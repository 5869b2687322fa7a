"""The Django project. Importing it makes the Celery application the default one for shared tasks."""

from .celery import app as celery_app

__all__ = ["celery_app"]
