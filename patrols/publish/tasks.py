"""What the public side leaves to Celery."""

from __future__ import annotations

from celery import shared_task

from . import changes, package, snapshot


@shared_task  # type: ignore[untyped-decorator]
def build_package(revision: str) -> None:
    """The data package of the record as it is now; nothing to do where it is there already."""
    if not package.archive_of(revision).exists():
        package.build_current(revision)


@shared_task  # type: ignore[untyped-decorator]
def build_snapshot(audience: str) -> None:
    """The map's snapshot of the record as it is now; nothing to do where it is there already."""
    snapshot.build(audience)


@shared_task  # type: ignore[untyped-decorator]
def refresh_snapshots() -> None:
    """Both audiences' snapshots. A change that comes while they are built asks for them again."""
    changes.begin()
    for audience in snapshot.AUDIENCES:
        snapshot.build(audience)
