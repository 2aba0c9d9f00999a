"""Who changed what: groups of changes, and the triggers that refuse a change outside one.

Safe to import from any models module: no model is loaded here.
"""

from supportsuccess.audit.groups import System, group, open_group, redacting, rejoin
from supportsuccess.audit.triggers import append_only, recorded, unaudited

__all__ = [
    "System",
    "append_only",
    "group",
    "open_group",
    "recorded",
    "redacting",
    "rejoin",
    "unaudited",
]
