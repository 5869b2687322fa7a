"""What the public side leaves to Celery."""

from __future__ import annotations

from celery import shared_task

from . import package


@shared_task  # type: ignore[untyped-decorator]
def build_package(revision: str) -> None:
    """The data package of the record as it is now; nothing to do where it is there already."""
    if not package.archive_of(revision).exists():
        package.build_current(revision)
