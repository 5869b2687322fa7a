"""The tables of the record, in four files: reference, evidence, record, intake."""

from .access import ApiToken
from .base import GEO_PRECISION, DatePrecision, IncidentType, State, Status, WherePrecision, new_uid, uid_from
from .evidence import Account, Claim, Desk, Report
from .intake import (
    Attention,
    DeskDecision,
    FetchedPage,
    Host,
    ImportBatch,
    ImportRow,
    Job,
    Reading,
    WatchedSource,
)
from .record import Correction, Incident, Ordinal, Participation, Patrol, Pin, Route, Stop
from .reference import ContextEvent, Counter, Force, Line, Place, PlaceName, Programme, Publisher, Zone

__all__ = [
    "GEO_PRECISION",
    "Account",
    "ApiToken",
    "Attention",
    "Claim",
    "ContextEvent",
    "Correction",
    "Counter",
    "DatePrecision",
    "Desk",
    "DeskDecision",
    "FetchedPage",
    "Force",
    "Host",
    "ImportBatch",
    "ImportRow",
    "Incident",
    "IncidentType",
    "Job",
    "Line",
    "Ordinal",
    "Participation",
    "Patrol",
    "Pin",
    "Place",
    "PlaceName",
    "Programme",
    "Publisher",
    "Reading",
    "Report",
    "Route",
    "State",
    "Status",
    "Stop",
    "WatchedSource",
    "WherePrecision",
    "Zone",
    "new_uid",
    "uid_from",
]
