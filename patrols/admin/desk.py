"""The review desk: the queue of new reports, and one page for each on which an editor only decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ..intake import desk, jobs
from ..intake.desk import Conflict
from ..intake.drafting import UNSURE
from ..intake.reports import NEIGHBOURHOOD
from ..intake.selection import read_selection
from ..models import Attention, Desk, DeskDecision, Job, Programme, Report, WatchedSource
from ..record.workflow import RecordError
from .desk_page import KEYS, DeskPage
from .intake import bring_view
from .places import gazetteer

PER_PAGE = 50
LOOKING_SECONDS = 120
AGES = {"1": 1, "7": 7, "30": 30}
CONFIDENCE = {"low": (0.0, UNSURE), "middle": (UNSURE, 0.85), "high": (0.85, 1.01)}
LIKELY = 8
"""Reports offered as the original of a duplicate."""

View = Callable[..., HttpResponse]


def editors_only(view: View) -> View:
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perms(["patrols.add_account", "patrols.change_report"]):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(guarded)


# The queue


def queue(query: Any) -> QuerySet[Report]:
    """The reports that a query string asks for, newest first. What cannot be read is left aside."""
    state = query.get("state") or Desk.NEW
    reports = Report.objects.exclude(desk_state="")
    if state != "all":
        reports = reports.filter(desk_state=state)
    plain = {
        "language": "language",
        "programme": "reading__programme__slug",
        "publisher": "publisher__slug",
    }
    for name, lookup in plain.items():
        if value := query.get(name):
            reports = reports.filter(**{lookup: value})
    if (source := query.get("source", "")).isdecimal():
        reports = reports.filter(
            pk__in=Job.objects.filter(source=source, report__isnull=False).values("report")
        )
    if query.get("confidence") in CONFIDENCE:
        low, high = CONFIDENCE[query["confidence"]]
        reports = reports.filter(reading__confidence__gte=low, reading__confidence__lt=high)
    if query.get("age") in AGES:
        reports = reports.filter(retrieved_at__gte=timezone.now() - timedelta(days=AGES[query["age"]]))
    attention = query.get("attention", "")
    if attention == "any":
        reports = reports.exclude(attention=[])
    elif attention in Attention.values:
        reports = reports.filter(_has(attention))
    return reports.order_by("-retrieved_at", "-pk")


def _has(code: str) -> Q:
    """A JSON list of codes that holds one; quoted, since codes may begin alike."""
    return Q(
        pk__in=Report.objects.annotate(codes=Cast("attention", TextField()))
        .filter(codes__contains=f'"{code}"')
        .values("pk")
    )


@require_safe
def queue_view(request: HttpRequest) -> HttpResponse:
    reports = queue(request.GET)
    page = Paginator(
        reports.select_related("publisher", "reading__programme", "desk_by").defer("text", "signature"),
        PER_PAGE,
    ).get_page(request.GET.get("p"))
    for report in page:
        report.attention_words = words_of(report)  # type: ignore[attr-defined]
        report.drafts = len(report.reading.accounts) if hasattr(report, "reading") else None  # type: ignore[attr-defined]
    context = {
        **admin.site.each_context(request),
        "title": _("Review desk"),
        "page": page,
        "filters": filters(request),
        "query": _query(request),
        "states": states(request),
        "waiting_jobs": Job.objects.filter(state__in=(*jobs.WAITING, Job.State.RUNNING)).count(),
        "failed_jobs": Job.objects.filter(state=Job.State.FAILED, acknowledged_at__isnull=True).count(),
        "last": desk.last_decision(request.user),  # type: ignore[arg-type]
    }
    return TemplateResponse(request, "admin/patrols/desk_queue.html", context)


def words_of(report: Report) -> list[str]:
    labels = dict(Attention.choices)
    return [str(labels.get(code, code)) for code in report.attention]


def states(request: HttpRequest) -> list[dict[str, Any]]:
    counts = dict(
        Report.objects.exclude(desk_state="").order_by().values_list("desk_state").annotate(Count("pk"))
    )
    chosen = request.GET.get("state") or Desk.NEW
    return [
        {"value": value, "label": label, "count": counts.get(value, 0), "current": value == chosen}
        for value, label in Desk.choices
    ]


def filters(request: HttpRequest) -> list[dict[str, Any]]:
    """The filters with their choices, the chosen one marked."""
    languages = Report.objects.exclude(desk_state="").exclude(language="").order_by("language")
    choices: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("source", _("Source"), [(str(one.pk), one.name) for one in WatchedSource.objects.all()]),
        (
            "language",
            _("Language"),
            [(code, code) for code in languages.values_list("language", flat=True).distinct()],
        ),
        (
            "programme",
            _("Programme"),
            list(Programme.objects.filter(readings__isnull=False).distinct().values_list("slug", "name")),
        ),
        (
            "confidence",
            _("Confidence"),
            [("low", _("below 70 %")), ("middle", _("70 to 85 %")), ("high", _("above 85 %"))],
        ),
        ("age", _("Came in"), [("1", _("today")), ("7", _("this week")), ("30", _("this month"))]),
        (
            "attention",
            _("Needs attention"),
            [("any", _("for any reason")), *((value, str(label)) for value, label in Attention.choices)],
        ),
    ]
    return [
        {
            "name": name,
            "label": label,
            "options": [(value, text, value == request.GET.get(name)) for value, text in options],
        }
        for name, label, options in choices
    ]


def _query(request: HttpRequest) -> str:
    """The queue that the editor works through, as a query string."""
    kept = request.GET.copy()
    for name in ("p", "undo"):
        kept.pop(name, None)
    return kept.urlencode()


# One report


def report_view(request: HttpRequest, uid: str) -> HttpResponse:
    report = get_object_or_404(
        Report.objects.select_related("publisher", "same_story_as", "desk_by"), uid=uid
    )
    if request.method == "POST":
        return _act(request, report)
    return _page(request, report, DeskPage(report))


def _act(request: HttpRequest, report: Report) -> HttpResponse:
    act = request.POST.get("act", "")
    page = DeskPage(report, request.POST)
    if act in ("add", "check"):
        if act == "add":
            page.add()
        return _page(request, report, page)
    given = request.POST.get("version", "")
    version = int(given) if given.isdecimal() else -1
    try:
        said = _decide(act, report, version, page, request)
    except Conflict as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(request.get_full_path())
    except RecordError as error:
        messages.error(request, str(error))
        return _page(request, report, page)
    messages.success(request, said)
    return HttpResponseRedirect(_next(request, report))


def _decide(act: str, report: Report, version: int, page: DeskPage, request: HttpRequest) -> str:
    user: Any = request.user
    match act:
        case "accept":
            desk.accept(report, version, page.taken(), page.taken_claims(), user)
            return _("Accepted: {title}. It is public once somebody else has approved it.").format(
                title=report.title or report.uid
            )
        case "later":
            desk.set_aside(report, version, Desk.LATER, user)
            return _("Put aside for later: {title}.").format(title=report.title or report.uid)
        case "no_patrol":
            desk.set_aside(report, version, Desk.NO_PATROL, user)
            return _("Marked as no patrol: {title}.").format(title=report.title or report.uid)
        case "duplicate":
            original = Report.objects.filter(uid=request.POST.get("original", "").strip()).first()
            desk.set_aside(report, version, Desk.DUPLICATE, user, original=original)
            return _("Marked as a repeat: {title}.").format(title=report.title or report.uid)
    raise RecordError(_("Choose what to do with the report."))


def _next(request: HttpRequest, report: Report) -> str:
    """The next report of the queue that the editor works through, or the queue where none is left."""
    rest = queue(request.GET).exclude(pk=report.pk)
    at = report.retrieved_at
    after = rest.filter(Q(retrieved_at__lt=at) | Q(retrieved_at=at, pk__lt=report.pk)) if at else rest
    following = after.only("uid").first() or rest.only("uid").first()
    query = _query(request)
    address = reverse("desk-report", args=[following.uid]) if following else reverse("desk")
    return f"{address}?{query}" if query else address


def _page(request: HttpRequest, report: Report, page: DeskPage) -> HttpResponse:
    looking = _looking(request, report)
    context = {
        **admin.site.each_context(request),
        "title": report.title or _("Report without a title"),
        "report": report,
        "page": page,
        "reading": page.reading,
        "unread": page.reading is None and report.desk_state == Desk.NEW,
        "attention": words_of(report),
        "open": report.desk_state in desk.OPEN,
        "decision": DeskDecision.objects.filter(report=report, undone_at__isnull=True).first(),
        "last": desk.last_decision(request.user),  # type: ignore[arg-type]
        "others": report.accounts.select_related("patrol__programme", "programme"),
        "likely": likely_originals(report),
        "looking": looking,
        "query": _query(request),
        "next": _next(request, report),
        "keys": KEYS,
        "desk_settings": {
            "keys": {key: name for name, key in KEYS.items()},
            "read": reverse("desk-read", args=[report.uid]),
            "words": {
                "filled": _("Filled: {field}"),
                "nothing": _("Nothing to fill “{field}” with was found in the selection."),
            },
        },
    }
    return TemplateResponse(request, "admin/patrols/desk_report.html", context)


def _looking(request: HttpRequest, report: Report) -> str:
    """Who else has this report open; noted anew with every look."""
    key = f"desk:{report.uid}"
    seen = cache.get(key)
    cache.set(key, (request.user.pk, str(request.user)), LOOKING_SECONDS)
    return seen[1] if seen and seen[0] != request.user.pk else ""


def likely_originals(report: Report) -> QuerySet[Report]:
    """Reports of the same days that this one may repeat."""
    others = Report.objects.exclude(pk=report.pk).filter(same_story_as__isnull=True)
    if report.published:
        days = (report.published - NEIGHBOURHOOD, report.published + NEIGHBOURHOOD)
        others = others.filter(published__range=days)
    elif report.retrieved_at:
        others = others.filter(retrieved_at__gte=report.retrieved_at - NEIGHBOURHOOD)
    related = others.select_related("publisher").defer("text", "signature")
    return related.order_by("published", "pk")[:LIKELY]


@require_POST
def undo_view(request: HttpRequest, pk: int) -> HttpResponse:
    decision = get_object_or_404(DeskDecision.objects.select_related("report"), pk=pk)
    try:
        report = desk.undo(decision, request.user)  # type: ignore[arg-type]
    except RecordError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(request.headers.get("referer") or reverse("desk"))
    messages.success(request, _("Undone. The report is as it was before the decision."))
    return HttpResponseRedirect(reverse("desk-report", args=[report.uid]))


@require_safe
def read_view(request: HttpRequest, uid: str) -> JsonResponse:
    """What a selected passage says for a field."""
    report = get_object_or_404(Report.objects.only("language", "published"), uid=uid)
    values = read_selection(
        request.GET.get("field", ""),
        request.GET.get("text", ""),
        lang=report.language,
        published=report.published,
        gazetteer=gazetteer(),
    )
    return JsonResponse({"values": values})


urlpatterns = [
    path("", editors_only(queue_view), name="desk"),
    path("bring/", admin.site.admin_view(bring_view), name="desk-bring"),
    path("undo/<int:pk>/", editors_only(undo_view), name="desk-undo"),
    path("<slug:uid>/", editors_only(report_view), name="desk-report"),
    path("<slug:uid>/read/", editors_only(read_view), name="desk-read"),
]
