"""What time it is at the edge: a request's moment and its calendar day here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.queries.organisation import Ours, our_organisation

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True)
class Clock:
    """The moment of a request, and the company it happens at."""

    now: datetime
    ours: Ours

    @property
    def today(self) -> date:
        return self.ours.day_of(self.now)


def clock() -> Clock:
    """Now, in one query."""
    return Clock(timezone.now(), our_organisation())
