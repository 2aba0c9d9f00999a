"""The list of handoffs: what it shows of one, what it can be narrowed by, and its orders."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import Customer, User
from supportsuccess.lists import cells, charts
from supportsuccess.lists.empty import all_done, nothing_yet
from supportsuccess.lists.filters import AnyOf, Filters, OneOf, Search, asked_row
from supportsuccess.lists.listing import Listing
from supportsuccess.lists.table import Column, Order, Table
from tickets.lists.handoff_becoming import arr_retained, became, thanks, verified
from tickets.lists.handoff_past import PastFilters
from tickets.models import (
    TAKEN_STATES,
    WAITING_STATES,
    Handoff,
    HandoffOutcome,
    HandoffState,
    HandoffType,
    Priority,
)
from tickets.models.handoffs import HandoffQuerySet
from tickets.queries.accountability import accountable_for_matters
from tickets.queries.handoffs import (
    HandoffRow,
    in_box,
    recent,
    that_bounced,
    with_order,
    with_past,
)
from tickets.queries.verified_outcomes import DEFINITION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from accounts.queries.accountability import Accountable
    from supportsuccess.lists.empty import Empty

STATE_TONES: dict[str, cells.Tone] = {
    HandoffState.OFFERED: "warn",
    HandoffState.QUESTION: "info",
    HandoffState.RETURNED: "bad",
    HandoffState.EXPIRED: "bad",
    HandoffState.ACCEPTED: "good",
    HandoffState.IN_PROGRESS: "good",
}
PRIORITY_TONES: dict[str, cells.Tone] = {Priority.CRITICAL: "bad", Priority.HIGH: "warn"}
BOXES = {"in": "For me", "out": "From me", "team": "My teams", "all": "Everyone's"}
EVERYONES = "all"
STATES = {
    "open": "Open",
    "unanswered": "Not accepted",
    "waiting": "Waiting",
    "taken": "Taken",
    "ended": "Ended",
    "recent": "Open or just ended",
    "all": "All",
}
BOUNCED = {
    "offered": "Offered more than twice",
    "returned": "Returned",
    "leads": "Both leads decide",
}
BOUNCE_LIST = "box=all&bounced=offered&bounced=returned"
# What a list does not show by itself: a sender asks what became of it, a lead how often it went to
# and fro, others what to do.
OF_SENDERS = frozenset({"what-became-of-it", "verified", "arr-retained", "thanks"})
OF_BOUNCES = frozenset({"to-and-fro"})
HIDDEN = OF_SENDERS | OF_BOUNCES
HIDDEN_FROM_SENDER = OF_BOUNCES | {"clock", "from", "answers-now", "priority"}
HIDDEN_OF_BOUNCES = OF_SENDERS | {"clock", "priority"}
MONEY = frozenset({"arr_retained", "arr_currency"})
# why somebody answers, where a whole sentence would leave the customer's name no room
IN_SHORT = {"cover": "as cover", "lead": "as lead", "off_duty": "off hours"}
# a clock stands out from this share of its time on
NEARLY = 0.75


def _people(filters: Filters) -> Iterable[tuple[str, str]]:
    """Oneself, and the colleague whose box is asked for."""
    me, asked = str(filters.user.pk), filters.asked.get("person", "")
    choices = [(me, "Me")]
    if asked != me:
        choices += asked_row(filters, "person", among=User.objects.visible_to(filters.user))
    return choices


def _customers(filters: Filters) -> Iterable[tuple[str, str]]:
    """The customer that is asked for."""
    return asked_row(filters, "customer", among=Customer.objects.visible_to(filters.user))


class HandoffFilters(PastFilters):
    """Which handoffs are asked for."""

    box = OneOf(
        label="Whose handoffs",
        choices=list(BOXES.items()),
        method="in_box",
        default="in",
        control="apart",
    )
    person = OneOf(label="Person", choices=_people, method="known", control="apart")
    q = Search(label="Customer", method="named_like")
    state = OneOf(label="State", choices=list(STATES.items()), method="in_state", default="open")
    type = AnyOf(label="Type", choices=HandoffType.choices)
    priority = AnyOf(label="Priority", choices=Priority.choices)

    late = OneOf(label="Late", choices=[("1", "Late")], method="past_due")
    bounced = AnyOf(label="Bounced", choices=list(BOUNCED.items()), method="that_bounced")
    customer = OneOf(label="Customer", choices=_customers, method="of_customer")

    def in_box(self, handoffs: HandoffQuerySet, _name: str, box: str) -> HandoffQuerySet:
        if box == EVERYONES:
            return handoffs
        asked = self.asked.get("person", "")
        person = User.objects.get(pk=asked) if asked else self.user
        return in_box(handoffs, box, of=person, at=self.now)

    def known(self, handoffs: HandoffQuerySet, _name: str, _person: str) -> HandoffQuerySet:
        return handoffs  # whose box it is; of the choices, so it exists

    def named_like(self, handoffs: HandoffQuerySet, _name: str, words: str) -> HandoffQuerySet:
        return handoffs.named_like(words)

    def in_state(self, handoffs: HandoffQuerySet, _name: str, state: str) -> HandoffQuerySet:
        narrowed: dict[str, Callable[[], HandoffQuerySet]] = {
            "open": handoffs.open,
            "unanswered": handoffs.to_accept,
            "waiting": handoffs.waiting,
            "taken": handoffs.taken,
            "ended": handoffs.ended,
            "recent": partial(recent, handoffs, at=self.now),
            "all": handoffs.all,
        }
        return narrowed[state]()

    def past_due(self, handoffs: HandoffQuerySet, _name: str, _value: str) -> HandoffQuerySet:
        return handoffs.waiting().due_before(self.now)

    def that_bounced(
        self, handoffs: HandoffQuerySet, _name: str, ways: list[str]
    ) -> HandoffQuerySet:
        return that_bounced(handoffs, ways) if ways else handoffs

    def of_customer(self, handoffs: HandoffQuerySet, _name: str, asked: str) -> HandoffQuerySet:
        return handoffs.of_customer(int(asked))


class Handoffs(Listing[HandoffRow, HandoffQuerySet]):
    """Handoffs for a person, from them, of their teams, or everyone's."""

    name, title, url, noun = "handoffs", "Handoffs", "tickets:handoffs", "handoff"
    row = HandoffRow
    filters: ClassVar[type[Filters]] = HandoffFilters
    personal = {"person": ""}
    internal = frozenset({"rank"})

    def start(self) -> dict[str, str]:
        return {"box": "in", "person": str(self.user.pk)}

    def everything(self) -> HandoffQuerySet:
        return Handoff.objects.visible_to(self.user)

    def with_columns(self, rows: HandoffQuerySet) -> HandoffQuerySet:
        return with_past(with_order(rows.with_offers()))

    @property
    def sees_money(self) -> bool:
        return bool(self.user.has_perm("accounts.view_money"))

    @property
    def exported(self) -> list[str]:
        kept = set() if self.sees_money else MONEY
        return [name for name in super().exported if name not in kept]

    @cached_property
    def answering(self) -> dict[int, Accountable]:
        """Who is accountable for each of the rows at this moment."""
        return accountable_for_matters([row.pk for row in self.page.rows], at=self.now)

    def table(self) -> Table[HandoffRow]:
        is_past = self.params.get("state") in {"ended", "recent", "all"}
        columns = _columns(
            now=self.now,
            answering=lambda row: self.answering.get(row.pk),
            sees_money=self.sees_money,
        )
        return replace(
            HANDOFFS,
            columns=self._at_first(columns),
            default_sort="-moved" if is_past else "due",
        )

    def _at_first(self, columns: list[Column[HandoffRow]]) -> list[Column[HandoffRow]]:
        """Those that whoever asks like this looks for."""
        if "bounced" in self.params:
            return _without(HIDDEN_OF_BOUNCES, columns=columns)
        is_sent = self.params.get("box") == "out"
        return _for_senders(columns) if is_sent else _without(HIDDEN, columns=columns)

    def no_match(self) -> Empty:
        if self.is_narrowed_beyond("box", "person"):
            return super().no_match()
        return self.nothing()

    def nothing(self) -> Empty:
        if self.params.get("box", "in") == "in":
            return all_done("Nothing waits for you", text="What is handed to you appears here.")
        can_offer = self.user.has_perm("tickets.offer_handoff")
        return nothing_yet(
            "No open handoff",
            text="Press h on a ticket to hand a customer's matter over.",
            action_label="Hand over",
            action_url=reverse("tickets:handoff_new") if can_offer else "",
        )


def _for_senders(columns: list[Column[HandoffRow]]) -> list[Column[HandoffRow]]:
    """Shown first what became of each, which takes the room."""
    tight = [replace(one, grow="no") if one.lead == "yes" else one for one in columns]
    return _without(HIDDEN_FROM_SENDER, columns=tight)


def _without(
    names: frozenset[str], *, columns: list[Column[HandoffRow]]
) -> list[Column[HandoffRow]]:
    return [replace(one, at_first="hidden") if one.name in names else one for one in columns]


def _columns(
    *,
    now: datetime,
    answering: Callable[[HandoffRow], Accountable | None],
    sees_money: bool,
) -> list[Column[HandoffRow]]:
    return [
        Column(label="Customer", lead="yes", grow="yes", cell=lambda row: row.customer__name),
        Column(label="Type", cell=lambda row: HandoffType(row.type).label),
        Column(label="State", cell=_state),
        Column(label="Priority", priority=2, cell=_priority),
        Column(
            label="Clock",
            cell=lambda row: clock_of(row, now=now),
            help="To acceptance while it waits, to the next step once it is taken",
        ),
        Column(
            label="To and fro",
            cell=_bounces,
            card_label="To and fro",
            help="How often it was offered, by people and by the clock, and how often returned",
        ),
        Column(label="From", priority=3, card_label="From", cell=lambda row: row.sender__name),
        Column(label="To", priority=2, card_label="To", cell=_receiver),
        Column(
            label="What became of it",
            grow="yes",
            cell=lambda row: became(row, now=now),
            help="Who accepted it and when, the next step, and how it ended",
        ),
        Column(
            label="Verified",
            card_label="Verified",
            cell=verified,
            help=DEFINITION,
        ),
        *([ARR_RETAINED] if sees_money else []),
        Column(
            label="Thanks",
            card_label="Thanks",
            cell=lambda row: thanks(row, now=now),
            help="When its receiver thanked for it",
        ),
        Column(
            label="Answers now",
            card_label="Answers now",
            cell=lambda row: _answers(answering(row)),
            help="Who is accountable for the matter at this moment",
        ),
    ]


def state_badge(state: str) -> SafeString:
    """A state in a word and its tone."""
    return cells.badge(HandoffState(state).label, STATE_TONES.get(state, "idle"))


def clock_of(row: HandoffRow, *, now: datetime) -> object:
    """The clock that runs: to acceptance, to the next step, or none."""
    if row.state in WAITING_STATES:
        return acceptance_clock(offered_at=row.offered_at, due_at=row.due_at, now=now)
    if row.state in TAKEN_STATES:
        if row.next_step_on is None:
            return SafeString('<span class="due-soon">No next step</span>')
        return cells.due(row.next_step_on, today=now.date())
    return HandoffOutcome(row.outcome).label if row.outcome else cells.NOTHING


def acceptance_clock(*, offered_at: datetime, due_at: datetime, now: datetime) -> SafeString:
    """How much of the time to accept is gone, and when it ends."""
    whole, gone = due_at - offered_at, now - offered_at
    tone: charts.Tone = "bad" if gone >= whole else "warn" if gone >= NEARLY * whole else "accent"
    bar = charts.meter(gone.total_seconds(), of=whole.total_seconds(), label="Time gone", tone=tone)
    words = "due" if now >= due_at else ""
    return format_html('<span class="clock">{}{} {}</span>', bar, words, cells.ago(due_at, now=now))


def _state(row: HandoffRow) -> object:
    return state_badge(row.state)


def _priority(row: HandoffRow) -> object:
    words, tone = Priority(row.priority).label, PRIORITY_TONES.get(row.priority)
    return cells.badge(words, tone) if tone else words


def _bounces(row: HandoffRow) -> object:
    return cells.own(f"{row.offers}× out, {row.return_count}× back")


def _receiver(row: HandoffRow) -> object:
    return cells.two_lines(row.receiver__name, second=row.to_team__name)


def _answers(answering: Accountable | None) -> object:
    if answering is None:
        return cells.NOTHING
    return format_html(
        '{} <span class="faint" title="{}">{}</span>',
        cells.person(answering.name),
        answering.why,
        IN_SHORT.get(answering.via, ""),
    )


ARR_RETAINED = Column[HandoffRow](
    label="ARR retained",
    align="end",
    card_label="ARR retained",
    cell=arr_retained,
    help="The customer's revenue at acceptance, or what was left of it when it was verified last",
)
HANDOFFS = Table[HandoffRow](
    id="handoffs",
    caption="Handoffs",
    url="tickets:handoff",
    label=lambda row: f"{HandoffType(row.type).label}: {row.customer__name}",
    orders=[
        Order(label="Due", key="due", fields=["rank", "due_at"]),
        Order(label="Last step", key="moved", fields=["moved_at"]),
    ],
    columns=[],
)
