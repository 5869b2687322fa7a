"""Reports a second on one core, beside a baseline measured in the same run.

    python -m tests.benchmarks.bench_extraction [FILE] [ROUNDS]

The baseline is language detection (`patrols.intake.language`) of the same texts, a cost that every report
has anyway; the ratio to it travels between machines, reports a second do not.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from patrols.intake.extract import extract
from patrols.intake.language import detect

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "dev.jsonl"
FLOOR = 40
"""Reports a second that have to be reached."""


def seconds(reports: list[dict[str, Any]], work: Callable[[dict[str, Any]], object], rounds: int) -> float:
    """Processor time for one pass over the reports: the best of `rounds`, after one to warm up."""
    for report in reports:
        work(report)
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for report in reports:
            work(report)
        best = min(best, time.process_time() - start)
    return best


def extraction(report: dict[str, Any]) -> object:
    published = date.fromisoformat(report["published"])
    return extract(report["text"], title=report["title"], published=published, lang=report["lang"])


def baseline(report: dict[str, Any]) -> object:
    return detect(report["title"] + "\n\n" + report["text"])


def main(path: Path = CORPUS, rounds: int = 3) -> float:
    reports = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    taken = seconds(reports, extraction, rounds)
    base = seconds(reports, baseline, rounds)
    rate = len(reports) / taken
    print(
        f"{len(reports)} reports, {rate:.0f} a second, {1000 * taken / len(reports):.1f} "
        f"ms each (floor {FLOOR}/s)"
    )
    print(
        f"language detection: {1000 * base / len(reports):.2f} ms each; extraction takes "
        f"{taken / base:.1f} times that"
    )
    return rate


if __name__ == "__main__":
    arguments = sys.argv[1:]
    reached = main(
        Path(arguments[0]) if arguments else CORPUS, int(arguments[1]) if len(arguments) > 1 else 3
    )
    sys.exit(0 if reached >= FLOOR else 1)
