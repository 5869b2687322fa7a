"""The researchers' door: every published table as CSV with the filter of the page, and what it means."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..filters import PatrolFilter
from ..models import Patrol
from ..publish import csv
from ..record.columns import IMPORT, TABLES

BOM = {"": False, "0": False, "1": True}


@require_safe
def data_index(request: HttpRequest) -> HttpResponse:
    """All downloads, the columns of each, and the format of files on their way in."""
    asked = PatrolFilter(request.GET, queryset=Patrol.objects.visible_to(request.user))
    context = {
        "here": "data",
        "tables": list(TABLES.values()),
        "import_table": IMPORT,
        "query": asked.canonical_query(),
        "filters": asked.describe(),
        "errors": asked.error_lines,
    }
    return render(request, "patrols/data.html", context, status=400 if asked.error_lines else 200)


@require_safe
def table_csv(request: HttpRequest, name: str) -> HttpResponseBase:
    """One table, streamed. A parameter that cannot be read is answered 400 with its name, never ignored."""
    table = TABLES.get(name)
    if table is None:
        raise Http404(_("There is no table “{name}”.").format(name=name))
    asked = PatrolFilter(request.GET, queryset=Patrol.objects.visible_to(request.user))
    problems = asked.error_lines + [
        _("{name}: no such parameter.").format(name=unknown) for unknown in asked.unknown("bom")
    ]
    if (bom := request.GET.get("bom", "")) not in BOM:
        problems.append(_("bom: give 1 for a byte order mark, or leave it out."))
    if problems:
        return HttpResponse("\n".join(problems) + "\n", status=400, content_type="text/plain; charset=utf-8")
    response = StreamingHttpResponse(
        csv.stream(table, asked.selection(request.user), bom=BOM[bom]), content_type="text/csv; charset=utf-8"
    )
    day = timezone.now().date().isoformat()
    response["Content-Disposition"] = f'attachment; filename="patrolwatch-{name}-{day}.csv"'
    # Compressing would hold back the first bytes of a long download; and the record changes.
    response["Content-Encoding"] = "identity"
    response["Cache-Control"] = "private, no-cache"
    return response
