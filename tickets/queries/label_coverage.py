"""How many tickets are answered, and by what: of the last days, as far as a person may see them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count

from supportsuccess.lists.periods import Period
from tickets.models import BY_HAND_FIRST, Learning, Origin, Ticket
from tickets.queries.ticket_list import within

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from accounts.models import User

COVERED_DAYS = 90
BY_PEOPLE = frozenset({Origin.PERSON, Origin.ACCEPTED_SUGGESTION})


class Coverage(NamedTuple):
    """Tickets opened in a period: exempt, answered by each origin, and due."""

    period: Period
    exempt: int
    due: int
    # a ticket counts to the origin of its answers that took a person most
    answered: Mapping[Origin, int]

    @property
    def tickets(self) -> int:
        return self.exempt + self.due + sum(self.answered.values())

    @property
    def without_people(self) -> int:
        """Exempt, or answered without anybody here saying anything."""
        spared = (n for origin, n in self.answered.items() if origin not in BY_PEOPLE)
        return self.exempt + sum(spared)


def coverage_for(user: User, *, at: datetime) -> Coverage:
    """The last 90 days up to a moment, in one query."""
    period = Period(at - timedelta(days=COVERED_DAYS), at)
    tickets = within(Ticket.objects.visible_to(user), "opened_at", period)
    counted = tickets.order_by().values_list("learning", "answered_by").annotate(Count("pk"))
    learning = dict.fromkeys(Learning.values, 0)
    answered = dict.fromkeys(BY_HAND_FIRST, 0)
    for state, origin, count in counted:
        if state == Learning.ANSWERED:
            answered[Origin(origin)] += count
        else:
            learning[state] += count
    return Coverage(
        period=period,
        exempt=learning[Learning.EXEMPT],
        due=learning[Learning.DUE],
        answered={origin: count for origin, count in answered.items() if count},
    )
