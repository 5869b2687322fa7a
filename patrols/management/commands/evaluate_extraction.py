"""Measures the extraction on a labelled corpus."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from patrols.intake.extract import Extraction, extract
from patrols.intake.extract.findplaces import gazetteer
from patrols.intake.extract.scoring import MICRO, Score, Tally, add_report, published_of


class Command(BaseCommand):
    help = "Extract every report of a labelled corpus (JSON lines) and print precision, recall and F1."

    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="labelled reports, one JSON object a line")
        parser.add_argument("--json", action="store_true", help="print the scores as JSON and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        score = Score()
        texts: dict[str, Extraction] = {}
        for report in _reports(options["file"]):
            extraction = extract(
                report["text"],
                title=report.get("title", ""),
                published=published_of(report),
                lang=report["lang"],
                publisher=report.get("publisher", ""),
            )
            texts[report["id"]] = extraction
            add_report(score, report, extraction, gazetteer().resolve)
        if options["json"]:
            self.stdout.write(json.dumps(score.as_json(), ensure_ascii=False))
        else:
            self._print(score, texts)

    def _print(self, score: Score, texts: dict[str, Extraction]) -> None:
        write = self.stdout.write
        write(f"{'field':14}{'precision':>10}{'recall':>10}{'f1':>10}")
        for name, tally in score.fields.items():
            write(_line(name + ("" if name in MICRO else " *"), tally))
        write(_line("micro", score.micro()))
        write("* outside the micro average")
        for lang, fields in sorted(score.language_fields.items()):
            write(f"\n{lang}")
            for name, tally in fields.items():
                write(_line(f"  {name}", tally))
            write(_line("  micro", score.languages[lang]))
        write(f"\n{score.all_right} of {score.reports} reports with every field right\n")
        for error in score.errors:
            write(f"{error.report} {error.field}: expected {error.expected}; answered {error.answered}")
            text = texts[error.report].text
            for span in error.spans[:6]:
                around = text[max(0, span.start - 40) : span.end + 40].replace("\n", " ")
                write(f"    {span.start}-{span.end} [{text[span.start : span.end]}] in: {around}")


def _line(name: str, tally: Tally) -> str:
    scores = tally.scores()
    return f"{name:14}{scores['precision']:>10.3f}{scores['recall']:>10.3f}{scores['f1']:>10.3f}"


def _reports(path: Path) -> list[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
