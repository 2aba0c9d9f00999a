"""What narrows a list of handoffs where a measure opens its rows: a chip each, when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Team
from supportsuccess.lists.filters import AnyOf, Filters, OneOf, asked_row
from supportsuccess.lists.periods import asked_period, read_period
from tickets.models import HandoffOutcome
from tickets.queries.handoff_measures import (
    SMALL,
    SMALL_NAME,
    happened,
    of_small_teams,
    offered_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tickets.models.handoffs import HandoffQuerySet

HAPPENED = {
    "accepted": "Accepted once",
    "asked": "A question was asked",
    "returned": "Returned at least once",
    "bounced": "Returned at least twice",
    "repeated": "Came back within 90 days",
    "judged": "Judged",
    "useful": "Judged useful",
}


def _asked_team(name: str) -> Callable[[Filters], Iterable[tuple[str, str]]]:
    def choices(filters: Filters) -> Iterable[tuple[str, str]]:
        if filters.asked.get(name) == str(SMALL):
            return [(str(SMALL), SMALL_NAME)]
        return asked_row(filters, name, among=Team.objects.visible_to(filters.user))

    return choices


def _asked_happening(filters: Filters) -> list[tuple[str, str]]:
    asked = filters.asked.get("happened", "")
    return [(asked, HAPPENED[asked])] if asked in HAPPENED else []


class PastFilters(Filters):
    """When handoffs were offered, from where to where, and what happened to them."""

    outcome = AnyOf(label="Outcome", choices=HandoffOutcome.choices)
    offered = OneOf(
        label="Offered", choices=asked_period("offered", label="Offered"), method="offered_in"
    )
    from_team = OneOf(label="Offered by", choices=_asked_team("from_team"), method="of_team")
    to_team = OneOf(label="Received by", choices=_asked_team("to_team"), method="of_team")
    happened = OneOf(label="Happened", choices=_asked_happening, method="to_which_happened")

    def offered_in(self, handoffs: HandoffQuerySet, _name: str, asked: str) -> HandoffQuerySet:
        return offered_in(handoffs, read_period(asked))

    def of_team(self, handoffs: HandoffQuerySet, name: str, asked: str) -> HandoffQuerySet:
        if asked == str(SMALL):
            return handoffs.filter(**{f"{name}__in": of_small_teams(self.now).values("pk")})
        return handoffs.filter(**{name: asked})

    def to_which_happened(
        self, handoffs: HandoffQuerySet, _name: str, asked: str
    ) -> HandoffQuerySet:
        return happened(handoffs, asked)
