"""Which measures' sources the company has, and the settings of a run, in one round trip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterable

# Compiling a statement this long costs more than it saves; its sorts fit into this much memory.
SETTINGS = "set_config('jit', 'off', true), set_config('work_mem', '64MB', true)"


def connected_sql(keys: Iterable[str]) -> str:
    """A SELECT of one array: the keys whose source is connected at the moment."""
    known = [f"('{key}', {MEASURES[key].is_connected})" for key in sorted(keys) if key in MEASURES]
    return f"""
        SELECT ARRAY(SELECT v.key FROM (VALUES {", ".join(known)}) v (key, is_there)
                     WHERE v.is_there), {SETTINGS}"""
