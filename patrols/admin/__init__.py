"""The editors' side. Importing it registers every table; each file is one part of the work."""

from . import evidence, imports, log, patrol, reference, site, users

__all__ = ["evidence", "imports", "log", "patrol", "reference", "site", "users"]
