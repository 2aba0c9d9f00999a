"""What the renewal queue shows of a renewal, and which keys a row answers to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, cast

from django.utils.safestring import SafeString

from accounts.models import Band, RenewalState, Segment
from accounts.queries.decision_points import Basis
from insights.lists.drill_down import handoffs_url, health_url
from insights.models import Clearing, Section
from insights.queries.queue import QueueRow
from insights.queries.renewals import BASIS_SENTENCES
from supportsuccess.lists import cells
from supportsuccess.lists.html import html
from supportsuccess.lists.table import Column, Order, RowKey, Table

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from insights.models import ListedCustomer

CALLS: dict[str, tuple[str, cells.Tone]] = {
    RenewalState.COMMITTED: ("On track", "good"),
    RenewalState.IN_REVIEW: ("Monitor", "info"),
    RenewalState.AT_RISK: ("At risk", "bad"),
}
DECIDE_KEYS = (
    RowKey(key="1", label="On track", url="insights:renewal_on_track", target="dialog"),
    RowKey(key="2", label="Monitor", url="insights:renewal_monitor", target="dialog"),
    RowKey(key="3", label="At risk", url="insights:renewal_at_risk", target="dialog"),
    RowKey(key="n", label="Next step", url="insights:renewal_step", target="dialog"),
    RowKey(key="s", label="Snooze", url="insights:renewal_snooze", target="dialog"),
)
TOUCH_KEY = RowKey(key="t", label="Log a touch", url="insights:renewal_touch", target="dialog")


def queue_table(user: User, *, currency: str, now: datetime, today: date) -> Table[QueueRow]:
    """The queue as this person may see and use it."""
    columns, table = _columns(now=now, today=today), BY_DECISION
    if user.has_perm("accounts.view_money"):
        columns.insert(1, _money_column(currency=currency))
        table = QUEUE
    keys = [
        *(DECIDE_KEYS if user.has_perm("accounts.decide_renewal") else ()),
        *([TOUCH_KEY] if user.has_perm("accounts.log_touch") else []),
    ]
    return replace(table, columns=columns, row_keys=keys)


def call_badge(state: str) -> object:
    """What was last called, or that nothing was."""
    words, tone = CALLS.get(state, ("", "idle"))
    return cells.badge(words, tone) if words else cells.NOTHING


def _columns(*, now: datetime, today: date) -> list[Column[QueueRow]]:
    return [
        Column(label="Customer", lead="yes", cell=_customer),
        Column(
            label="Decision",
            key="decision",
            order=["decision_point_on"],
            cell=lambda row: _stacked(
                decision_cell(row, today=today),
                html("ends {}", cells.days_from(row.due_on, today=today)),
            ),
            help="Days until the customer has decided: the notice deadline, or when they must sign",
        ),
        Column(label="Health", cell=lambda row: health_link(row.customer_id, row.score, row.band)),
        Column(label="Why it changed", grow="yes", cell=_why),
        Column(
            label="Call and next step",
            priority=2,
            cell=lambda row: _call(row, today=today),
            edit="call",
        ),
        Column(
            label="Last touch",
            priority=3,
            cell=lambda row: _stacked(cells.age(row.last_touch_at, now=now), _handoffs(row)),
            card_label="Last touch",
            help="Time since the last touch, and how many handoffs are open",
        ),
        Column(label="Owner", priority=4, cell=lambda row: cells.person(row.owner_name or "")),
        Column(
            label="Ends on",
            priority=3,
            cell=lambda row: cells.day(row.due_on),
            card_label="Ends",
            at_first="hidden",
        ),
        Column(
            label="Decided on",
            priority=3,
            cell=lambda row: cells.day(row.decision_point_on),
            card_label="Decided",
            at_first="hidden",
        ),
    ]


def _money_column(*, currency: str) -> Column[QueueRow]:
    return Column(
        label="ARR",
        align="end",
        cell=lambda row: _stacked(
            cells.money(row.arr, currency=currency),
            html("{} may go", cells.money(row.expected_loss, currency=currency)),
        ),
        help="Yearly revenue, and how much of it may go: how likely it is lost or shrinks",
    )


def _stacked(first: object, second: object) -> SafeString:
    """Two values of one cell, the second in fainter ink beneath the first."""
    below = html('<span class="below">{}</span>', second) if second else ""
    return html('<span class="stacked"><span>{}</span>{}</span>', first, below)


def _customer(row: QueueRow) -> SafeString:
    return _stacked(row.customer_name, Segment(row.segment).label)


def _why(row: QueueRow) -> SafeString:
    return html('<span class="clamped">{}</span>', why_link(row.customer_id, row.change_sentence))


def _handoffs(row: QueueRow) -> object:
    if not row.open_handoffs:
        return ""
    words = "1 handoff open" if row.open_handoffs == 1 else f"{row.open_handoffs} handoffs open"
    return cells.opens("count", words, href=handoffs_url(row.customer_id))


class Decided(Protocol):
    """Whatever knows when, and by what, it is decided: a queue's row in any shape."""

    @property
    def section(self) -> str: ...
    @property
    def decision_basis(self) -> str: ...
    @property
    def decision_point_on(self) -> date: ...


def decision_cell(row: Decided, *, today: date) -> object:
    """When it is decided, and what is special about that day."""
    if row.section == Section.NOTICE:
        return cells.badge("Notice received", "bad")
    if row.section == Section.LOCKED:
        return cells.badge("Locked")
    away = cells.due(row.decision_point_on, today=today)
    if row.decision_basis == Basis.ASSUMED_DEADLINE:
        hint = BASIS_SENTENCES[Basis.ASSUMED_DEADLINE].capitalize()
        return html('{} <abbr title="{}">assumed</abbr>', away, hint)
    return away


def health_cell(score: object, band: str) -> object:
    """The score in its band; both come from tables that keep to the four words."""
    return cells.health(cast("float | None", score), band=cast("cells.Band", band))


def health_link(customer_id: int, score: object, band: str) -> SafeString:
    """The score in its band, leading to what it is made of."""
    return cells.opens("score", health_cell(score, band), href=health_url(customer_id))


def why_link(customer_id: int, sentence: str) -> SafeString:
    """What moved the score, leading to how that was computed."""
    if not sentence:
        return cells.NOTHING
    return cells.opens("change", sentence, href=health_url(customer_id))


def listed_health(listed: ListedCustomer | None) -> object:
    """A customer's health; of one that nobody computed yet it is unknown."""
    return health_cell(listed.score, listed.band) if listed else health_cell(None, Band.UNKNOWN)


def _call(row: QueueRow, *, today: date) -> SafeString:
    if row.clearing == Clearing.SNOOZED:
        back = html("back {}", cells.days_from(row.snoozed_until, today=today))
        return _stacked(cells.badge("Snoozed"), back)
    return _stacked(call_badge(row.state), _next_step(row, today=today))


def _next_step(row: QueueRow, *, today: date) -> SafeString:
    if not row.next_step:
        return cells.NOTHING
    away = cells.due(row.next_step_on, today=today)
    step = '<span class="cut typed" title="{}">{}</span> {}'
    return html(step, row.next_step, row.next_step, away)


QUEUE = Table[QueueRow](
    id="queue",
    caption="Renewals by priority",
    label=lambda row: row.customer_name,
    url="insights:renewal",
    peek="yes",
    columns=[],
    orders=[Order(label="Priority", key="priority", fields=["priority"])],
    default_sort="-priority",
    row_data=[("cleared", lambda row: row.clearing)],
)
# Priority is made of money: an address that goes on after a row would tell it.
BY_DECISION = replace(QUEUE, caption="Renewals by decision", orders=[], default_sort="decision")
