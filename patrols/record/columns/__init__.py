"""The one column registry: export, import, codebook and data package all read their columns here.

It lies in `record` because intake and publish, which must not import each other, both use it.
"""

from .definition import Column, Made, Selection, Table, Type
from .exported import (
    ACCOUNTS,
    CLAIMS,
    INCIDENTS,
    ORDINALS,
    PARTICIPANTS,
    PATROLS,
    REPORTS,
    STOPS,
    TABLES,
    ZONES,
)
from .imported import IMPORT

__all__ = [
    "ACCOUNTS",
    "CLAIMS",
    "IMPORT",
    "INCIDENTS",
    "ORDINALS",
    "PARTICIPANTS",
    "PATROLS",
    "REPORTS",
    "STOPS",
    "TABLES",
    "ZONES",
    "Column",
    "Made",
    "Selection",
    "Table",
    "Type",
]
