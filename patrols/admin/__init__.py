"""The editors' side. Importing it registers every table; each file is one part of the work."""

from . import desk, evidence, imports, intake, log, patrol, reference, site, tokens, users

__all__ = ["desk", "evidence", "imports", "intake", "log", "patrol", "reference", "site", "tokens", "users"]
