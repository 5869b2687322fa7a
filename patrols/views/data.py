"""The researchers' door: every published table as CSV with the filter of the page, and what it means."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, Min
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..filters import PatrolFilter, with_query
from ..models import Patrol
from ..publish import catalogue, codebook, csv
from ..publish.cite import LICENCE_URL, Work
from ..publish.revision import data_state
from ..record.columns import IMPORT, TABLES, Selection, Table
from .exports import fair_exports, held
from .filtering import OF_THE_PAGE, refusal

BOM = {"": False, "0": False, "1": True}


@require_safe
def data_index(request: HttpRequest) -> HttpResponse:
    """All downloads, the columns of each, and the format of files on their way in."""
    asked = PatrolFilter(request.GET, queryset=Patrol.objects.visible_to(request.user))
    problems = asked.problems(*OF_THE_PAGE)
    query = asked.canonical_query()
    known = _known(request)
    work = _work((known["version"], known["modified"]), "/data/", catalogue.TITLE)
    context = {
        "here": "data",
        "schema_org": catalogue.schema_org(**known, work=work),
        "version": known["version"],
        "snippets": snippets(query),
        "tables": list(TABLES.values()),
        "import_table": IMPORT,
        "query": query,
        "filters": asked.describe(),
        "errors": problems,
    }
    return render(request, "patrols/data.html", context, status=400 if problems else 200)


def _known(request: HttpRequest) -> dict[str, Any]:
    """What a catalogue says of the whole record, as its reader sees it."""
    version, modified = data_state(request.user)
    seen = Patrol.objects.visible_to(request.user).order_by()
    span = seen.aggregate(first=Min("date_start"), last=Max("date_end"))
    return {"version": version, "modified": modified, **span}


def _work(state: tuple[str, datetime | None], path: str, title: str) -> Work:
    return Work.of_data(state, key=f"data-{state[0]}", title=title, path=path)


def snippets(query: str) -> list[tuple[str, str]]:
    """(tool, code) that loads the patrols of the query in that tool.

    Polars and DuckDB ask a web address for its length and for parts of it, which a stream has not: what they
    read is fetched for them.
    """
    address = with_query(f"{settings.SITE_URL}/data/patrols.csv", query)
    features = f"{settings.SITE_URL}/api/"
    return [
        ("pandas", f'import pandas as pd\n\npatrols = pd.read_csv("{address}", parse_dates=["date_start"])'),
        (
            "Polars",
            "from urllib.request import urlopen\n\nimport polars as pl\n\n"
            f'patrols = pl.read_csv(urlopen("{address}").read(), try_parse_dates=True)',
        ),
        (
            "DuckDB",
            f'curl --silent "{address}" | duckdb patrols.duckdb '
            "-c \"CREATE OR REPLACE TABLE patrols AS FROM read_csv('/dev/stdin')\"",
        ),
        ("R", f'patrols <- read.csv("{address}", na.strings = "", encoding = "UTF-8")'),
        ("QGIS", f"Layer > Add Layer > Add WFS / OGC API - Features Layer\nURL: {features}"),
        ("Excel", f"Data > From Web\n{address}{'&' if query else '?'}bom=1"),
    ]


@require_safe
def catalog(request: HttpRequest) -> HttpResponse:
    """DCAT, for catalogues of data."""
    body = json.dumps(catalogue.dcat(**_known(request)), ensure_ascii=False, indent=1)
    return HttpResponse(body, content_type="application/ld+json")


@require_safe
def codebook_page(request: HttpRequest) -> HttpResponse:
    version, _modified = data_state(None)
    context = codebook.context(version) | {"here": "data"}
    return render(request, "patrols/codebook.html", context)


@require_safe
def codebook_markdown(request: HttpRequest) -> HttpResponse:
    version, _modified = data_state(None)
    text = codebook.as_markdown(codebook.chapters(version), f"Data version {version}")
    return HttpResponse(text, content_type="text/markdown; charset=utf-8")


def _asked(request: HttpRequest, name: str) -> tuple[Table, PatrolFilter, Selection, list[str]]:
    """The table, the filter, its rows, and what is wrong with the address."""
    table = TABLES.get(name)
    if table is None:
        raise Http404(_("There is no table “{name}”.").format(name=name))
    asked = PatrolFilter(request.GET, queryset=Patrol.objects.visible_to(request.user))
    problems = asked.problems("bom") + bom_problems(request)
    return table, asked, asked.selection(request.user), problems


def bom_problems(request: HttpRequest) -> list[str]:
    """What is wrong with the wish for a byte order mark."""
    if request.GET.get("bom", "") in BOM:
        return []
    return [_("bom: give 1 for a byte order mark, or leave it out.")]


@require_safe
def table_metadata(request: HttpRequest, name: str) -> HttpResponse:
    """CSVW for one CSV file: its query, data version, time, rows, licence and citation."""
    table, asked, selection, problems = _asked(request, name)
    if problems:
        return refusal(problems)
    assert table.rows is not None
    query = asked.canonical_query()
    state = data_state(request.user)
    path = with_query(f"/data/{name}.csv", query)
    body = catalogue.csvw(
        table,
        query=query,
        version=state[0],
        made=timezone.now(),
        rows=table.rows(selection).order_by().count(),
        work=_work(state, path, f"{catalogue.TITLE}: {table.title.lower()}"),
    )
    text = json.dumps(body, ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type="application/csvm+json")


@require_safe
@fair_exports
def table_csv(request: HttpRequest, name: str) -> HttpResponseBase:
    """One table, streamed. A parameter that cannot be read is answered 400 with its name, never ignored.

    What a CSV file cannot say itself stands in its headers and in the CSVW file that they name.
    """
    table, asked, selection, problems = _asked(request, name)
    if problems:
        return refusal(problems)
    query = asked.canonical_query()
    beside = with_query(f"{settings.SITE_URL}/data/{name}.csv-metadata.json", query)
    chunks = csv.stream(table, selection, bom=BOM[request.GET.get("bom", "")])
    response = csv_file(
        chunks, name, request, link=f'<{beside}>; rel="describedby"; type="application/csvm+json", '
    )
    return held(request, response)


def csv_file(
    chunks: Iterable[bytes], name: str, request: HttpRequest, *, link: str = ""
) -> StreamingHttpResponse:
    """The chunks as a file to keep, named after `name` and the day; `link` stands before the licence's."""
    response = StreamingHttpResponse(chunks, content_type="text/csv; charset=utf-8")
    today = timezone.now().date().isoformat()
    response["Content-Disposition"] = f'attachment; filename="patrolwatch-{name}-{today}.csv"'
    response["Link"] = f'{link}<{LICENCE_URL}>; rel="license"'
    response["X-Data-Version"] = data_state(request.user)[0]
    # Compressing would hold back the first bytes of a long download; and the record changes.
    response["Content-Encoding"] = "identity"
    response["Cache-Control"] = "private, no-cache"
    return response
