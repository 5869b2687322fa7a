"""The Celery application. Tasks live in `patrols/intake/tasks.py` and `patrols/publish/tasks.py`."""

from __future__ import annotations

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

TRANSPORT_ALIASES["filesystem"] = "patrolwatch.broker:Transport"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patrolwatch.settings")

app = Celery("patrolwatch")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["patrols.intake", "patrols.publish"])
