"""How a ledger is put in words: why a number is missing, between which days it lies, and the difference."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from ..insight.ledger import Anchor, Cell, Compared, Gap, Ledger, Numbered, Reason
from ..insight.ledger import State as CellState
from ..insight.sums import Happened
from ..models import Status
from .record import comma, in_words, listed, number

register = template.Library()

FEW = 20
"""Of fewer patrols a rate in a hundred would say more than is known."""


@register.filter
def day_of(one: Numbered | Anchor) -> str:
    """The day of a patrol under a number, no sharper than it is known."""
    if one.date_start is None:
        return _("date unknown")
    return in_words(one.date_start, one.date_end, one.date_precision)


@register.filter
def why(cell: Cell) -> str:
    """Why a number is conflicting or missing; empty for one that is recorded."""
    match cell.reason:
        case Reason.TWO_PATROLS:
            return _("two patrols under one number")
        case Reason.TWO_NUMBERS:
            numbers = [number(one) for one in sorted((cell.number, *cell.also))]
            return _("one patrol under two numbers: {numbers}").format(numbers=listed(numbers))
        case Reason.UNSTATED:
            days = listed([day_of(one) for one in cell.patrols])
            return _(
                "no report known in this count; one gives it without saying whose count ({days})"
            ).format(days=days)
        case Reason.NO_REPORT:
            return _("no report known")
    return ""


def _clauses(parts: list[str]) -> str:
    return (pgettext("between clauses", ";") + " ").join(part for part in parts if part)


@register.filter
def between(gap: Gap | Cell) -> str:
    """Between which days missing numbers must lie, by the numbers around them."""
    after, before = gap.after, gap.before
    if after and before:
        return _("between {first} and {last}").format(first=_anchor(after), last=_anchor(before))
    if after:
        return _("after {first}").format(first=_anchor(after))
    if before:
        return _("before {last}").format(last=_anchor(before))
    return _("not known")


def _anchor(one: Anchor) -> str:
    words = _("the {number} claimed by {day}") if one.claimed else _("No. {number} ({day})")
    return words.format(number=number(one.number), day=day_of(one))


@register.filter
def told(cell: Cell) -> str:
    """One number in a line: what the page's tip, its reader and its screen reader say of it."""
    figure = _("No. {number}").format(number=number(cell.number))
    if cell.state is CellState.MISSING:
        parts = [why(cell)]
        if cell.after or cell.before:
            parts.append(between(cell))
        return _("{figure}, missing: {parts}").format(figure=figure, parts=_clauses(parts))
    patrols = listed([_patrol(one) for one in cell.patrols])
    if cell.state is CellState.CONFLICTING:
        return _("{figure}, conflicting: {why}; {patrols}").format(
            figure=figure, why=why(cell), patrols=patrols
        )
    return _("{figure}, recorded: {patrols}").format(figure=figure, patrols=patrols)


def _patrol(one: Numbered) -> str:
    accounts = ngettext("{n} account", "{n} accounts", one.accounts).format(n=number(one.accounts))
    status = str(Status(one.status).label) if one.status else ""
    return comma().join(part for part in (day_of(one), status, accounts) if part)


def difference(who: str, claimed: str, period: str, count: int, found: Compared) -> str:
    """A total against the record in one sentence.

    `claimed` is the total as its source put it ("over 300"), `period` its time in words or "".
    """
    said = _("{who} says {count} ({period})") if period else _("{who} says {count}, at no stated time")
    parts = [said.format(who=who, count=claimed, period=period), _recorded(count, found)]
    return _("{sentence}.").format(sentence=_clauses(parts))


def _recorded(count: int, found: Compared) -> str:
    missing = _missing(found)
    held = found.recorded
    if held is None:
        if found.numbered is None:
            return ""
        words = ngettext(
            "of its numbers the record holds {n}", "of its numbers the record holds {n}", found.numbered
        )
        held = found.numbered
    elif held > count:
        words = ngettext(
            "the record holds {n} in that time, {more} more",
            "the record holds {n} in that time, {more} more",
            held,
        )
    elif held == count:
        words = _("the record holds as many")
    elif held == 0:
        words = _("the record holds none of them")
    else:
        words = ngettext("the record holds {n} of them", "the record holds {n} of them", held)
    text = words.format(n=number(held), more=number(held - count))
    return _("{held}, with {missing}").format(held=text, missing=missing) if missing else text


def _missing(found: Compared) -> str:
    if found.missing is None:
        return ""
    if found.missing == 0:
        return _("no number missing")
    words = ngettext("{n} number known to be missing", "{n} numbers known to be missing", found.missing)
    return words.format(n=number(found.missing))


def reservation(found: Compared) -> str:
    """What keeps the missing numbers from being missing patrols: those recorded without a number."""
    if not found.missing or not found.unnumbered or found.at_least is None:
        return ""
    maybe = ngettext(
        "{n} recorded patrol bears no number of this count and may be one of these",
        "{n} recorded patrols bear no number of this count and may be some of these",
        found.unnumbered,
    ).format(n=number(found.unnumbered))
    if not found.at_least:
        return _("{sentence}.").format(sentence=maybe)
    least = ngettext(
        "at least {n} patrol has no report here at all",
        "at least {n} patrols have no report here at all",
        found.at_least,
    ).format(n=number(found.at_least))
    return _("{sentence}.").format(sentence=_clauses([maybe, least]))


@register.simple_tag
def rate(one: Happened, held: int) -> str:
    """On how many patrols an incident was reported: "on 13 of 121 patrols that set out, about 11 in 100"."""
    counted = ngettext(
        "reported on {n} of {all} patrol that set out", "reported on {n} of {all} patrols that set out", held
    ).format(n=number(one.patrols), all=number(held))
    if held < FEW:
        return counted
    hundredth = round(100 * one.share)
    if not hundredth:
        return _("{counted}, fewer than 1 in 100").format(counted=counted)
    return _("{counted}, about {rate} in 100").format(counted=counted, rate=hundredth)


@register.filter
def tenth(cell: Cell) -> bool:
    """Whether an empty square carries its number, so that the eye can count along."""
    return cell.number % 10 == 0


def ledger_summary(book: Ledger) -> str:
    """A count that nobody sums up, in one sentence."""
    held = book.last - len(book.missing)
    words = ngettext(
        "The count runs to {last}; the record holds {n} of its numbers{missing}.",
        "The count runs to {last}; the record holds {n} of its numbers{missing}.",
        held,
    )
    lacking = len(book.missing)
    tail = ngettext(", with {n} known to be missing", ", with {n} known to be missing", lacking)
    missing = tail.format(n=number(lacking)) if lacking else _(" and none is missing")
    return words.format(last=number(book.last), n=number(held), missing=missing)


@register.simple_tag
def bar(value: int, most: int) -> SafeString:
    """A bar whose length is `value` of `most`; the figure stands beside it."""
    return format_html(
        '<svg aria-hidden="true" width="100%" height="10"><rect width="{}%" height="10" /></svg>',
        f"{100 * value / most if most else 0:.1f}",
    )
