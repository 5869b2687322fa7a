"""Scoring, the command, and what the corpora have to reach."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from patrols.intake.extract.scoring import MICRO, Tally, compare

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


def scores(name: str) -> dict[str, Any]:
    out = StringIO()
    call_command("evaluate_extraction", CORPUS / name, "--json", stdout=out)
    return dict(json.loads(out.getvalue()))


def test_the_development_corpus_reaches_its_targets() -> None:
    result = scores("dev.jsonl")
    assert set(result) == {"micro", "fields", "languages", "reports", "reports_all_right"}
    assert result["reports"] == 64
    assert result["micro"]["f1"] >= 0.95
    assert result["micro"]["precision"] >= 0.97
    assert result["fields"]["places"]["f1"] >= 0.9
    assert set(MICRO) <= set(result["fields"])


def test_the_further_reports_keep_what_was_learned_from_them() -> None:
    result = scores("own.jsonl")
    assert result["reports"] >= 60
    assert result["micro"]["f1"] >= 0.95
    assert result["micro"]["precision"] >= 0.97


@pytest.mark.parametrize("name", ["dev.jsonl", "own.jsonl"])
def test_no_passing_mention_becomes_an_account(name: str) -> None:
    from patrols.intake.extract import extract
    from patrols.intake.extract.scoring import published_of

    for line in (CORPUS / name).read_text(encoding="utf-8").splitlines():
        report = json.loads(line)
        if not any(report["expect"].values()):
            found = extract(
                report["text"], title=report["title"], published=published_of(report), lang=report["lang"]
            )
            assert found.accounts == (), report["id"]


def test_an_empty_label_with_a_filled_answer_is_wrong() -> None:
    assert compare("number", [], [5]) == Tally(0, 1, 0)


def test_a_wrong_value_is_both_wrong_and_missing() -> None:
    assert compare("date", ["2020-01-01"], ["2020-01-02"]) == Tally(0, 1, 1)


def test_places_count_in_their_order() -> None:
    expected = [("A", "a"), ("B", "b"), ("C", "c")]
    assert compare("places", expected, [("A", "a"), ("C", "c"), ("B", "b")]) == Tally(2, 1, 1)


def test_the_printed_report_shows_each_error_with_its_span(tmp_path: Path) -> None:
    report = {
        "id": "x-1",
        "lang": "en",
        "published": "2019-11-14",
        "publisher": "",
        "title": "",
        "text": "Russian and Turkish forces held their sixth joint patrol near Kobani today.",
        "expect": {"patrols": [{"programme": "ne_syria", "number": 7}], "claims": [], "events": []},
    }
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps(report), encoding="utf-8")
    out = StringIO()
    call_command("evaluate_extraction", path, stdout=out)
    assert "x-1 number: expected 7; answered 6" in out.getvalue()
    assert "[sixth]" in out.getvalue()
    assert "0 of 1 reports with every field right" in out.getvalue()


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("evaluate_extraction", tmp_path / "missing.jsonl")
