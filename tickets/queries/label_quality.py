"""How good labels are, and what they cost: no figure is of a person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import Team
from supportsuccess.lists.periods import Period
from supportsuccess.lists.table import rows_of
from tickets.models import (
    ASKED_DIMENSIONS,
    USUAL_SECONDS,
    Dimension,
    Labeling,
    LabelReview,
    LabelValue,
    Learning,
    Origin,
    Ticket,
)
from tickets.queries.agreement import Agreement, agreement_of
from tickets.queries.label_coverage import BY_PEOPLE, COVERED_DAYS
from tickets.queries.label_meaning import nothing_unusual
from tickets.queries.ticket_list import within

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from tickets.models.label_reviews import LabelReviewQuerySet
    from tickets.models.tickets import TicketQuerySet

WEEKS = 4
FEWEST = 5
FEWEST_MEMBERS = 5
HOUR = 3600


class Pair(NamedTuple):
    """What two people's answers to a dimension mean, as ids of values."""

    dimension: str
    first_meant: int
    second_meant: int


class TeamRow(NamedTuple):
    pk: int
    name: str
    members: int
    labelling_time__seconds: int | None


class Usual(NamedTuple):
    """Answered tickets of one origin, and those of which nothing unusual was said."""

    origin: Origin
    tickets: int
    usual: int

    @property
    def share(self) -> float | None:
        return self.usual / self.tickets if self.tickets >= FEWEST else None


class Agreed(NamedTuple):
    """What second answers to a dimension came to; too few pairs have no figures."""

    dimension: Dimension
    pairs: int
    figures: Agreement | None


class Tax(NamedTuple):
    """What labelling costs a team: its people's tickets by the seconds that it declares."""

    team_id: int
    team: str
    tickets: int
    members: int
    seconds: int
    is_declared: bool

    @property
    def hours_a_week(self) -> float | None:
        """None where it would be nearly one person's figure, or of next to nothing."""
        if self.tickets < FEWEST or self.members < FEWEST_MEMBERS:
            return None
        return self.tickets / WEEKS * self.seconds / HOUR


def usual_by_origin(user: User, *, at: datetime) -> list[Usual]:
    """Of the tickets of the last days that have all answers, those that say nothing unusual."""
    period = Period(at - timedelta(days=COVERED_DAYS), at)
    answered = within(Ticket.objects.visible_to(user), "opened_at", period).filter(
        learning=Learning.ANSWERED
    )
    usual = nothing_unusual(answered).values("pk")
    counted = answered.order_by().values_list("answered_by")
    rows = counted.annotate(Count("pk"), usual=Count("pk", filter=Q(pk__in=usual)))
    found = {origin: Usual(Origin(origin), *counts) for origin, *counts in rows}
    return [found[origin] for origin in Origin if origin in found]


def agreement_by_dimension(user: User, *, at: datetime) -> list[Agreed]:
    """How far second answers of the last days agree with the first, by dimension."""
    pairs: dict[str, list[tuple[int, int]]] = {}
    for pair in rows_of(Pair, pairs_of(user, at=at).order_by()):
        pairs.setdefault(pair.dimension, []).append((pair.first_meant, pair.second_meant))
    values: dict[str, dict[int, bool]] = {}
    offered = LabelValue.objects.active().values_list("dimension", "pk", "is_nothing_unusual")
    for dimension, pk, is_usual in offered:
        values.setdefault(dimension, {})[pk] = is_usual
    return [
        _agreed(dimension, pairs.get(dimension, []), values.get(dimension, {}))
        for dimension in ASKED_DIMENSIONS
    ]


def pairs_of(user: User, *, at: datetime) -> LabelReviewQuerySet:
    """Second answers of the last days beside the first ones."""
    since = at - timedelta(days=COVERED_DAYS)
    return LabelReview.objects.visible_to(user).given_since(since).with_pair()


def labelled_by_people(tickets: TicketQuerySet, period: Period) -> TicketQuerySet:
    """Tickets that people labelled in a period, whoever it was and however often."""
    given = Labeling.objects.filter(ticket=OuterRef("pk"), origin__in=BY_PEOPLE)
    return tickets.filter(
        Exists(given.filter(recorded_at__gt=period.start, recorded_at__lte=period.end))
    )


def taxed_period(at: datetime) -> Period:
    """The weeks of which label tax is the mean."""
    return Period(at - timedelta(weeks=WEEKS), at)


def label_tax(user: User, *, at: datetime) -> list[Tax]:
    """What labelling costs each team a week; the most labelled first."""
    tickets = labelled_by_people(Ticket.objects.visible_to(user), taxed_period(at))
    counts = dict(tickets.exclude(team=None).order_by().values_list("team").annotate(Count("pk")))
    teams = Team.objects.visible_to(user).filter(pk__in=counts).with_people(at)
    found = [
        Tax(
            team_id=row.pk,
            team=row.name,
            tickets=counts[row.pk],
            members=row.members,
            seconds=row.labelling_time__seconds or USUAL_SECONDS,
            is_declared=row.labelling_time__seconds is not None,
        )
        for row in rows_of(TeamRow, teams.order_by("name", "pk"))
    ]
    return sorted(found, key=lambda tax: -tax.tickets)


def _agreed(dimension: Dimension, pairs: list[tuple[int, int]], values: dict[int, bool]) -> Agreed:
    usual = next((pk for pk, is_usual in values.items() if is_usual), None)
    figures = agreement_of(pairs, values=len(values), usual=usual)
    return Agreed(dimension, len(pairs), figures)
