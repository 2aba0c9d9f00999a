from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from accounts.models import Organisation

if TYPE_CHECKING:
    from datetime import date, datetime


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
    row = Organisation.objects.values_list("name", "currency", "timezone", "is_demo", "demo_day")
    found = row.first()
    return Ours(*found) if found else Ours()
