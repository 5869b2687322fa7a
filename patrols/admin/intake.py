"""Watched sources, the pieces of work of the intake, and single reports that an editor brings in."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..intake import jobs, reports, sources
from ..intake.addresses import check_url, is_public
from ..intake.errors import FetchError, IntakeError
from ..intake.hosts import policy
from ..intake.reports import Received
from ..models import Job, Publisher, WatchedSource
from .base import ReadOnlyAdmin
from .forms import LinesField


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    url = forms.URLField(
        label=gettext_lazy("Address"), max_length=1000, assume_scheme="https", widget=AdminURLFieldWidget
    )
    must_contain = LinesField(
        label=gettext_lazy("Must contain"),
        help_text=gettext_lazy("Words, one a line, of which a title or summary must hold one. Empty: all."),
    )
    must_not_contain = LinesField(
        label=gettext_lazy("Must not contain"),
        help_text=gettext_lazy("Words, one a line, that rule an item out."),
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        rules = policy()
        try:
            target = check_url(url, ports=rules.ports, allowed_hosts=rules.allowed_hosts)
            literal = ip_address(target.host)
        except FetchError as error:
            raise ValidationError(str(error)) from None
        except ValueError:
            return url  # A name; where it leads is looked up anew with every call.
        if not is_public(literal) and target.host_and_port not in rules.allowed_hosts:
            raise ValidationError(_("This host is not public."))
        return url

    def clean_link_pattern(self) -> str:
        pattern: str = self.cleaned_data["link_pattern"]
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValidationError(
                _("This is no regular expression: %(why)s."), params={"why": str(error)}
            ) from None
        return pattern

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind") == WatchedSource.Kind.LISTING and not cleaned.get("link_pattern"):
            self.add_error(
                "link_pattern", _("A listing page needs a pattern, or every link on it would be read.")
            )
        return cleaned


@admin.register(WatchedSource)
class WatchedSourceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = SourceForm
    change_form_template = "admin/patrols/source_change.html"
    list_display = ("name", "publisher", "standing", "succeeded", "next_shown", "brought", "last_error")
    list_filter = ("active", "resting", "kind", "language", "publisher")
    list_select_related = ("publisher",)
    search_fields = ("name", "url", "publisher__name")
    autocomplete_fields = ("publisher", "programmes")
    actions = ("ask_now", "wake")
    readonly_fields = ("standing", "last_success", "next_run", "failures", "last_error", "brought", "work")
    fieldsets = (
        (None, {"fields": ("name", "url", "kind", "link_pattern", "publisher", "language", "programmes")}),
        (gettext_lazy("What is taken"), {"fields": ("must_contain", "must_not_contain")}),
        (gettext_lazy("When it is asked"), {"fields": ("every_minutes", "active")}),
        (
            gettext_lazy("How it stands"),
            {
                "fields": (
                    "standing",
                    "last_success",
                    "next_run",
                    "failures",
                    "last_error",
                    "brought",
                    "work",
                )
            },
        ),
    )

    @admin.display(description=gettext_lazy("Standing"))
    def standing(self, source: WatchedSource) -> str:
        if not source.active:
            return _("switched off")
        if source.resting:
            return _("rests after repeated failure: wake it once the reason is gone")
        if source.failures:
            return ngettext("failed %(n)s time in a row", "failed %(n)s times in a row", source.failures) % {
                "n": source.failures
            }
        return _("in order") if source.last_success else _("not asked yet")

    @admin.display(description=gettext_lazy("Last success"), ordering="last_success")
    def succeeded(self, source: WatchedSource) -> str:
        if source.last_success is None:
            return _("never")
        return _("{time} ago").format(time=timesince(source.last_success))

    @admin.display(description=gettext_lazy("Next run"), ordering="next_run")
    def next_shown(self, source: WatchedSource) -> str:
        if not source.active or source.resting:
            return "–"
        if source.next_run is None or source.next_run <= timezone.now():
            return _("now")
        return _("in {time}").format(time=timeuntil(source.next_run))

    @admin.display(description=gettext_lazy("Its work"))
    def work(self, source: WatchedSource) -> str:
        address = reverse("admin:patrols_job_changelist")
        return format_html('<a href="{}?source__id__exact={}">{}</a>', address, source.pk, _("All of it"))

    @admin.action(description=gettext_lazy("Ask now"), permissions=["change"])
    def ask_now(self, request: HttpRequest, chosen: QuerySet[WatchedSource]) -> None:
        asked = sum(sources.poll_now(source) for source in chosen.filter(active=True, resting=False))
        self.message_user(
            request,
            _("Queued: %(asked)s of %(all)s. The others are being asked already, rest, or are switched off.")
            % {"asked": asked, "all": chosen.count()},
        )

    @admin.action(description=gettext_lazy("Wake"), permissions=["change"])
    def wake(self, request: HttpRequest, chosen: QuerySet[WatchedSource]) -> None:
        for source in chosen:
            sources.wake(source)
        self.message_user(request, _("They are asked again now."))

    def response_change(self, request: HttpRequest, obj: WatchedSource) -> HttpResponse:
        if "_ask" in request.POST:
            chosen = WatchedSource.objects.filter(pk=obj.pk)
            if obj.resting:
                self.wake(request, chosen)
            else:
                self.ask_now(request, chosen)
            return HttpResponseRedirect(request.path)
        return super().response_change(request, obj)


class SeenFilter(admin.SimpleListFilter):
    title = gettext_lazy("seen")
    parameter_name = "seen"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", _("failed and not seen by anybody yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        if self.value() == "no":
            return queryset.filter(state=Job.State.FAILED, acknowledged_at__isnull=True)
        return queryset


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at",
        "kind",
        "state_shown",
        "about",
        "outcome",
        "tries",
        "duration",
        "error",
    )
    list_filter = (SeenFilter, "state", "kind", "source")
    list_select_related = ("source", "report__publisher")
    search_fields = ("key", "error", "report__title", "report__url")
    date_hierarchy = "created_at"
    actions = ("retry", "acknowledge")
    exclude = ("acknowledged_by",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return super().get_queryset(request).defer("report__text", "report__signature")

    def has_act_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("patrols.change_job"))

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_shown(self, job: Job) -> str:
        seen = _(" (seen)") if job.acknowledged_at else ""
        return format_html('<span class="state job-{}">{}{}</span>', job.state, job.get_state_display(), seen)

    @admin.display(description=gettext_lazy("About"))
    def about(self, job: Job) -> str:
        if job.report is not None:
            address = reverse("admin:patrols_report_change", args=[job.report.pk])
            return format_html('<a href="{}">{}</a>', address, job.report)
        return str(job.arguments.get("url") or job.source or "")

    @admin.display(description=gettext_lazy("What it brought"))
    def outcome(self, job: Job) -> str:
        return ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in job.counts.items())

    @admin.display(description=gettext_lazy("Seconds"))
    def duration(self, job: Job) -> str:
        if not (job.started_at and job.finished_at):
            return ""
        return f"{(job.finished_at - job.started_at).total_seconds():.1f}"

    @admin.action(description=gettext_lazy("Try again now"), permissions=["act"])
    def retry(self, request: HttpRequest, chosen: QuerySet[Job]) -> None:
        done = sum(jobs.retry(job) for job in chosen)
        self.message_user(
            request, _("Queued again: %(done)s of %(all)s.") % {"done": done, "all": chosen.count()}
        )

    @admin.action(description=gettext_lazy("Acknowledge: leave it at that"), permissions=["act"])
    def acknowledge(self, request: HttpRequest, chosen: QuerySet[Job]) -> None:
        done = sum(jobs.acknowledge(job, request.user) for job in chosen)  # type: ignore[arg-type]
        self.message_user(request, _("Acknowledged: %(n)s.") % {"n": done})


class BringForm(forms.Form):
    """One report: by its address, as pasted text, or as a file."""

    url = forms.URLField(
        required=False,
        max_length=1000,
        assume_scheme="https",
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("The page is fetched, unless you paste its text or give a file below."),
    )
    title = forms.CharField(required=False, max_length=300, label=gettext_lazy("Title"))
    text = forms.CharField(
        required=False,
        max_length=200_000,
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"rows": 10, "class": "vLargeTextField", "dir": "auto"}),
    )
    file = forms.FileField(
        required=False,
        label=gettext_lazy("File"),
        widget=forms.ClearableFileInput(attrs={"accept": ".eml,.html,.htm,message/rfc822,text/html"}),
        help_text=gettext_lazy("An e-mail (.eml) or a saved page (.html)."),
    )
    publisher = forms.ModelChoiceField(
        Publisher.objects.order_by("name"),
        required=False,
        label=gettext_lazy("Publisher"),
        help_text=gettext_lazy("Needed for a text or a file. Of a page it is told from the address."),
    )
    published = forms.DateField(
        required=False,
        label=gettext_lazy("Published"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Weekdays and “yesterday” in the text count from this day."),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not (given.get("url") or given.get("text", "").strip() or given.get("file")):
            raise ValidationError(_("Give an address, paste a text, or choose a file."))
        if given.get("text", "").strip() and given.get("file"):
            raise ValidationError(_("Give a text or a file, not both."))
        if (given.get("text", "").strip() or given.get("file")) and not given.get("publisher"):
            self.add_error("publisher", _("Say who published it."))
        if (day := given.get("published")) and day > timezone.now().date():
            self.add_error("published", _("This day has not come yet."))
        return given

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file and not file.name.lower().endswith((".eml", ".html", ".htm")):
            raise ValidationError(_("Only .eml and .html files can be read."))
        if file and file.size > settings.INTAKE_MAX_MB << 20:
            raise ValidationError(
                _("The file is larger than %(most)s MB."), params={"most": settings.INTAKE_MAX_MB}
            )
        return file

    def bring(self, user: Any) -> Received | Job:
        """Raises `IntakeError`."""
        given = self.cleaned_data
        shared = {"publisher": given["publisher"], "user": user}
        if file := given.get("file"):
            raw = file.read()
            if file.name.lower().endswith(".eml"):
                return reports.receive_mail(raw, **shared)
            return reports.receive_html(raw, published=given["published"], url=given["url"], **shared)
        if given["text"].strip():
            return reports.receive_text(
                given["text"], title=given["title"], published=given["published"], url=given["url"], **shared
            )
        return reports.receive_address(given["url"], given["publisher"], user)


WORDS = {
    "new": gettext_lazy("It is in, and is being read; it stands on the desk in a moment."),
    "same": gettext_lazy("This report is in the record already, word for word."),
    "updated": gettext_lazy("The report was in the record with another text; it is being read again."),
    "repeat": gettext_lazy("It repeats a report that is in the record, and was noted as such."),
}


def bring_view(request: HttpRequest) -> HttpResponse:
    """The page on which an editor brings in a single report."""
    if not request.user.has_perm("patrols.add_report"):
        raise PermissionDenied
    form = BringForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                brought = form.bring(request.user)
        except IntakeError as error:
            form.add_error(None, str(error))
        else:
            return _brought(request, brought)
    context = {
        **admin.site.each_context(request),
        "title": _("Bring in a report"),
        "opts": WatchedSource._meta,
        "form": form,
        "max_mb": settings.INTAKE_MAX_MB,
    }
    return TemplateResponse(request, "admin/patrols/bring.html", context)


def _brought(request: HttpRequest, brought: Received | Job) -> HttpResponse:
    if isinstance(brought, Job):
        messages.success(request, _("The page is being fetched. It comes to the desk once it was read."))
        return HttpResponseRedirect(f"{reverse('admin:patrols_job_changelist')}?kind__exact=fetch")
    messages.success(request, str(WORDS[brought.outcome]))
    return HttpResponseRedirect(reverse("desk"))
