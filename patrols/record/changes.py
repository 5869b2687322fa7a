"""The signal that the record tells its changes by, to whoever keeps something made of it."""

from __future__ import annotations

from django.dispatch import Signal

record_changed = Signal()
"""Sent within the transaction that changes patrols; without arguments."""
