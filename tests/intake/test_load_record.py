"""`manage.py load_record`: the shipped record comes in whole, public, and once."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from patrols.intake.reference import load_reference
from patrols.models import (
    Account,
    Claim,
    ContextEvent,
    Correction,
    Counter,
    Force,
    ImportBatch,
    Patrol,
    Place,
    Programme,
    Publisher,
    Report,
    Zone,
)
from tests.intake.files import as_csv, row
from tests.intake.test_batches import digest

pytestmark = pytest.mark.django_db
FIXTURES = Path(settings.BASE_DIR) / "fixtures"


def loaded(*args: Any, **options: Any) -> dict[str, int]:
    """The counts that the command prints, and the rows it read."""
    out = io.StringIO()
    call_command("load_record", *args, stdout=out, **options)
    text = out.getvalue()
    counts = {word: int(count) for word, count in re.findall(r"^  (\w+) +(\d+) ", text, re.MULTILINE)}
    read = re.search(r"(\d+) rows read", text)
    assert read is not None
    return counts | {"read": int(read[1])}


def test_the_shipped_record_comes_in_whole_and_public_and_a_second_run_changes_nothing() -> None:
    counts = loaded()
    with (FIXTURES / "reported_patrols.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    read = counts.pop("read")
    assert read == len(rows) == sum(counts.values())
    assert counts["rejected"] == counts["changed"] == counts["unchanged"] == 0
    assert Account.objects.count() + counts["claims"] == len(rows)
    assert Account.objects.filter(patrol=None).count() == counts["waiting"]
    assert Report.objects.count() == len({one["source_url"] for one in rows})
    assert Claim.objects.count() == sum(bool(one["claim_count"]) for one in rows)

    public = Patrol.objects.visible_to(AnonymousUser())
    assert public.count() == Patrol.objects.count() == counts["created"]
    assert Correction.objects.filter(kind="added").count() == counts["created"]
    assert not Account.objects.filter(reviewed=False).exists()
    resumption = public.filter(date_start="2024-08-22", zones__slug="operation-peace-spring").get()
    assert (resumption.personnel_best, resumption.vehicles_best) == (24, 4)
    assert resumption.date_start.strftime("%A") == "Thursday"
    claim = (
        Claim.objects.visible_to(AnonymousUser()).filter(count=344, report__published="2024-08-24").first()
    )
    assert (str(claim.date_from), str(claim.date_to)) == ("2019-11-01", "2023-10-31")
    assert claim.speaker.slug == "tr-mod"

    before = digest(), ImportBatch.objects.count()
    assert loaded() == dict.fromkeys(counts, 0) | {"unchanged": len(rows), "read": len(rows)}
    assert (digest(), ImportBatch.objects.count()) == before


def test_the_truth_key_is_not_read() -> None:
    key = "not-to-be-found-anywhere"
    content = as_csv(row(1, programme="ne_syria", patrol_key=key))
    path = Path(settings.HOME) / "keyed.csv"
    path.write_bytes(content)
    loaded(path)
    ImportBatch.objects.all().delete()
    for model in (Account, Patrol, Report, Account.history.model, Patrol.history.model):
        assert key not in json.dumps(list(model.objects.values()), default=str)


def test_any_other_file_can_be_given_and_its_rejected_rows_kept(tmp_path: Path) -> None:
    path, rejected = tmp_path / "own.csv", tmp_path / "rejected.csv"
    path.write_bytes(as_csv(row(1, programme="ne_syria"), row(2, programme="nowhere")))
    counts = loaded(path, rejected=rejected)
    assert (counts["read"], counts["created"], counts["rejected"]) == (2, 1, 1)
    assert "nowhere" in rejected.read_text(encoding="utf-8-sig")
    assert Claim.objects.filter(count=344).count() == 1


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_record", "nowhere.csv")


def test_the_reference_is_loaded_once_and_leaves_alone_what_editors_changed() -> None:
    first = load_reference(FIXTURES)
    assert set(first) == {"lines", "zones", "programmes", "forces", "publishers", "places", "events"}
    Programme.objects.filter(slug="ne-syria").update(name="Renamed")
    before = digest()
    assert load_reference(FIXTURES) == {}
    assert digest() == before


def test_the_reference_hangs_together() -> None:
    load_reference(FIXTURES)
    north_east = Programme.objects.get(code="ne_syria")
    assert set(north_east.parties) == {"TR", "RU"}
    assert north_east.zones.filter(slug="operation-peace-spring").exists()
    assert Programme.objects.get(code="m4_idlib").line.slug == "m4-idlib"
    assert Counter.objects.filter(slug="unstated").count() == Programme.objects.count()
    assert not Zone.objects.filter(basis="").exists()
    assert Force.objects.exclude(parent=None).exists()
    assert Publisher.objects.get(speaker_code="TR_MOD").party == "TR"
    assert Place.objects.exclude(geonameid=None).exclude(lat=None).exists()
    assert ContextEvent.objects.filter(programmes=north_east).exists()
