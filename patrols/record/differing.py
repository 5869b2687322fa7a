"""How what one account says of a fact stands to what was adopted, by the record's own rule.

Accounts are those of one patrol; `choice` is what `Patrol.adoption` holds for the fact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..models import Account


class Verdict(StrEnum):
    """How what an account says stands to what was adopted."""

    SILENT = "silent"
    AGREES = "agrees"
    FITS = "fits"
    """Less exact, or in part, without excluding it."""
    DIFFERS = "differs"


def verdict(fact: str, account: Account, choice: Mapping[str, Any], accounts: Sequence[Account]) -> Verdict:
    """How an account that gives the fact stands to what was adopted, by the record's own rule."""
    if account.uid in choice.get("accounts", ()):
        return Verdict.AGREES
    if fits(fact, account, choice, accounts):
        return Verdict.FITS
    given = any(account.uid in other["accounts"] for other in choice.get("others", ()))
    # Some accounts speak of a part only, such as one side's vehicles: nothing to agree or differ about.
    return Verdict.DIFFERS if given else Verdict.FITS


def fits(fact: str, account: Account, choice: Mapping[str, Any], accounts: Sequence[Account]) -> bool:
    """Whether a value other than the adopted one says the same less exactly, in part, or in other letters."""
    value = choice.get("value")
    match fact:
        case "date" if isinstance(value, Mapping) and account.date_start:
            last = account.date_end or account.date_start
            first, end = date.fromisoformat(value["start"]), date.fromisoformat(value["end"])
            return account.date_start <= end and first <= last
        case "sector":
            chosen = {area for one in accounts if one.uid in choice.get("accounts", ()) for area in one.areas}
            return bool(chosen & set(account.areas))
        case "stops" if isinstance(value, list):
            mine = _places(account.route or ())
            whole = _places(value)
            return bool(mine) and (mine == whole or set(mine) <= set(whole))
        case "status":
            return account.status in ("announced", "started") and value not in ("announced", "started")
        case "participants":
            return True
    return False


def _places(stops: Sequence[Mapping[str, Any]]) -> list[str]:
    return [stop["place"] for stop in stops if stop.get("place")]
