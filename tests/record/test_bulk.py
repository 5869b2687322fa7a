"""Many rows at once: stored just as one by one, on either engine, with their history."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from patrols.models import Account, Patrol, Programme, Publisher, Report, new_uid
from patrols.record import bulk

MANY = bulk.FEW + 5
"""Enough for the fast way of PostgreSQL."""

VALUES: dict[str, Any] = {
    "number": 12,
    "date_start": date(2020, 1, 2),
    "date_end": date(2020, 1, 3),
    "date_precision": 2,
    "date_stated": False,
    "status": "completed",
    "sector": 'tabs\tand "quotes", back\\slashes\\N\nnew lines\r and Дельта',
    "areas": ["alpha", "bra\\vo\t"],
    "route": [{"name": "شيريك\n", "place": None, "role": "via"}],
    "vehicles_by_side": {"TR": 4},
    "length_km": 58.25,
    "note": "\\N",
    "reviewed": True,
}


def accounts(count: int, **values: Any) -> list[Account]:
    programme, _made = Programme.objects.get_or_create(
        slug="north", code="north", name="North", parties=["TR"]
    )
    publisher, _made = Publisher.objects.get_or_create(slug="wire", name="Wire")
    report = Report.objects.create(publisher=publisher)
    return [
        bulk.new(Account, report=report, programme=programme, **{"uid": new_uid(), **VALUES, **values})
        for _number in range(count)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, MANY])
def test_rows_are_stored_as_they_are_and_have_their_keys(count: int) -> None:
    made = accounts(count)
    bulk.create(Account, made)
    stored = {account.pk: account for account in Account.objects.all()}
    assert len(stored) == count
    for account in made:
        kept = stored[account.pk]
        assert {name: getattr(kept, name) for name in VALUES} == VALUES
        assert (kept.uid, kept.vehicles, kept.patrol_id, kept.proposed) == (account.uid, None, None, {})
        assert kept.created_at is not None
        assert not account._state.adding


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, MANY])
def test_a_related_row_that_was_saved_later_is_found(count: int) -> None:
    made = accounts(count)
    patrol = Patrol(programme=made[0].programme)
    for account in made[:1]:
        account.patrol = patrol
    patrol.save()
    bulk.create(Account, made)
    assert Account.objects.get(pk=made[0].pk).patrol == patrol


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, MANY])
def test_history_holds_what_was_stored_with_who_and_why(count: int, django_user_model: Any) -> None:
    user = django_user_model.objects.create(username="edith")
    made = accounts(count)
    bulk.create_with_history(Account, made, why="for a test", user=user)
    assert Account.history.count() == count
    old = made[0].history.get()
    assert {name: getattr(old, name) for name in VALUES} == VALUES
    assert (old.history_type, old.history_user, old.history_change_reason) == ("+", user, "for a test")
    assert old.history_date.tzinfo is not None
    assert old.created_at == Account.objects.get(pk=made[0].pk).created_at


@pytest.mark.django_db
def test_constraints_hold() -> None:
    made = accounts(MANY, number=-1)
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.create(Account, made)


@pytest.mark.django_db
def test_keys_go_on_where_single_rows_left_off() -> None:
    bulk.create(Account, accounts(MANY))
    [single] = accounts(1)
    single.save()
    assert Account.objects.count() == MANY + 1


def test_a_new_row_shares_nothing_with_the_next() -> None:
    one, other = bulk.new(Account, uid="a"), bulk.new(Account)
    one.areas.append("alpha")
    assert (other.areas, Account().areas) == ([], [])
    assert other.uid not in ("", "a")
    assert bulk.new(Account).uid != other.uid


class AnyText(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=30))
    def test_any_text_comes_back(self, text: str) -> None:
        made = accounts(MANY, note=text, areas=[text])
        bulk.create(Account, made)
        kept = Account.objects.get(pk=made[-1].pk)
        assert (kept.note, kept.areas) == (text, [text])
        Account.objects.all().delete()
