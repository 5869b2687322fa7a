"""What the timeline under the map needs: its data, its words, the keys of the stacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ..models import Status
from ..publish.map import ProgrammeKey
from ..publish.timeline import timeline

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser

SAMPLES = (0, 1, 2, 3, 5, 6, 8, 11, 21, 100, 101)
"""Numbers among which every language of the site has all its plural forms."""


def timeline_settings(
    user: AbstractUser | AnonymousUser | None, programmes: Sequence[ProgrammeKey]
) -> dict[str, Any]:
    """Data for the page, as JSON; `programmes` are the keys of the stacks."""
    return timeline(user) | {
        "language": get_language() or "en",
        "programmes": [{"slug": one.slug, "name": one.name, "colour": one.colour} for one in programmes],
        "statuses": [[value, str(label)] for value, label in Status.choices],
        "words": words(),
    }


def plural(form: Callable[[int], str]) -> dict[str, str]:
    """The text for each plural category of the reader's language, as Intl.PluralRules names them."""
    try:
        rule = Locale.parse(get_language() or "en", sep="-").plural_form
    except (UnknownLocaleError, ValueError):
        rule = Locale("en").plural_form
    forms = {rule(number): form(number) for number in SAMPLES}
    return {"other": form(100)} | forms


def words() -> dict[str, Any]:
    return {
        "per_week": _("Reported patrols by week"),
        "per_month": _("Reported patrols by month"),
        "per_quarter": _("Reported patrols by quarter"),
        "week_of": _("Week of {day}"),
        "other_programmes": _("other programmes"),
        "not_said": _("not said"),
        "reported": plural(lambda n: ngettext("{n} patrol reported", "{n} patrols reported", n)),
        "vague": plural(lambda n: ngettext("{n} of them vaguely dated", "{n} of them vaguely dated", n)),
        "span": plural(
            lambda n: ngettext("{n} patrol on some day of {period}", "{n} patrols on some day of {period}", n)
        ),
        "undated": plural(lambda n: ngettext("{n} patrol without a date", "{n} patrols without a date", n)),
        "gap": plural(
            lambda n: ngettext("{n} day without a recorded patrol", "{n} days without a recorded patrol", n)
        ),
        "suspended_label": _("declared suspension"),
        "suspended": _("Declared suspended {period}"),
        "suspended_open": _("Declared suspended since {day}; no resumption recorded"),
        "no_patrol": _("no patrol reported"),
        "nobody": _("nobody reported"),
        "earlier": plural(lambda n: ngettext("{n} earlier", "{n} earlier", n)),
        "later": plural(lambda n: ngettext("{n} later", "{n} later", n)),
        "from_start": _("open: from the beginning of the record, {day}"),
        "to_end": _("open: to the end of the record, {day}"),
        "events": plural(lambda n: ngettext("{n} event", "{n} events", n)),
        "source": _("Source"),
        "no_source": _("No source on the web"),
        "table_period": _("Period"),
        "table_patrols": _("Patrols"),
        "table_vague": _("of these vaguely dated"),
        "table_note": _("What the record has"),
        "table_gaps": _("Longest stretches without a recorded patrol"),
        "play": _("Play"),
        "pause": _("Pause"),
        "clock": _("{period}: {patrols}"),
    }
