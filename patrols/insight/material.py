"""What the analyses are made from: plain rows of the filtered, visible record, read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, Value, When
from django.utils.translation import gettext as _

from ..models import Account, DatePrecision, Incident, Zone
from ..record.columns import TABLES, Selection
from ..record.columns.expressions import is_own_statement, voice
from ..record.differing import Verdict, verdict
from .books import named
from .ledger import Held
from .rhythm import SET_OUT, Span

AMOUNTS = ("personnel", "vehicles", "length_km")
ENDS = ("low", "best", "high")


class Group(NamedTuple):
    """A programme as charts name and colour it."""

    slug: str
    name: str
    colour: int = 6
    """1 to 6, the number of the stylesheet's colour; several programmes share the sixth."""
    end: date | None = None
    """The last day of a programme that is over."""


class Area(NamedTuple):
    """A zone, and from when to when it held; None where that is open."""

    slug: str
    name: str
    valid_from: date | None = None
    valid_to: date | None = None


class Amount(NamedTuple):
    """Lowest, adopted and highest figure that the accounts of a patrol give."""

    low: float
    best: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolRow:
    """A patrol's own figures. None and empty mean that no report says; a reported 0 is 0."""

    programme: str
    """Slug."""
    key: int = 0
    """As accounts name it."""
    status: str = ""
    first: date | None = None
    last: date | None = None
    precision: int | None = None
    incident: str = ""
    """The adopted type; "none" where a report says that nothing happened."""
    incidents: int = 0
    """How many incidents the record holds of it."""
    publishers: int = 0
    personnel: Amount | None = None
    vehicles: Amount | None = None
    length_km: Amount | None = None
    computed_km: float | None = None
    """Of the drawn line; never a reported distance."""
    zones: tuple[str, ...] = ()

    @property
    def set_out(self) -> bool:
        return self.status in SET_OUT

    @property
    def span(self) -> Span | None:
        """The days on which it can have been; None where no report gives a date."""
        return Span(self.first, self.last or self.first) if self.first else None

    @property
    def exact(self) -> bool:
        """Its days are those that it took, not only what is known of its date."""
        return self.precision is not None and self.precision <= DatePrecision.FEW_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """What is known of one account as a piece of evidence; `voice` is whose words it carries."""

    patrol: int
    programme: str
    voice: int
    """Key of the speaker, or else of the publisher."""
    kind: str
    """Kind of the voice (`Publisher.Kind`), or "own" for a participant's own statement."""
    published: date | None = None
    day: date | None = None
    """The patrol's last day; None where it is not known to the day."""

    @property
    def lag(self) -> int | None:
        """Days from the patrol to the report; below 0 where it was announced, None where not known."""
        return (self.published - self.day).days if self.published and self.day else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    programme: str
    count: int
    qualifier: str = ""
    date_from: date | None = None
    date_to: date | None = None
    date_from_precision: int | None = None
    date_to_precision: int | None = None
    published: date | None = None
    counter: str = ""
    """Slug of the count, where it is one area's or one party's."""
    counter_name: str = ""
    voice: str = ""


class NumberedRow(NamedTuple):
    """A patrol that set out, as claims are held against it."""

    programme: str
    held: Held


@dataclass(frozen=True, slots=True)
class Compared:
    """A fact of one patrol that two accounts or more give."""

    programme: str
    fact: str
    differs: bool
    contested: bool


@dataclass(frozen=True, kw_only=True)
class Material:
    """The rows that an analysis asked for; those that it did not are empty."""

    programmes: Mapping[str, Group] = field(default_factory=dict)
    """By slug, most patrols first."""
    zones: Sequence[Area] = ()
    patrols: Sequence[PatrolRow] = ()
    accounts: Sequence[AccountRow] = ()
    claims: Sequence[ClaimRow] = ()
    numbered: Sequence[NumberedRow] = ()
    compared: Sequence[Compared] = ()
    until: date | None = None
    """The last day that the record can speak of."""


READERS = ("patrols", "accounts", "claims", "numbered", "compared", "zones")
"""What `read` can be asked for."""


def read(
    selection: Selection, needs: Iterable[str], programmes: Mapping[str, Group], until: date | None
) -> Material:
    """The rows that `needs` names (of `READERS`), in one to three queries each."""
    readers: dict[str, Callable[[Selection], Sequence[Any]]] = {
        "patrols": _patrols,
        "accounts": _accounts,
        "claims": _claims,
        "numbered": _numbered,
        "compared": _compared,
        "zones": _zones,
    }
    rows: dict[str, Any] = {name: readers[name](selection) for name in needs}
    return Material(programmes=programmes, until=until, **rows)


def _zones(_selection: Selection) -> list[Area]:
    found = Zone.objects.order_by("name").values_list("slug", "name", "valid_from", "valid_to")
    return [Area(slug, _(name), first, last) for slug, name, first, last in found]


def _patrols(selection: Selection) -> list[PatrolRow]:
    plain = (
        "pk",
        "programme__slug",
        "status",
        "date_start",
        "date_end",
        "date_precision",
        "incident_type",
        "sources_count",
        "length_computed_km",
        "zones_text",
    )
    figures = [f"{fact}_{end}" for fact in AMOUNTS for end in ENDS]
    happened = dict(
        Incident.objects.filter(patrol__in=selection.patrols.order_by().values("pk"))
        .exclude(type="none")
        .order_by()
        .values_list("patrol")
        .annotate(Count("pk"))
    )
    made = []
    for values in selection.patrols.order_by("date_start", "uid").values_list(*plain, *figures):
        pk, programme, status, first, last, precision, incident, publishers, computed, zones = values[:10]
        amounts = {
            fact: _amount(*values[at : at + 3]) for fact, at in zip(AMOUNTS, (10, 13, 16), strict=True)
        }
        made.append(
            PatrolRow(
                programme=programme,
                key=pk,
                status=status,
                first=first,
                last=last,
                precision=precision,
                incident=incident,
                incidents=happened.get(pk, 0),
                publishers=publishers,
                computed_km=computed,
                zones=tuple(slug for slug in zones.split(";") if slug),
                **amounts,
            )
        )
    return made


def _amount(low: float | None, best: float | None, high: float | None) -> Amount | None:
    return (
        None if best is None else Amount(best if low is None else low, best, best if high is None else high)
    )


def _accounts(selection: Selection) -> list[AccountRow]:
    rows = TABLES["accounts"].rows
    assert rows is not None
    told = Case(When(is_own_statement(), then=Value("own")), default=voice("kind"), output_field=CharField())
    found = rows(selection).values_list(
        "patrol_id",
        "patrol__programme__slug",
        "speaker_id",
        "report__publisher_id",
        told,
        "report__published",
        "patrol__date_end",
        "patrol__date_precision",
    )
    return [
        AccountRow(
            patrol=patrol,
            programme=programme,
            voice=speaker or publisher,
            kind=kind,
            published=published,
            day=last if precision == DatePrecision.DAY else None,
        )
        for patrol, programme, speaker, publisher, kind, published, last, precision in found
    ]


def _claims(selection: Selection) -> list[ClaimRow]:
    """Claims of the programmes and the time that were asked for; none where only some patrols were."""
    rows = TABLES["claims"].rows
    assert rows is not None
    if selection.patrols_only:
        return []
    return [
        ClaimRow(
            programme=claim.programme.slug,
            count=claim.count,
            qualifier=claim.qualifier,
            date_from=claim.date_from,
            date_to=claim.date_to,
            date_from_precision=claim.date_from_precision,
            date_to_precision=claim.date_to_precision,
            published=claim.report.published,
            counter=claim.counter.slug if claim.counter else "",
            counter_name=claim.counter.name if claim.counter else "",
            voice=named(claim),
        )
        for claim in rows(selection).select_related("programme", "counter", "speaker", "report__publisher")
    ]


def _numbered(selection: Selection) -> list[NumberedRow]:
    found = selection.patrols.filter(status__in=SET_OUT).order_by("date_start", "uid")
    return [
        NumberedRow(programme, Held(uid, first, last, _numbers(text)))
        for programme, uid, first, last, text in found.values_list(
            "programme__slug", "uid", "date_start", "date_end", "ordinals_text"
        )
    ]


def _numbers(text: str) -> dict[str, list[int]]:
    """`overall:13;turkish:12` by count."""
    made: dict[str, list[int]] = defaultdict(list)
    for one in text.split(";"):
        slug, _colon, number = one.partition(":")
        if number.isdecimal():
            made[slug].append(int(number))
    return made


def _compared(selection: Selection) -> list[Compared]:
    several = selection.patrols.filter(accounts_count__gte=2).order_by()
    patrols = several.values_list("pk", "programme__slug", "adoption", "contested")
    accounts: dict[int | None, list[Account]] = defaultdict(list)
    visible = Account.objects.visible_to(selection.user).filter(patrol__in=several.values("pk"))
    for account in visible.only("uid", "patrol_id", "status", "date_start", "date_end", "areas", "route"):
        accounts[account.patrol_id].append(account)
    return [
        Compared(programme, fact, _differs(fact, choice, accounts[pk]), fact in contested)
        for pk, programme, adoption, contested in patrols
        for fact, choice in adoption.items()
        if _givers(choice) >= 2
    ]


def _givers(choice: Mapping[str, Any]) -> int:
    """How many accounts give the fact."""
    lists = [choice, *choice.get("others", ())]
    return len({uid for one in lists for uid in one.get("accounts", ())})


def _differs(fact: str, choice: Mapping[str, Any], accounts: Sequence[Account]) -> bool:
    """Whether an account excludes what was adopted, as the patrol's own page marks it."""
    return bool(choice.get("others")) and any(
        verdict(fact, account, choice, accounts) is Verdict.DIFFERS for account in accounts
    )
