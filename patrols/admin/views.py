"""Saved views: links to lists that editors come back to, with how many entries each holds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class SavedView:
    label: str
    url: str
    count: int | None = None
    current: bool = False


def saved_views(request: HttpRequest, views: list[SavedView]) -> list[SavedView]:
    """The views with the one that the page shows marked."""
    return [replace(view, current=view.url == request.get_full_path()) for view in views]
