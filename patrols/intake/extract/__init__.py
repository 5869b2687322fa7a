"""From a report's text to drafts of accounts, claims and context events.

Deterministic rules over word tables (`words/`), one module per concern; no network, no models. `extract` is
the way in; `drafts.py` says what comes out.
"""

from patrols.intake.extract.assemble import extract
from patrols.intake.extract.drafts import (
    AccountDraft,
    ClaimDraft,
    EventDraft,
    Extraction,
    Fact,
    PlaceDraft,
    Span,
)

__all__ = ["AccountDraft", "ClaimDraft", "EventDraft", "Extraction", "Fact", "PlaceDraft", "Span", "extract"]
