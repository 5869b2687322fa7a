"""System checks: one for each dangerous combination of settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register(deploy=True)
def public_site(**_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(
            Error("DEBUG shows settings and source to every visitor.", hint="Unset DEBUG.", id="patrols.E001")
        )
    if not settings.APPROVAL_BY_ANOTHER:
        found.append(
            Warning("An editor can publish alone.", hint="Unset APPROVAL_BY_ANOTHER.", id="patrols.W001")
        )
    if settings.INTAKE_TEST_HOSTS:
        found.append(
            Warning(
                "INTAKE_TEST_HOSTS lets editors read hosts inside your network.",
                hint="Unset INTAKE_TEST_HOSTS.",
                id="patrols.W003",
            )
        )
    if settings.EMBARGO_HOURS < 72:
        found.append(Warning("Patrols become public before 72 hours.", id="patrols.W002"))
    return found


@register()
def map_tiles(**_: Any) -> list[CheckMessage]:
    if settings.MAP_TILE_URL and not settings.MAP_TILE_ATTRIBUTION:
        return [Error("MAP_TILE_URL needs MAP_TILE_ATTRIBUTION: tile owners require it.", id="patrols.E002")]
    return []


@register()
def public_grid(**_: Any) -> list[CheckMessage]:
    if not 0 < settings.PUBLIC_GRID_DEG <= settings.SENSITIVE_GRID_DEG:
        return [
            Error(
                "PUBLIC_GRID_DEG must be above 0 and no coarser than SENSITIVE_GRID_DEG.", id="patrols.E003"
            )
        ]
    return []
