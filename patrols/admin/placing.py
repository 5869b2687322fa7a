"""Where a waiting account belongs: candidates ranked with their reasons, a button for each decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..intake import drafting
from ..intake.directory import load_distances
from ..intake.match import Decision
from ..intake.match import Reason as MatchReason
from ..models import Account, Patrol, State
from ..record import workflow
from ..record.apply import Change, pending_changes, would_change
from ..record.workflow import RecordError
from .forms import ReasonForm
from .site import ADMIN_SITE

RELATED = ("report__publisher", "speaker", "counter", "programme")


@dataclass(frozen=True, slots=True)
class Ranked:
    """One candidate as the page shows it."""

    patrol: Patrol
    score: float
    reasons: tuple[MatchReason, ...]
    changes: list[Change]
    best: bool


class ChooseForm(forms.Form):
    patrol = forms.ModelChoiceField(
        label=gettext_lazy("Another patrol"),
        queryset=Patrol.objects.exclude(state=State.WITHDRAWN).select_related("programme"),
        widget=AutocompleteSelect(Account._meta.get_field("patrol"), ADMIN_SITE),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=500)


def candidates(account: Account) -> tuple[Decision, list[Ranked]]:
    """The rule's decision and the candidates, best first."""
    decision = drafting.candidates(account, load_distances())
    uids = [candidate.patrol for candidate in decision.candidates]
    patrols = {one.uid: one for one in Patrol.objects.filter(uid__in=uids).select_related("programme")}
    ranked = [
        Ranked(
            patrols[one.patrol],
            one.score,
            one.reasons,
            changes_by(patrols[one.patrol], account),
            one.patrol == decision.patrol,
        )
        for one in decision.candidates
        if one.patrol in patrols
    ]
    return decision, ranked


def changes_by(patrol: Patrol, account: Account) -> list[Change]:
    """What attaching it would change, beyond what waits for approval anyway."""
    already = set(pending_changes(patrol))
    return [change for change in would_change(patrol, account) if change not in already]


class PlacingMixin:
    """The page of a waiting account, for `AccountAdmin`."""

    admin_site: Any
    message_user: Any

    def placing_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/place/", view(self.place_view), name="patrols_account_place"),
            path("<int:pk>/detach/", view(self.detach_view), name="patrols_account_detach"),
        ]

    def _account(self, request: HttpRequest, pk: int) -> Account:
        if not request.user.has_perm("patrols.change_account"):
            raise PermissionDenied
        account = Account.objects.select_related(*RELATED, "patrol__programme").filter(pk=pk).first()
        if account is None:
            raise Http404
        return account

    def place_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = self._account(request, pk)
        if account.patrol_id is not None:
            self.message_user(request, _("This account has its patrol already."), messages.INFO)
            return HttpResponseRedirect(reverse("admin:patrols_account_change", args=[pk]))
        choose = ChooseForm(request.POST if "choose" in request.POST else None)
        if request.method == "POST":
            try:
                patrol = self._decide(request, account, choose)
            except RecordError as error:
                self.message_user(request, str(error), messages.ERROR)
                account.refresh_from_db()
            else:
                if patrol is not None:
                    return HttpResponseRedirect(reverse("admin:patrols_patrol_change", args=[patrol.pk]))
        decision, ranked = candidates(account)
        context = {"decision": decision, "ranked": ranked, "choose": choose}
        return self._page(request, "admin/patrols/place.html", account, _("Which patrol?"), context)

    def _decide(self, request: HttpRequest, account: Account, choose: ChooseForm) -> Patrol | None:
        """Do what the button says; None where the form has to be shown again."""
        user: Any = request.user
        if "found" in request.POST:
            patrol = workflow.found(account, user, _("founded from its first account"))
            self.message_user(request, _("A new draft was founded."), messages.SUCCESS)
            return patrol
        if "choose" in request.POST:
            if not choose.is_valid():
                return None
            patrol, why = choose.cleaned_data["patrol"], choose.cleaned_data["reason"]
        else:
            found = Patrol.objects.filter(pk=_number(request.POST.get("attach"))).first()
            if found is None:
                raise RecordError(_("This patrol is not in the record any more."))
            patrol, why = found, request.POST.get("reason", "")
        workflow.attach(account, patrol, user, why.strip() or _("chosen by an editor"))
        waits = patrol.state == State.PUBLISHED
        text = _("Attached. It speaks publicly once a reviewer approves it.") if waits else _("Attached.")
        self.message_user(request, text, messages.SUCCESS)
        return patrol

    def detach_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = self._account(request, pk)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                workflow.detach(account, request.user, form.cleaned_data["reason"])  # type: ignore[arg-type]
            except RecordError as error:
                form.add_error(None, str(error))
            else:
                self.message_user(request, _("Detached. It waits for a patrol again."), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:patrols_account_place", args=[pk]))
        context = {
            "form": form,
            "explains": _(
                "The account leaves its patrol, which is adopted anew without it. Nothing is deleted."
            ),
            "submit": _("Detach"),
        }
        return self._page(request, "admin/patrols/act.html", account, _("Detach from its patrol"), context)

    def _page(
        self, request: HttpRequest, template: str, account: Account, title: str, context: dict[str, Any]
    ) -> HttpResponse:
        opts = Account._meta
        form = context.get("choose") or context.get("form")
        media = forms.Media(css={"all": ["admin-patrols/admin.css"]}) + (
            form.media if form else forms.Media()
        )
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "opts": opts,
                "app_label": opts.app_label,
                "title": title,
                "account": account,
                "media": media,
                **context,
            },
        )


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0
