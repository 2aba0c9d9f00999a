"""How handing over goes, per team of both sides: of the handoffs last offered in a period."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from accounts.models import Team
from accounts.queries.business_clock import clock_over
from accounts.queries.calendars import working_hours
from supportsuccess.lists.table import rows_of
from tickets.models import Handoff, HandoffEvent, HandoffEventKind, HandoffState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime

    from accounts.models import User
    from accounts.models.teams import TeamQuerySet
    from accounts.queries.business_clock import BusinessClock
    from supportsuccess.lists.periods import Period
    from tickets.models.handoffs import HandoffQuerySet

# figures of fewer people would be figures of persons
LEAST_PEOPLE = 5
SMALL, SMALL_NAME = 0, f"Teams of fewer than {LEAST_PEOPLE}"
# the same matter comes back within so many days of its end
REPEATED_WITHIN = timedelta(days=90)
BOUNCED_AFTER_RETURNS = 2


class Measured(NamedTuple):
    """One handoff, as the measures look at it."""

    pk: int
    from_team_id: int | None
    to_team_id: int
    offered_at: datetime
    accepted_at: datetime | None
    return_count: int
    was_useful: bool | None
    outcome: str
    was_asked: bool
    is_repeat: bool


# What can have happened to a handoff that was offered. A list of them is narrowed by `HAPPENED`,
# a row of them is asked by `HAS_HAPPENED`; a test holds the two to each other.
HAPPENED: dict[str, Q] = {
    "accepted": Q(accepted_at__isnull=False),
    "asked": Q(was_asked=True),
    "returned": Q(return_count__gte=1),
    "bounced": Q(return_count__gte=BOUNCED_AFTER_RETURNS),
    "repeated": Q(is_repeat=True),
    "judged": Q(was_useful__isnull=False),
    "useful": Q(was_useful=True),
}
HAS_HAPPENED: dict[str, Callable[[Measured], bool]] = {
    "accepted": lambda row: row.accepted_at is not None,
    "asked": lambda row: row.was_asked,
    "returned": lambda row: row.return_count >= 1,
    "bounced": lambda row: row.return_count >= BOUNCED_AFTER_RETURNS,
    "repeated": lambda row: row.is_repeat,
    "judged": lambda row: row.was_useful is not None,
    "useful": lambda row: row.was_useful is True,
}


@dataclass(kw_only=True)
class Figures:
    """What a team's handoffs of one side came to."""

    team_id: int
    team: str
    offered: int = 0
    happened: dict[str, int] = field(default_factory=lambda: dict.fromkeys(HAPPENED, 0))
    outcomes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    times: list[timedelta] = field(default_factory=list)

    def add(self, row: Measured, *, took: timedelta | None) -> None:
        """Count one handoff in."""
        self.offered += 1
        for name, has_happened in HAS_HAPPENED.items():
            self.happened[name] += has_happened(row)
        if row.outcome:
            self.outcomes[row.outcome] += 1
        if took is not None:
            self.times.append(took)

    def time_at(self, share: float) -> timedelta | None:
        """The time within which this share of the accepted were accepted."""
        if not self.times:
            return None
        return sorted(self.times)[ceil(share * len(self.times)) - 1]


class TeamRow(NamedTuple):
    pk: int
    name: str
    people: int
    zone: str
    weekly_hours: Sequence[Sequence[tuple[str, str]]]
    holidays: Sequence[date]


def offered_in(handoffs: HandoffQuerySet, period: Period) -> HandoffQuerySet:
    """Those whose last offer lies in a period."""
    offered = handoffs.exclude(state=HandoffState.DRAFT)
    return offered.filter(offered_at__gte=period.start, offered_at__lt=period.end)


def with_what_happened(handoffs: HandoffQuerySet) -> HandoffQuerySet:
    """With whether a question was asked, and whether the matter is one that came back."""
    asked = HandoffEvent.objects.filter(handoff=OuterRef("pk"), kind=HandoffEventKind.ASKED)
    before = Handoff.objects.filter(
        customer=OuterRef("customer"),
        type=OuterRef("type"),
        state=HandoffState.COMPLETED,
        closed_at__lt=OuterRef("offered_at"),
        closed_at__gte=OuterRef("offered_at") - REPEATED_WITHIN,
    ).exclude(pk=OuterRef("pk"))
    return handoffs.annotate(was_asked=Exists(asked), is_repeat=Exists(before))


def happened(handoffs: HandoffQuerySet, name: str) -> HandoffQuerySet:
    """Those to which this happened, of `HAPPENED`."""
    return with_what_happened(handoffs).filter(HAPPENED[name])


def of_small_teams(at: datetime) -> TeamQuerySet:
    """Teams of too few people to have figures of their own."""
    people = Count("memberships", filter=Q(memberships__during__contains=at))
    return Team.objects.annotate(people=people).filter(people__lt=LEAST_PEOPLE)


def measures_of(user: User, *, period: Period, at: datetime) -> tuple[list[Figures], list[Figures]]:
    """What the teams who received came to, and those who offered, in two queries."""
    seen = with_what_happened(offered_in(Handoff.objects.visible_to(user), period))
    rows = list(rows_of(Measured, seen))
    teams = _teams(user, at=at)
    clocks = {pk: _clock(team, period=period, at=at) for pk, team in teams.items()}
    taken = [(row, _took(row, clock=clocks.get(row.to_team_id))) for row in rows]
    return (
        _by_team(((row.to_team_id, row, took) for row, took in taken), teams=teams),
        _by_team(((row.from_team_id, row, took) for row, took in taken), teams=teams),
    )


def _by_team(
    counted: Iterable[tuple[int | None, Measured, timedelta | None]], *, teams: dict[int, TeamRow]
) -> list[Figures]:
    """The teams by name, those of too few people together at the end."""
    found: dict[int, Figures] = {}
    for team_id, row, took in counted:
        team = teams.get(team_id or 0)
        if team is None:
            continue
        key, name = (team.pk, team.name) if team.people >= LEAST_PEOPLE else (SMALL, SMALL_NAME)
        found.setdefault(key, Figures(team_id=key, team=name)).add(row, took=took)
    return sorted(found.values(), key=lambda one: (one.team_id == SMALL, one.team))


def _took(row: Measured, *, clock: BusinessClock | None) -> timedelta | None:
    """Business time of the receiving team from the offer to its acceptance."""
    if row.accepted_at is None or clock is None:
        return None
    return clock.between(row.offered_at, row.accepted_at)


def _clock(team: TeamRow, *, period: Period, at: datetime) -> BusinessClock:
    hours = working_hours(team.weekly_hours, timezone=team.zone, holidays=set(team.holidays))
    return clock_over(hours, start=period.start, end=at)


def _teams(user: User, *, at: datetime) -> dict[int, TeamRow]:
    people = Count("memberships", filter=Q(memberships__during__contains=at), distinct=True)
    holidays = ArrayAgg(
        "calendar__holidays__on", filter=Q(calendar__holidays__isnull=False), distinct=True
    )
    teams = Team.objects.visible_to(user).annotate(
        people=people,
        zone=F("calendar__timezone"),
        weekly_hours=F("calendar__weekly_hours"),
        holidays=Coalesce(holidays, Value([])),
    )
    return {row.pk: row for row in rows_of(TeamRow, teams)}
