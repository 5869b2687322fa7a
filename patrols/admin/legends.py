"""The codes of the field, explained where they are entered."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..models import Publisher, WherePrecision


def legend(title: str, rows: list[tuple[object, str]]) -> SafeString:
    items = format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows)
    return format_html('<details class="legend"><summary>{}</summary><dl>{}</dl></details>', title, items)


def date_precision() -> SafeString:
    return legend(
        _("How sharp is the date? (UCDP date precision 1 to 5)"),
        [
            (1, _("The day itself is given.")),
            (2, _("Known to within 2 to 6 days: “over the weekend”.")),
            (3, _("A week or more, less than a month: “early in March”.")),
            (4, _("The month only. First and last day are those of the month.")),
            (5, _("A year, or longer than a month.")),
        ],
    )


def status() -> SafeString:
    return legend(
        _("Which status? A later stage outranks an earlier one"),
        [
            (_("announced"), _("Said beforehand. Public only once it must be over.")),
            (_("started"), _("Set out; the report does not say how it ended.")),
            (_("completed"), _("Held to the end.")),
            (_("broken off"), _("Set out and did not finish its route.")),
            (_("cancelled"), _("Did not set out, or one side stayed away.")),
        ],
    )


def weights() -> SafeString:
    return legend(
        _("Which account is followed? (weight 3, 2, 1)"),
        [
            (3, _("A participant's own statement: a ministry, or a medium repeating it as its words.")),
            (2, _("An agency's, monitor's or other government's own reporting.")),
            (1, _("A repeat: untick “own reporting”, or say which story it repeats.")),
        ],
    )


def figures() -> SafeString:
    return legend(
        _("How are figures entered?"),
        [
            ("24", _("exactly so in the report")),
            ("about 24", _("“some 24”; ~24 is understood too")),
            ("over 24", _("“more than 24”; >24 is understood too")),
            ("under 24", _("“fewer than 24”; <24 is understood too")),
            ("planned 24", _("what was to be, not what was")),
            (_("empty"), _("the report does not say; never enter 0 for that")),
        ],
    )


def reliability() -> SafeString:
    return legend(
        _("Which reliability? (Admiralty code)"),
        [(code.value, str(code.label).split(": ", 1)[-1]) for code in Publisher.Reliability],
    )


def where_precision() -> SafeString:
    return legend(
        _("How sharp is the position? (UCDP where precision 1 to 7)"),
        [(code.value, str(code.label)) for code in WherePrecision],
    )
