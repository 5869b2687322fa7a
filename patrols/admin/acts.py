"""The acts of the workflow as pages and buttons: each a short page that says what it will do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminSplitDateTime, AutocompleteSelect
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Patrol, State
from ..record import workflow
from ..record.adopt import PINNABLE
from ..record.workflow import RecordError
from .adopted import INLINE_FACTS, Names, surroundings
from .forms import ReasonForm
from .maps import map_media
from .pinning import PIN_FORMS, pin_form
from .site import ADMIN_SITE


class PublicationForm(ReasonForm):
    sensitive = forms.BooleanField(
        label=gettext_lazy("Sensitive"),
        required=False,
        help_text=gettext_lazy("Only coarse geometry and no place names are published."),
    )
    embargo_until = forms.SplitDateTimeField(
        label=gettext_lazy("Hold back until"),
        required=False,
        widget=AdminSplitDateTime,
        help_text=gettext_lazy("Later than the general embargo. UTC. Empty for the general embargo."),
    )
    field_order = ["sensitive", "embargo_until", "reason"]


class MergeForm(ReasonForm):
    into = forms.ModelChoiceField(
        label=gettext_lazy("The patrol that stays"),
        queryset=Patrol.objects.exclude(state=State.WITHDRAWN).select_related("programme"),
        widget=AutocompleteSelect(Patrol._meta.get_field("merged_into"), ADMIN_SITE),
        help_text=gettext_lazy(
            "Search by its id, number, place or date. It keeps its address; this one leads there."
        ),
    )
    field_order = ["into", "reason"]


@dataclass(frozen=True, slots=True)
class Act:
    """`do` runs it with the form's data. `offered` says for which states there is a button at all."""

    name: str
    label: Any
    offered: tuple[str, ...]
    do: Callable[[Patrol, User, dict[str, Any]], Any]
    done: Any
    explains: Any
    form: type[ReasonForm] = ReasonForm
    reason_needed: bool = True
    reviewer: bool = False
    grave: bool = False


def _approve(patrol: Patrol, user: User, data: dict[str, Any]) -> None:
    workflow.approve(patrol, user, data["reason"])


ACTS = {
    act.name: act
    for act in (
        Act(
            "submit",
            gettext_lazy("Submit for review"),
            (State.DRAFT,),
            lambda patrol, user, data: workflow.submit(patrol, user, data["reason"]),
            gettext_lazy("Submitted. A reviewer can approve it now."),
            gettext_lazy("A reviewer will look at it. Until then it stays as it is and is not public."),
            reason_needed=False,
        ),
        Act(
            "approve",
            gettext_lazy("Approve"),
            (State.IN_REVIEW, State.PUBLISHED),
            _approve,
            gettext_lazy("Approved."),
            gettext_lazy("It becomes part of the public record once its embargo has run out."),
            reason_needed=False,
            reviewer=True,
        ),
        Act(
            "send_back",
            gettext_lazy("Send back"),
            (State.IN_REVIEW,),
            lambda patrol, user, data: workflow.send_back(patrol, user, data["reason"]),
            gettext_lazy("Sent back to its editor as a draft."),
            gettext_lazy("It becomes a draft again. Say what is to be mended."),
            reviewer=True,
        ),
        Act(
            "publication",
            gettext_lazy("Embargo and sensitivity"),
            (State.DRAFT, State.IN_REVIEW, State.PUBLISHED),
            lambda patrol, user, data: workflow.set_publication(
                patrol,
                user,
                sensitive=data["sensitive"],
                embargo_until=data["embargo_until"],
                why=data["reason"],
            ),
            gettext_lazy("Set."),
            gettext_lazy("Anyone may add caution; to loosen it takes a reviewer who did not write last."),
            form=PublicationForm,
        ),
        Act(
            "merge",
            gettext_lazy("Merge into another"),
            (State.DRAFT, State.IN_REVIEW, State.PUBLISHED),
            lambda patrol, user, data: workflow.merge(patrol, data["into"], user, data["reason"]),
            gettext_lazy("Merged. This id now leads to the other patrol."),
            gettext_lazy("Its accounts move to the other patrol, its id leads there, and it is withdrawn."),
            form=MergeForm,
            reviewer=True,
            grave=True,
        ),
        Act(
            "withdraw",
            gettext_lazy("Withdraw"),
            (State.DRAFT, State.IN_REVIEW, State.PUBLISHED),
            lambda patrol, user, data: workflow.withdraw(patrol, user, data["reason"]),
            gettext_lazy("Withdrawn."),
            gettext_lazy(
                "It leaves the public record and cannot be edited any more. Its id still resolves, with the "
                "reason that you give here. Nothing is deleted."
            ),
            reviewer=True,
            grave=True,
        ),
    )
}


def offered(patrol: Patrol, user: Any, pending: bool) -> list[Act]:
    """The acts that have a button on the patrol's page."""
    if not user.has_perm("patrols.change_patrol"):
        return []
    return [
        act
        for act in ACTS.values()
        if patrol.state in act.offered
        and (not act.reviewer or user.has_perm("patrols.approve_patrol"))
        and (act.name != "approve" or patrol.state == State.IN_REVIEW or pending)
    ]


class ActsMixin:
    """Pages of a patrol's acts, for `PatrolAdmin`."""

    admin_site: Any
    get_object: Any
    message_user: Any

    def act_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/act/<slug:name>/", view(self.act_view), name="patrols_patrol_act"),
            path("<int:pk>/pin/<slug:fact>/", view(self.pin_view), name="patrols_patrol_pin"),
            path("<int:pk>/unpin/<slug:fact>/", view(self.unpin_view), name="patrols_patrol_unpin"),
        ]

    def _patrol(self, request: HttpRequest, pk: int) -> Patrol:
        patrol: Patrol | None = self.get_object(request, str(pk))
        if patrol is None:
            raise Http404
        if not request.user.has_perm("patrols.change_patrol"):
            raise PermissionDenied
        return patrol

    def act_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        patrol = self._patrol(request, pk)
        act = ACTS.get(name)
        if act is None:
            raise Http404
        initial = {"sensitive": patrol.sensitive, "embargo_until": patrol.embargo_until}
        form = act.form(posted(request), initial=initial, required=act.reason_needed)
        if request.method == "POST" and form.is_valid():
            try:
                act.do(patrol, request.user, form.cleaned_data)  # type: ignore[arg-type]
            except RecordError as error:
                form.add_error(None, str(error))
            else:
                self.message_user(request, act.done, messages.SUCCESS)
                return self._back(patrol)
        context = {"title": act.label, "explains": act.explains, "submit": act.label, "grave": act.grave}
        return self._page(request, patrol, form, context)

    def pin_view(self, request: HttpRequest, pk: int, fact: str) -> HttpResponse:
        """The form of one fact. Posted from the patrol's page too."""
        patrol = self._patrol(request, pk)
        if fact not in PIN_FORMS:
            raise Http404
        form = pin_form(fact, patrol, start_value(patrol, fact), posted(request), request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                workflow.pin(patrol, fact, form.json_value(), form.cleaned_data["reason"], request.user)  # type: ignore[arg-type]
            except RecordError as error:
                form.add_error(None, str(error))
            else:
                waits = patrol.state == State.PUBLISHED
                text = _("Pinned. It becomes public once a reviewer approves it.") if waits else _("Pinned.")
                self.message_user(request, " ".join([text, *getattr(form, "notes", ())]), messages.SUCCESS)
                return self._back(patrol)
        names = Names()
        choice = patrol.adoption.get(fact, {})
        said = [
            (names.text(fact, other["value"]), len(other["accounts"])) for other in choice.get("others", ())
        ]
        context = {
            "title": _("Pin: %(fact)s") % {"fact": fact.replace("_", " ")},
            "explains": _("What you say here outranks every account until it is unpinned."),
            "submit": _("Pin"),
            "adopted": names.text(fact, choice.get("value")),
            "adopted_why": choice.get("why", ""),
            "others": said,
            "surroundings": surroundings(patrol) if fact == "route" else None,
        }
        return self._page(request, patrol, form, context)

    def unpin_view(self, request: HttpRequest, pk: int, fact: str) -> HttpResponse:
        patrol = self._patrol(request, pk)
        if fact not in PINNABLE:
            raise Http404
        form = ReasonForm(posted(request))
        if request.method == "POST" and form.is_valid():
            try:
                workflow.unpin(patrol, fact, form.cleaned_data["reason"], request.user)  # type: ignore[arg-type]
            except RecordError as error:
                form.add_error(None, str(error))
            else:
                self.message_user(request, _("Unpinned. The accounts speak again."), messages.SUCCESS)
                return self._back(patrol)
        context = {
            "title": _("Unpin: %(fact)s") % {"fact": fact.replace("_", " ")},
            "explains": _("The value will be adopted from the accounts again."),
            "submit": _("Unpin"),
        }
        return self._page(request, patrol, form, context)

    def _back(self, patrol: Patrol) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:patrols_patrol_change", args=[patrol.pk]))

    def _page(
        self, request: HttpRequest, patrol: Patrol, form: forms.Form, context: dict[str, Any]
    ) -> HttpResponse:
        opts = Patrol._meta
        media = form.media
        if context.get("surroundings"):
            media = media + map_media()
        return TemplateResponse(
            request,
            "admin/patrols/act.html",
            {
                **self.admin_site.each_context(request),
                "opts": opts,
                "app_label": opts.app_label,
                "patrol": patrol,
                "form": form,
                "media": media,
                **context,
            },
            status=400 if form.errors else 200,
        )


def posted(request: HttpRequest) -> Any:
    """The form's data, also where a post is empty."""
    return request.POST if request.method == "POST" else None


def start_value(patrol: Patrol, fact: str) -> Any:
    """What a pin's form starts from: the newest pin, or what is adopted."""
    pins = sorted((pin for pin in patrol.pins.all() if pin.fact == fact), key=lambda pin: pin.reviewed)
    if pins:
        return pins[0].value
    if fact == "route":
        return patrol.route.geometry if patrol.route else None
    if fact == "zones":
        return [slug for slug in patrol.zones_text.split(";") if slug]
    return patrol.adoption.get(fact, {}).get("value")


def can_pin(fact: str) -> bool:
    return fact in PIN_FORMS or fact in INLINE_FACTS
