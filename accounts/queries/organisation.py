from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from supportsuccess.statements import fetched

if TYPE_CHECKING:
    from datetime import date, datetime


# By hand: nearly every page asks it, and it took longer to compose than to run.
OURS = "SELECT name, currency, timezone, is_demo, demo_day FROM accounts_organisation LIMIT 1"


@dataclass(frozen=True)
class Ours:
    """What holds for the whole company, also before anybody has set it up."""

    name: str = ""
    currency: str = "EUR"
    timezone: str = "UTC"
    is_demo: bool = False
    demo_day: date | None = None

    def day_of(self, moment: datetime) -> date:
        """The calendar day that a moment falls on here."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()

    def ended_day(self, moment: datetime) -> date:
        """The last calendar day that is over here: the newest one of a daily history."""
        return self.day_of(moment) - timedelta(days=1)


def our_organisation() -> Ours:
    """The company's own row, or the defaults of an empty installation."""
    rows = [Ours(*row) for row in fetched(OURS, {})]
    return rows[0] if rows else Ours()
