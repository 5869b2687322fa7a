"""What reports call a force, and which entry of the tree that is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from patrols.intake.forces import ForceNames, ForceRow, resolve_forces

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.fixture(scope="module")
def forces() -> ForceNames:
    entries = json.loads((FIXTURES / "forces.json").read_text(encoding="utf-8"))
    return ForceNames(ForceRow(**{**entry, "aliases": tuple(entry["aliases"])}) for entry in entries)


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Turkish forces; Russian forces", ("tr-armed-forces", "ru-armed-forces")),
        ("Turkish troops", ("tr-armed-forces",)),
        ("TURKISH SOLDIERS", ("tr-armed-forces",)),
        ("Russian military police; Turkish Border Service", ("ru-military-police", "tr-border-guards")),
        ("Turkish and Russian military elements", ("tr-armed-forces", "ru-armed-forces")),
        ("Russian Military Police and Turkish border guards", ("ru-military-police", "tr-border-guards")),
        ("China, Laos, Myanmar and Thailand", ("cn", "la", "mm", "th")),
        ("Armed Forces of the Philippines; US Navy", ("ph-armed-forces", "us-navy")),
        ("Turkish forces; Turkish troops", ("tr-armed-forces",)),
    ],
)
def test_names_of_forces(forces: ForceNames, text: str, slugs: tuple[str, ...]) -> None:
    assert forces.resolve(text) == (slugs, ())


def test_an_unknown_service_of_a_known_state_is_that_states(forces: ForceNames) -> None:
    assert forces.resolve("Turkish mountain commandos") == (("tr",), ())


def test_an_unknown_force_is_named_and_spoils_no_other(forces: ForceNames) -> None:
    assert forces.resolve("Martian guard; US forces") == (("us-armed-forces",), ("Martian guard",))
    assert forces.resolve("Turkish army and Martian guard") == ((), ("Turkish army and Martian guard",))


@pytest.mark.parametrize("text", ["", " ; ;", ","])
def test_nothing_is_nothing(forces: ForceNames, text: str) -> None:
    assert forces.resolve(text) == ((), ())


def test_one_text_at_a_time() -> None:
    assert resolve_forces("Alpha", [ForceRow("a", "Alpha", "TR")]) == (("a",), ())
