"""Files of accounts on their way in: upload, dry run, confirm, watch, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..intake import batches, tasks
from ..models import ImportBatch, ImportRow
from ..record.workflow import RecordError
from .base import ReadOnlyAdmin

State = ImportBatch.State
ROWS_PER_PAGE = 100
COUNTS = (
    ("created", "new"),
    ("matched", "matched"),
    ("waiting", "waiting"),
    ("claims_only", "claim"),
    ("changed", "changed"),
    ("unchanged", "unchanged"),
    ("rejected", "rejected"),
)
"""Fields of a batch and the outcome of the rows that each counts."""


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=gettext_lazy("CSV in UTF-8, comma or semicolon between the columns."),
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if not file.size:
            raise ValidationError(_("The file is empty."))
        if file.size > settings.IMPORT_MAX_MB * 1024 * 1024:
            raise ValidationError(
                _("The file has %(size)s MB; at most %(most)s MB are taken. Cut it in parts."),
                params={"size": f"{file.size / 1024 / 1024:.1f}", "most": settings.IMPORT_MAX_MB},
            )
        return file


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    change_list_template = "admin/patrols/import_list.html"
    list_display = (
        "created_at",
        "name",
        "state_shown",
        "by",
        "read",
        "created",
        "matched",
        "waiting",
        "rejected",
    )
    list_display_links = ("created_at", "name")
    list_filter = ("state",)
    list_select_related = ("by",)
    search_fields = ("name", "uid")
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("patrols.import_accounts"))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("patrols.import_accounts"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportBatch]:
        return super().get_queryset(request).defer("content")

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_shown(self, batch: ImportBatch) -> str:
        return str(batch.get_state_display())

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view
        acts = {"confirm": self.confirm_view, "undo": self.undo_view, "resume": self.resume_view}
        return [
            path("<int:pk>/progress/", view(self.progress_view), name="patrols_importbatch_progress"),
            path("<int:pk>/rejected.csv", view(self.rejected_view), name="patrols_importbatch_rejected"),
            *(
                path(f"<int:pk>/{name}/", view(act), name=f"patrols_importbatch_{name}")
                for name, act in acts.items()
            ),
            *super().get_urls(),
        ]

    def _batch(self, request: HttpRequest, pk: int) -> ImportBatch:
        if not request.user.has_perm("patrols.import_accounts"):
            raise PermissionDenied
        batch = ImportBatch.objects.defer("content").select_related("by").filter(pk=pk).first()
        if batch is None:
            raise Http404
        return batch

    # Upload

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                with transaction.atomic():
                    batch = batches.create_batch(file.name or "upload.csv", file.read(), request.user)
                    tasks.enqueue(batch)
            except RecordError as error:
                form.add_error("file", str(error))
            else:
                return self._to(batch)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import a file"),
            "opts": ImportBatch._meta,
            "form": form,
            "max_mb": settings.IMPORT_MAX_MB,
            "format_url": "/data/",
        }
        return TemplateResponse(request, "admin/patrols/import_upload.html", context)

    # The page of one import

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        batch = self._batch(request, int(object_id) if object_id.isdecimal() else 0)
        undoing = request.GET.get("undoing", "")
        rows = ImportRow.objects.filter(batch=batch)
        outcome = request.GET.get("outcome", "")
        if outcome in ImportRow.Outcome.values:
            rows = rows.filter(outcome=outcome)
        rows = rows.select_related("patrol__programme", "account", "claim").order_by("line", "pk")
        page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": batch.name,
            "opts": ImportBatch._meta,
            "batch": batch,
            "busy": is_busy(batch, undoing),
            "undoing": undoing,
            "progress": batches.progress(batch),
            "counts": counts_of(batch),
            "outcome": outcome,
            "page": page,
            "state_text": state_text(batch, undoing),
            "can_confirm": batch.state == State.CHECKED,
            "can_undo": batch.state == State.DONE,
            "can_resume": batch.state == State.FAILED or batches.is_stale(batch),
        }
        return TemplateResponse(request, "admin/patrols/import_batch.html", context)

    def progress_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        batch = self._batch(request, pk)
        found = dict(batches.progress(batch))
        found |= {
            "state": batch.state,
            "text": str(batch.get_state_display()),
            "busy": batch.state in batches.BUSY,
        }
        found["stale"] = batches.is_stale(batch)
        return JsonResponse(found)

    def rejected_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        batch = self._batch(request, pk)
        response = StreamingHttpResponse(batches.rejected_csv(batch), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="rejected-{batch.uid}.csv"'
        return response

    # What an editor decides

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._act(request, pk, batches.confirm, _("Confirmed. The good rows are being brought in."))

    def resume_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take up again what failed or what a worker has left in the middle."""
        return self._act(request, pk, batches.resume, _("Taken up again."))

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self._batch(request, pk)
        if batch.state != State.DONE:
            self.message_user(request, _("Only an import that was brought in can be undone."), messages.ERROR)
            return self._to(batch)
        if request.method == "POST":
            transaction.on_commit(lambda: tasks.undo_import.delay(batch.pk, request.user.pk))
            return HttpResponseRedirect(f"{self._to(batch).url}?{urlencode({'undoing': ended(batch)})}")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Undo this import"),
            "opts": ImportBatch._meta,
            "batch": batch,
            "counts": counts_of(batch),
        }
        return TemplateResponse(request, "admin/patrols/import_undo.html", context)

    def _act(
        self, request: HttpRequest, pk: int, act: Callable[[ImportBatch], object], done: str
    ) -> HttpResponse:
        batch = self._batch(request, pk)
        if request.method == "POST":
            try:
                with transaction.atomic():
                    act(batch)
                    tasks.enqueue(batch)
            except RecordError as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.message_user(request, done, messages.SUCCESS)
        return self._to(batch)

    def _to(self, batch: ImportBatch) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:patrols_importbatch_change", args=[batch.pk]))


def ended(batch: ImportBatch) -> str:
    return batch.finished_at.isoformat() if batch.finished_at else ""


def is_busy(batch: ImportBatch, undoing: str = "") -> bool:
    """`undoing` is when the batch had ended as its undoing was asked for: it ends anew when that is over."""
    return batch.state in batches.BUSY or bool(
        undoing and batch.state == State.DONE and undoing == ended(batch)
    )


def state_text(batch: ImportBatch, undoing: str = "") -> str:
    if batch.state == State.DONE and is_busy(batch, undoing):
        return _("being undone")
    return str(batch.get_state_display())


def counts_of(batch: ImportBatch) -> list[dict[str, Any]]:
    labels = dict(ImportRow.Outcome.choices)
    return [
        {"outcome": outcome, "label": labels[outcome], "count": getattr(batch, name)}
        for name, outcome in COUNTS
    ]
