"""The renewal queue: its rows, its sections, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Q, Sum

from insights.models import DUE_SECTIONS, Section

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from insights.models.renewals import QueuedRenewalQuerySet

TO_DO, DUE, CLEARED, EVERY = "todo", "due", "cleared", "all"
# what is due and what was cleared: of these so many are cleared
MEASURED = "measured"


class QueueRow(NamedTuple):
    """What one row of the queue shows."""

    pk: int
    customer_id: int
    customer_name: str
    owner_id: int | None
    owner_name: str | None
    segment: str
    state: str
    section: str
    clearing: str
    due_on: date
    decision_point_on: date
    decision_basis: str
    snoozed_until: date | None
    decided_at: datetime | None
    arr: Decimal | None
    expected_loss: Decimal | None
    priority: Decimal
    band: str
    score: Decimal | None
    change_sentence: str
    open_handoffs: int
    last_touch_at: datetime | None
    next_step: str
    next_step_on: date | None
    version: int


@dataclass(frozen=True)
class Totals:
    """Some rows of the queue, counted and added up; unknown amounts are left out of the sums."""

    count: int = 0
    arr: Decimal | None = None
    expected_loss: Decimal | None = None

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.count + other.count,
            _sum(self.arr, other.arr),
            _sum(self.expected_loss, other.expected_loss),
        )


@dataclass(frozen=True)
class Summary:
    """What the queue adds up to under these filters, by section and by whether it is cleared."""

    parts: dict[tuple[str, bool], Totals]

    def of(self, view: str) -> Totals:
        """The rows that a view shows."""
        return sum((t for key, t in self.parts.items() if _belongs(view, *key)), Totals())

    @property
    def cleared(self) -> int:
        return self.of(CLEARED).count

    @property
    def due(self) -> int:
        """What has to be decided now, and what was cleared before its time."""
        return self.of(MEASURED).count


def in_section(rows: QueuedRenewalQuerySet, section: str) -> QueuedRenewalQuerySet:
    """The rows that a section shows."""
    whole = {
        EVERY: rows,
        CLEARED: rows.exclude(clearing=""),
        MEASURED: rows.filter(~Q(clearing="") | Q(section__in=DUE_SECTIONS)),
        Section.LOCKED: rows.filter(section=Section.LOCKED),
    }
    if section in whole:
        return whole[section]
    waiting = rows.waiting()
    if section == DUE:
        return waiting.due()
    return waiting if section == TO_DO else waiting.filter(section=section)


def summary(rows: QueuedRenewalQuerySet) -> Summary:
    """What these rows add up to, in one query."""
    parts: dict[tuple[str, bool], Totals] = {}
    grouped = rows.order_by().values("section", "clearing")
    counted = grouped.annotate(count=Count("pk"), total=Sum("arr"), loss=Sum("expected_loss"))
    for row in counted:
        key = (row["section"], bool(row["clearing"]))
        totals = Totals(row["count"], row["total"], row["loss"])
        parts[key] = parts.get(key, Totals()) + totals
    return Summary(parts)


def _belongs(view: str, section: str, is_cleared: bool) -> bool:  # noqa: FBT001 - half of a key
    if view in {EVERY, CLEARED, MEASURED}:
        return is_cleared or view == EVERY or (view == MEASURED and section in DUE_SECTIONS)
    if view == Section.LOCKED:
        return section == Section.LOCKED
    if is_cleared or section == Section.LOCKED:
        return False
    return view in {TO_DO, section} or (view == DUE and section in DUE_SECTIONS)


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    known = [amount for amount in (one, other) if amount is not None]
    return sum(known[1:], known[0]) if known else None
