"""The table of one programme's ledger. It is worked out, not stored, and has an address of its own."""

from __future__ import annotations

from .definition import Column, Made, Table, Type

STATES = {
    "recorded": "A public patrol bears the number.",
    "conflicting": "Two patrols bear it, or its patrol bears two numbers of the same count.",
    "missing": "No public patrol bears it.",
}
REASONS = {
    "two_patrols": "Two patrols under one number.",
    "two_numbers": "One patrol under two numbers of one count.",
    "no_report": "No report is known that gives the number.",
    "unstated": "A report gives the number without saying whose count it belongs to; see patrols.",
}

LEDGER = Table(
    name="ledger",
    title="Ledger",
    description=(
        "One row for each number of each count of a programme, from 1 to the greatest recorded or claimed."
    ),
    key=("programme", "counter", "number"),
    columns=(
        Column(
            name="programme",
            type=Type.CODE,
            description="The programme, as it is named in addresses and filters.",
        ),
        Column(
            name="counter",
            type=Type.CODE,
            description="The count.",
            reading="Numbers that all parties count alike stand in the count of each.",
        ),
        Column(name="counter_name", type=Type.TEXT, description="Whose count it is."),
        Column(name="number", type=Type.INTEGER, description="The number in that count."),
        Column(
            name="state",
            type=Type.CODE,
            codes=STATES,
            description="Whether the record holds it.",
            reading="What is missing may be a patrol that is recorded without its number.",
            made=Made.DERIVED,
        ),
        Column(
            name="reason",
            type=Type.CODE,
            codes=REASONS,
            description="Why it is conflicting or missing.",
            made=Made.DERIVED,
        ),
        Column(
            name="patrols",
            type=Type.LIST,
            description="Ids of the patrols under the number.",
            reading="For a missing number with the reason unstated: those that may be it.",
        ),
        Column(
            name="date_start",
            type=Type.DATE,
            description="First day on which it can have taken place.",
            reading="Of a missing number by the recorded number before it; empty where that is not known.",
            made=Made.DERIVED,
        ),
        Column(
            name="date_end",
            type=Type.DATE,
            description="Last day on which it can have taken place.",
            reading="Of a missing number by the number after it, recorded or claimed.",
            made=Made.DERIVED,
        ),
        Column(
            name="accounts",
            type=Type.INTEGER,
            description="Number of accounts that give it.",
            made=Made.DERIVED,
        ),
    ),
)
