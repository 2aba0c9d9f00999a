"""The renewal queue as a person asked for it: its filters, its rows, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, F, Sum

from accounts.models import Band, RenewalState, Segment
from accounts.queries.accountability import covered_by
from insights.models import DUE_SECTIONS, QueuedRenewal, Section
from insights.queries.stake import renewals_at_stake
from supportsuccess.lists.keyset import Keyset

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from django.http import QueryDict

    from accounts.models import User
    from insights.models.renewals import QueuedRenewalQuerySet

BY_PRIORITY = Keyset(("-priority", "-renewal_id"))
TO_DO, DUE, CLEARED = "", "due", "cleared"
VIEWS = (TO_DO, DUE, *DUE_SECTIONS, Section.LATER, CLEARED, Section.LOCKED)
MINE, EVERYONE, NOBODY = "me", "all", "none"


class QueueRow(NamedTuple):
    """What one row of the queue shows."""

    renewal_id: int
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


@dataclass(frozen=True, kw_only=True)
class QueueFilters:
    """What the URL asks for; what it says wrongly is left out."""

    view: str = TO_DO
    owner: str = EVERYONE
    segment: str = ""
    band: str = ""
    state: str = ""
    at_stake: str = ""

    @property
    def are_set(self) -> bool:
        """Whether some rows may be missing for a filter's sake."""
        return any((self.segment, self.band, self.state, self.at_stake, self.view))


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
    def cleared_of_due(self) -> int:
        return sum(t.count for (s, done), t in self.parts.items() if done and s in DUE_SECTIONS)

    @property
    def due(self) -> int:
        return sum(t.count for (section, _), t in self.parts.items() if section in DUE_SECTIONS)


def read_filters(params: QueryDict, *, user: User) -> QueueFilters:
    """What the URL asks for; who decides renewals starts with their own."""
    return QueueFilters(
        view=_one_of(params.get("view", ""), VIEWS),
        owner=_owner(params.get("owner", ""), user=user),
        segment=_one_of(params.get("segment", ""), Segment.values),
        band=_one_of(params.get("band", ""), Band.values),
        state=_one_of(params.get("state", ""), RenewalState.values),
        at_stake=_one_of(params.get("at_stake", ""), ["yes"]),
    )


def queue(filters: QueueFilters, *, user: User, at: datetime, day: date) -> QueuedRenewalQuerySet:
    """All rows of these filters, whatever their view."""
    rows = (
        renewals_at_stake(user, at=at, day=day)
        if filters.at_stake
        else QueuedRenewal.objects.visible_to(user)
    )
    for name in ("segment", "band", "state"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    return _of_owner(rows, filters.owner, user=user, at=at)


def in_view(rows: QueuedRenewalQuerySet, filters: QueueFilters) -> QueuedRenewalQuerySet:
    """The rows that the view shows; at stake are the decided ones, too."""
    if filters.view == CLEARED:
        return rows.exclude(clearing="")
    if filters.view == Section.LOCKED:
        return rows.filter(section=Section.LOCKED)
    if filters.at_stake and filters.view == TO_DO:
        return rows
    waiting = rows.waiting()
    if filters.view == DUE:
        return waiting.due()
    return waiting.filter(section=filters.view) if filters.view else waiting


def for_list(rows: QueuedRenewalQuerySet) -> QueuedRenewalQuerySet:
    """With the names that a row shows."""
    return rows.annotate(
        customer_name=F("customer__name"),
        owner_name=F("owner__name"),
        next_step=F("renewal__next_step"),
        next_step_on=F("renewal__next_step_on"),
    )


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


def _of_owner(
    rows: QueuedRenewalQuerySet, owner: str, *, user: User, at: datetime
) -> QueuedRenewalQuerySet:
    if owner == EVERYONE:
        return rows
    if owner == NOBODY:
        return rows.filter(owner=None)
    if owner == MINE:
        return rows.owned_by({user.pk, *covered_by(user.pk, at=at)})
    return rows.owned_by({int(owner)})


def _owner(asked: str, *, user: User) -> str:
    if asked in {MINE, EVERYONE, NOBODY} or (asked.isascii() and asked.isdigit()):
        return asked[:18]
    decides_own = user.has_perm("accounts.decide_renewal")
    return MINE if decides_own and not user.has_perm("accounts.reassign_customer") else EVERYONE


def _one_of(asked: str, allowed: list[str] | tuple[str, ...]) -> str:
    return asked if asked in allowed else ""


def _belongs(view: str, section: str, is_cleared: bool) -> bool:  # noqa: FBT001 - half of a key
    if view == CLEARED:
        return is_cleared
    if view == Section.LOCKED:
        return section == Section.LOCKED
    if is_cleared or section == Section.LOCKED:
        return False
    return view in {TO_DO, section} or (view == DUE and section in DUE_SECTIONS)


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    known = [amount for amount in (one, other) if amount is not None]
    return sum(known[1:], known[0]) if known else None
