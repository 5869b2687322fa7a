"""The one column registry: export, import, codebook and data package all read their columns here.

It lies in `record` because intake and publish, which must not import each other, both use it.
"""

from .definition import LISTS, Column, Made, Selection, Table, Type
from .evidence import ACCOUNTS, CLAIMS, REPORTS
from .exported import INCIDENTS, ORDINALS, PARTICIPANTS, STOPS, TABLES, ZONES
from .imported import IMPORT
from .ledger import LEDGER
from .patrols import PATROLS

__all__ = [
    "ACCOUNTS",
    "CLAIMS",
    "IMPORT",
    "INCIDENTS",
    "LEDGER",
    "LISTS",
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
