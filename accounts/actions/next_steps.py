from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from supportsuccess.errors import Refused
from supportsuccess.lists.cells import day_text

if TYPE_CHECKING:
    from datetime import date, datetime

FURTHEST = timedelta(days=5 * 365)
# somebody far west of us may still have yesterday
YESTERDAY = timedelta(days=1)


def refuse_unlikely_day(day: date, *, at: datetime, field: str) -> None:
    """Refuse a day of a next step that has passed, or that nobody plans for. Raises Refused."""
    today = at.date()
    if day < today - YESTERDAY:
        raise Refused(f"{day_text(day)} has passed. Choose a day to come.", field=field)
    if day > today + FURTHEST:
        raise Refused("Choose a day within five years.", field=field)
