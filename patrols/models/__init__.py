"""The tables of the record, in four files: reference, evidence, record, intake."""

from .base import GEO_PRECISION, DatePrecision, IncidentType, State, Status, WherePrecision, new_uid, uid_from
from .evidence import Account, Claim, Report
from .intake import ImportBatch, ImportRow
from .record import Correction, Incident, Ordinal, Participation, Patrol, Pin, Route, Stop
from .reference import ContextEvent, Counter, Force, Line, Place, PlaceName, Programme, Publisher, Zone

__all__ = [
    "GEO_PRECISION",
    "Account",
    "Claim",
    "ContextEvent",
    "Correction",
    "Counter",
    "DatePrecision",
    "Force",
    "ImportBatch",
    "ImportRow",
    "Incident",
    "IncidentType",
    "Line",
    "Ordinal",
    "Participation",
    "Patrol",
    "Pin",
    "Place",
    "PlaceName",
    "Programme",
    "Publisher",
    "Report",
    "Route",
    "State",
    "Status",
    "Stop",
    "WherePrecision",
    "Zone",
    "new_uid",
    "uid_from",
]
