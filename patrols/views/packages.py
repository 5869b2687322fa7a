"""The data package as one download, and the frozen releases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..publish import package
from ..publish.tasks import build_package
from .exports import fair_exports

AGAIN_SECONDS = 10
YEAR_SECONDS = 365 * 24 * 3600
MEDIA = {
    ".csv": "text/csv; charset=utf-8",
    ".geojson": "application/geo+json",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".cff": "text/yaml; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".gpkg": "application/geopackage+sqlite3",
    ".zip": "application/zip",
}


@require_safe
@fair_exports
def package_zip(request: HttpRequest) -> HttpResponseBase:
    """The whole public record in one file; while it is being built, 202 and when to come back."""
    found = package.current(build_package.delay)
    if isinstance(found, package.Busy):
        text = _(
            "The package is being built: step {done} of {total}. Ask again in {seconds} seconds."
        ).format(done=found.done, total=found.total, seconds=AGAIN_SECONDS)
        made = HttpResponse(f"{text}\n", status=202, content_type="text/plain; charset=utf-8")
        made["Retry-After"] = str(AGAIN_SECONDS)
        return made
    response = FileResponse(found.open("rb"), as_attachment=True, filename=found.name)
    response["Content-Encoding"] = "identity"
    return response


@require_safe
def release_list(request: HttpRequest) -> HttpResponse:
    rows = [_told(folder) for folder in package.releases()]
    return render(request, "patrols/releases.html", {"releases": rows, "here": "data"})


@require_safe
def release_page(request: HttpRequest, name: str) -> HttpResponse:
    folder = _folder(name)
    sums = [line.split("  ", 1) for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]
    archive = f"patrolwatch-{name}.zip"
    files = [(path, digest, (folder / path).stat().st_size) for digest, path in sums]
    context = {"release": _told(folder), "files": files, "archive": archive, "here": "data"}
    return render(request, "patrols/release.html", context)


@require_safe
def release_file(request: HttpRequest, name: str, path: str) -> HttpResponseBase:
    """One file of a release. It never changes, so it may be kept for good."""
    folder = _folder(name).resolve()
    wanted = (folder / path.replace("\x00", "")).resolve()
    if not wanted.is_relative_to(folder) or not wanted.is_file():
        raise Http404(_("There is no such file in this release."))
    media = MEDIA.get(wanted.suffix, "text/plain; charset=utf-8")
    # The codebook is a page of ours, but nothing under this address needs to run as one.
    response = FileResponse(wanted.open("rb"), as_attachment=True, filename=wanted.name, content_type=media)
    response["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    response["Content-Encoding"] = "identity"
    return response


def _folder(name: str) -> Path:
    folder = next((one for one in package.releases() if one.name == name), None)
    if folder is None:
        raise Http404(_("There is no release “{name}”.").format(name=name))
    return folder


def _told(folder: Path) -> dict[str, Any]:
    told = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return {
        "name": folder.name,
        "address": f"{settings.SITE_URL}/data/releases/{folder.name}/",
        "version": told["dataVersion"],
        "created": told["created"],
        "citation": told["citation"],
    }
