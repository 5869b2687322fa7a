"""`manage.py evaluate_matching`: the truth in the shipped record, measured and left without a trace."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from patrols.intake.scoring import score
from patrols.models import ImportBatch
from tests.intake.files import as_csv, row
from tests.intake.test_batches import digest
from tests.scene import full_scene

SHIPPED = Path(settings.BASE_DIR) / "fixtures" / "reported_patrols.csv"


def evaluated(*args: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command("evaluate_matching", *args, stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_the_shipped_rows_find_together_whatever_is_in_the_record_and_leave_it_as_it_was() -> None:
    full_scene()
    before = digest(), ImportBatch.objects.count()
    text = evaluated(SHIPPED, orders=2, seed=5)
    precision, recall = re.findall(r"^lowest \w+ +(\d\.\d+)", text, re.MULTILINE)
    assert float(precision) >= 0.98
    assert float(recall) >= 0.95
    assert (digest(), ImportBatch.objects.count()) == before


@pytest.mark.django_db
def test_each_wrong_pair_is_told_and_a_bad_score_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    same_day = {"programme": "ne_syria", "date": "2020-01-05", "sector": "Darbasiyah"}
    path.write_bytes(
        as_csv(
            row(1, **same_day, patrol_key="one"),
            row(2, **same_day, patrol_key="two"),
            row(3, programme="ne_syria", date="2020-02-05", patrol_key="three"),
            row(4, programme="ne_syria", date="2020-02-25", patrol_key="three"),
            row(5, programme="ne_syria", date="2020-02-25"),
        )
    )
    out = io.StringIO()
    with pytest.raises(CommandError, match="below what is needed"):
        call_command("evaluate_matching", path, orders=1, stdout=out)
    text = out.getvalue()
    assert "5 rows, 4 with a key" in text
    assert "wrongly together: t1 (one; 2020-01-05) and t2 (two; 2020-01-05)" in text
    assert "not together: t3 (three; 2020-02-05) and t4 (three; 2020-02-25)" in text


@pytest.mark.django_db
def test_programmes_and_counters_that_only_the_file_knows_do_not_stand_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    cells = {"programme": "other:new-one", "number_series": "ours", "patrol_key": "k"}
    path.write_bytes(as_csv(*(row(n, date="2020-01-05") | cells | {"number": "3"} for n in (1, 2))))
    assert "precision 1.0000, recall 1.0000" in evaluated(path, orders=1)


@pytest.mark.django_db
def test_a_file_without_keys_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_bytes(as_csv(row(1)))
    with pytest.raises(CommandError, match="no column patrol_key"):
        evaluated(path)


def test_pairs_are_counted_among_rows_with_a_key_only() -> None:
    keys = {"a": "1", "b": "1", "c": "1", "d": "2", "e": ""}
    result = score(keys, {"a": "x", "b": "x", "d": "x", "e": "x"})
    assert (result.together, result.right, result.expected) == (3, 1, 3)
    assert result.wrong == (("a", "d"), ("b", "d"))
    assert result.missed == (("a", "c"), ("b", "c"))
    assert (result.precision, result.recall) == (1 / 3, 1 / 3)


def test_nothing_together_is_precise_and_nothing_expected_is_recalled() -> None:
    assert score({"a": "1"}, {}).precision == score({"a": "1"}, {}).recall == 1.0
