"""What is at stake: customers that decide within 60 days, or should have, and may leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import F, Q

from insights.models import QueuedRenewal, Section
from supportsuccess.lists.table import rows_of
from tickets.models import BLOCKING, REOPENED_OFTEN, UNSOLVED_STATUSES, Ticket

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from django.db.models import QuerySet

    from accounts.models import User
    from insights.models.renewals import QueuedRenewalQuerySet

STAKE_DAYS = 60
REOPENED_SINCE = timedelta(days=90)


class StakeRow(NamedTuple):
    """A renewal at stake, in short."""

    pk: int
    customer_id: int
    customer_name: str
    section: str
    decision_basis: str
    decision_point_on: date
    arr: Decimal | None
    band: str
    score: Decimal | None
    change_sentence: str


@dataclass(frozen=True)
class Stake:
    """Renewals at stake, those with most priority first."""

    rows: list[StakeRow]

    @property
    def customers(self) -> int:
        return len({row.customer_id for row in self.rows})

    @property
    def renewals(self) -> int:
        return len(self.rows)

    @property
    def arr(self) -> Decimal | None:
        """Their yearly revenue, as far as it is known."""
        known = [row.arr for row in self.rows if row.arr is not None]
        return sum(known[1:], known[0]) if known else None


def troubled_customers(user: User, *, at: datetime) -> QuerySet[Ticket, Any]:
    """Customers with an open blocker, or with a ticket reopened twice and still in mind."""
    blocker = BLOCKING & Q(status__in=UNSOLVED_STATUSES)
    reopened = Q(reopen_count__gte=REOPENED_OFTEN) & (
        Q(status__in=UNSOLVED_STATUSES) | Q(last_event_at__gte=at - REOPENED_SINCE)
    )
    seen = Ticket.objects.visible_to(user).exclude(customer=None).filter(blocker | reopened)
    return seen.values("customer")


def renewals_at_stake(user: User, *, at: datetime, day: date) -> QueuedRenewalQuerySet:
    """Renewals of troubled customers to be decided within 60 days, or overdue, and not locked."""
    return at_stake(QueuedRenewal.objects.visible_to(user), user=user, at=at, day=day)


def at_stake(
    rows: QueuedRenewalQuerySet, *, user: User, at: datetime, day: date
) -> QueuedRenewalQuerySet:
    """Those of some renewals that are at stake."""
    return (
        rows.exclude(section=Section.LOCKED)
        .filter(decision_point_on__lte=day + timedelta(days=STAKE_DAYS))
        .filter(customer__in=troubled_customers(user, at=at))
    )


def stake_of(user: User, *, at: datetime, day: date) -> Stake:
    """The renewals at stake, in one query: they are few by what they are."""
    found = renewals_at_stake(user, at=at, day=day).by_priority()
    return Stake(rows_of(StakeRow, found.annotate(customer_name=F("customer__name"))))
