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
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..intake import batches, tasks
from ..models import ImportBatch, ImportRow
from .base import ReadOnlyAdmin

State = ImportBatch.State
ROWS_PER_PAGE = 100
BUSY = (State.UPLOADED, State.CHECKING, State.QUEUED, State.APPLYING)
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
            with transaction.atomic():
                batch = batches.create_batch(file.name or "upload.csv", file.read(), request.user)
                _enqueue(tasks.check_import, batch)
            return self._to(batch)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import a file"),
            "opts": ImportBatch._meta,
            "form": form,
            "max_mb": settings.IMPORT_MAX_MB,
        }
        return TemplateResponse(request, "admin/patrols/import_upload.html", context)

    # The page of one import

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        batch = self._batch(request, int(object_id) if object_id.isdecimal() else 0)
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
            "busy": batch.state in BUSY,
            "stale": is_stale(batch),
            "progress": batches.progress(batch),
            "counts": counts_of(batch),
            "outcome": outcome,
            "page": page,
            "can_confirm": batch.state == State.CHECKED,
            "can_undo": batch.state == State.DONE,
        }
        return TemplateResponse(request, "admin/patrols/import_batch.html", context)

    def progress_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        batch = self._batch(request, pk)
        found = dict(batches.progress(batch))
        found |= {"state": batch.state, "text": str(batch.get_state_display()), "busy": batch.state in BUSY}
        found["stale"] = is_stale(batch)
        response = JsonResponse(found)
        response["Cache-Control"] = "no-store"
        return response

    def rejected_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        batch = self._batch(request, pk)
        response = StreamingHttpResponse(batches.rejected_csv(batch), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="rejected-{batch.uid}.csv"'
        return response

    # What an editor decides

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._act(request, pk, (State.CHECKED,), State.QUEUED, tasks.apply_import)

    def resume_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take up again what a worker has left: the tasks go on where they stopped."""
        batch = self._batch(request, pk)
        if request.method == "POST" and is_stale(batch):
            checking = batch.state in (State.UPLOADED, State.CHECKING)
            _enqueue(tasks.check_import if checking else tasks.apply_import, batch)
            self.message_user(request, _("Taken up again."), messages.SUCCESS)
        return self._to(batch)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self._batch(request, pk)
        if batch.state != State.DONE:
            self.message_user(request, _("Only an import that was brought in can be undone."), messages.ERROR)
            return self._to(batch)
        if request.method == "POST":
            _enqueue(tasks.undo_import, batch)
            self.message_user(request, _("The import is being undone."), messages.SUCCESS)
            return self._to(batch)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Undo this import"),
            "opts": ImportBatch._meta,
            "batch": batch,
            "counts": counts_of(batch),
        }
        return TemplateResponse(request, "admin/patrols/import_undo.html", context)

    def _act(
        self, request: HttpRequest, pk: int, from_states: tuple[str, ...], to: str, task: Callable[..., Any]
    ) -> HttpResponse:
        batch = self._batch(request, pk)
        if request.method != "POST":
            return self._to(batch)
        with transaction.atomic():
            # The state is the lock: of two clicks only one finds it.
            moved = ImportBatch.objects.filter(pk=pk, state__in=from_states).update(
                state=to, updated_at=timezone.now()
            )
            if moved:
                _enqueue(task, batch)
        if not moved:
            text = _("This import is %(state)s, so there is nothing to confirm.")
            self.message_user(request, text % {"state": batch.get_state_display()}, messages.WARNING)
        return self._to(batch)

    def _to(self, batch: ImportBatch) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:patrols_importbatch_change", args=[batch.pk]))


def _enqueue(task: Any, batch: ImportBatch) -> None:
    transaction.on_commit(lambda: task.delay(batch.pk))


def is_stale(batch: ImportBatch) -> bool:
    """Nothing has been heard of its worker for longer than `IMPORT_STALE_SECONDS`."""
    silent = (timezone.now() - batch.updated_at).total_seconds()
    return batch.state in BUSY and silent > settings.IMPORT_STALE_SECONDS


def counts_of(batch: ImportBatch) -> list[dict[str, Any]]:
    labels = dict(ImportRow.Outcome.choices)
    return [
        {"outcome": outcome, "label": labels[outcome], "count": getattr(batch, name)}
        for name, outcome in COUNTS
    ]
