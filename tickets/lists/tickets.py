"""What a list shows of a ticket, what it can be narrowed by, and which keys a row answers to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.models import Customer, Team, TeamKind
from supportsuccess.lists import cells
from supportsuccess.lists.empty import nothing_yet
from supportsuccess.lists.filters import AnyOf, Filters, OneOf, Search, asked_row
from supportsuccess.lists.icons import icon
from supportsuccess.lists.listing import Listing
from supportsuccess.lists.periods import asked_period, read_period
from supportsuccess.lists.table import Column, RowKey, Table
from tickets.lists.bulk_labels import LABELS_IN_BULK
from tickets.lists.bulk_problems import LINK_IN_BULK
from tickets.models import (
    Channel,
    HandoffState,
    LabelRule,
    LabelValue,
    Learning,
    Origin,
    Priority,
    Problem,
    Ticket,
    TicketKind,
    TicketStatus,
)
from tickets.models.tickets import TicketQuerySet
from tickets.queries.label_meaning import labelled_with, nothing_unusual
from tickets.queries.label_quality import labelled_by_people
from tickets.queries.label_rules import fitting, left_to
from tickets.queries.learning import labels_state
from tickets.queries.sought import Sought
from tickets.queries.ticket_list import TicketRow, reopened_within, with_columns, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.utils.safestring import SafeString

    from supportsuccess.lists.empty import Empty

UNMATCHED = "none"
USUAL = [("no", "Nothing unusual")]
ONLY = {"open": "Open", "urgent": "Urgent", "reopened": "Reopened"}
PRIORITY_TONES: dict[str, cells.Tone] = {
    Priority.CRITICAL: "bad",
    Priority.HIGH: "warn",
}
HANDOFF_TONES: dict[str, cells.Tone] = {
    HandoffState.RETURNED: "bad",
    HandoffState.EXPIRED: "bad",
    HandoffState.QUESTION: "warn",
    HandoffState.ACCEPTED: "good",
    HandoffState.IN_PROGRESS: "good",
}
CHANNEL_ICONS = {
    Channel.MAIL: "mail",
    Channel.PHONE: "phone",
    Channel.CHAT: "message-circle",
    Channel.PORTAL: "globe",
    Channel.API: "plug",
    Channel.IN_PERSON: "user",
    Channel.OTHER: "inbox",
}
ROW_KEYS = (
    ("tickets.label_ticket", RowKey(key="l", label="Label", url="tickets:label", target="panel")),
    ("tickets.offer_handoff", RowKey(key="h", label="Hand over", url="tickets:hand_over")),
)


def _teams(filters: Filters) -> Iterable[tuple[str, str]]:
    teams = Team.objects.visible_to(filters.user).of_kind(TeamKind.SUPPORT).for_choice()
    return [(str(team.pk), team.name) for team in teams]


def _customers(filters: Filters) -> Iterable[tuple[str, str]]:
    """The tickets without a customer, and the customer that is asked for."""
    seen = Customer.objects.visible_to(filters.user)
    return [(UNMATCHED, "Unmatched"), *asked_row(filters, "customer", among=seen)]


def _problem_asked(filters: Filters) -> Iterable[tuple[str, str]]:
    return asked_row(filters, "problem", among=Problem.objects.visible_to(filters.user))


def _rule_asked(name: str) -> Callable[[Filters], Iterable[tuple[str, str]]]:
    def choices(filters: Filters) -> Iterable[tuple[str, str]]:
        return asked_row(filters, name, among=LabelRule.objects.visible_to(filters.user))

    return choices


def _labels(filters: Filters) -> Iterable[tuple[str, str]]:
    return asked_row(filters, "label", among=LabelValue.objects.visible_to(filters.user))


class DueFilters(Filters):
    """Which of the tickets whose labels are due are asked for."""

    q = Search(label="Customer, subject, number", method="matching", all_by="all_matching")
    team = AnyOf(label="Team", choices=_teams)
    kind = AnyOf(label="Kind", choices=TicketKind.choices)
    priority = AnyOf(label="Priority", choices=Priority.choices)
    status = AnyOf(label="Status", choices=TicketStatus.choices)
    overdue = OneOf(label="Overdue", choices=[("1", "Overdue")], method="late")
    customer = OneOf(label="Customer", choices=_customers, method="of_customer")

    @cached_property
    def sought(self) -> Sought:
        """The words typed, looked up once."""
        return Sought(self.form.cleaned_data["q"], user=self.user)

    def matching(self, tickets: TicketQuerySet, _name: str, _text: str) -> TicketQuerySet:
        return tickets.filter(self.sought.walked)

    def all_matching(self, tickets: TicketQuerySet, _name: str, _text: str) -> TicketQuerySet:
        return tickets.filter(self.sought.gathered)

    def late(self, tickets: TicketQuerySet, _name: str, _value: str) -> TicketQuerySet:
        return tickets.overdue(self.now)

    def of_customer(self, tickets: TicketQuerySet, _name: str, asked: str) -> TicketQuerySet:
        return tickets.unmatched() if asked == UNMATCHED else tickets.of_customer(int(asked))


class TicketFilters(DueFilters):
    """Which tickets are asked for."""

    learning = AnyOf(label="Labels", choices=Learning.choices)
    answered_by = AnyOf(label="Answered by", choices=Origin.choices)
    only = OneOf(label="Only", choices=list(ONLY.items()), method="standing_so")
    opened = OneOf(
        label="Opened", choices=asked_period("opened", label="Opened"), method="opened_in"
    )
    solved = OneOf(
        label="Solved", choices=asked_period("solved", label="Solved"), method="solved_in"
    )
    first_solved = OneOf(
        label="First solved",
        choices=asked_period("first_solved", label="First solved"),
        method="first_solved_in",
    )
    reopened = OneOf(
        label="Reopened", choices=asked_period("reopened", label="Reopened"), method="reopened_in"
    )

    problem = OneOf(label="Problem", choices=_problem_asked, method="of_problem")
    rule = OneOf(label="Answered by rule", choices=_rule_asked("rule"), method="of_rule")
    fits = OneOf(label="Fits rule", choices=_rule_asked("fits"), method="fitting_rule")
    left_to = OneOf(label="Left to rule", choices=_rule_asked("left_to"), method="left_to_rule")
    label = OneOf(label="Label", choices=_labels, method="labelled_so")

    unusual = OneOf(label="Nothing unusual", choices=USUAL, method="usual_only")
    labelled = OneOf(
        label="Labelled", choices=asked_period("labelled", label="Labelled"), method="labelled_in"
    )

    def usual_only(self, tickets: TicketQuerySet, _name: str, _asked: str) -> TicketQuerySet:
        return nothing_unusual(tickets)

    def labelled_in(self, tickets: TicketQuerySet, _name: str, asked: str) -> TicketQuerySet:
        return labelled_by_people(tickets, read_period(asked))

    def of_problem(self, tickets: TicketQuerySet, _name: str, asked: str) -> TicketQuerySet:
        return tickets.of_problem(int(asked))

    def labelled_so(self, tickets: TicketQuerySet, _name: str, asked: str) -> TicketQuerySet:
        return labelled_with(tickets, int(asked))

    def of_rule(self, tickets: TicketQuerySet, _name: str, asked: str) -> TicketQuerySet:
        return tickets.answered_by_rule(int(asked))

    def fitting_rule(self, tickets: TicketQuerySet, _name: str, asked: str) -> TicketQuerySet:
        return fitting(self._rule(asked), tickets=tickets, user=self.user)

    def left_to_rule(self, tickets: TicketQuerySet, _name: str, asked: str) -> TicketQuerySet:
        return left_to(self._rule(asked), tickets=tickets, user=self.user)

    def _rule(self, asked: str) -> LabelRule:
        return LabelRule.objects.select_related("value").get(pk=int(asked))

    def standing_so(self, tickets: TicketQuerySet, _name: str, asked: str) -> TicketQuerySet:
        return {
            "open": tickets.unsolved,
            "urgent": tickets.urgent,
            "reopened": tickets.reopened,
        }[asked]()

    def opened_in(self, tickets: TicketQuerySet, _name: str, asked: str) -> TicketQuerySet:
        return within(tickets, "opened_at", read_period(asked))

    def solved_in(self, tickets: TicketQuerySet, _name: str, asked: str) -> TicketQuerySet:
        return within(tickets, "last_solved_at", read_period(asked))

    def first_solved_in(self, tickets: TicketQuerySet, _name: str, asked: str) -> TicketQuerySet:
        return within(tickets, "first_solved_at", read_period(asked))

    def reopened_in(self, tickets: TicketQuerySet, _name: str, asked: str) -> TicketQuerySet:
        return reopened_within(tickets, read_period(asked))


class TicketList(Listing[TicketRow, TicketQuerySet]):
    """Every ticket this person may see, the newest first."""

    name, title, url, noun = "tickets", "Tickets", "tickets:tickets", "ticket"
    row = TicketRow
    filters: ClassVar[type[Filters]] = TicketFilters
    internal = frozenset({"learning"})
    bulk = (*LABELS_IN_BULK, LINK_IN_BULK)

    def everything(self) -> TicketQuerySet:
        return Ticket.objects.visible_to(self.user)

    def with_columns(self, rows: TicketQuerySet) -> TicketQuerySet:
        return with_columns(rows, user=self.user)

    def table(self) -> Table[TicketRow]:
        keys = [key for permission, key in ROW_KEYS if self.user.has_perm(permission)]
        can_label = self.user.has_perm("tickets.label_ticket")
        columns = _columns(now=self.now, today=timezone.localdate(self.now))
        table = replace(TICKETS, columns=columns, row_keys=keys)
        return replace(table, peek="yes") if can_label else table

    def seen(self, row: TicketRow) -> str:
        return labels_state(row.learning, row.labels_answered)

    def nothing(self) -> Empty:
        can_import = self.user.has_perm("imports.run_import")
        return nothing_yet(
            "No tickets yet",
            text="Import the log of your helpdesk: its tickets stand here until they are labelled.",
            action_label="Import tickets",
            action_url=reverse("imports:list") if can_import else "",
        )


def row_name(row: TicketRow) -> str:
    """What a ticket is called: its subject where its source has one."""
    return f"{row.number} {row.subject}".strip()


def _columns(*, now: datetime, today: date) -> list[Column[TicketRow]]:
    return [
        Column(label="Ticket", lead="yes", grow="yes", cell=_ticket),
        Column(label="Customer", cell=_customer),
        Column(label="Kind", priority=3, cell=_kind),
        Column(
            label="Age",
            key="opened",
            order=["opened_at"],
            align="end",
            cell=lambda row: _age(row, now=now),
            card_label="Opened",
            help="Time since it was opened; red where the labels are overdue",
        ),
        Column(
            label="Labels",
            cell=lambda row: cells.dots(row.labels_answered),
            help="Dimensions answered, of five",
        ),
        Column(
            label="Renewal",
            align="end",
            priority=2,
            cell=lambda row: _renewal(row, today=today),
            card_label="Renewal",
            help="Days to the decision point of the customer's next renewal",
        ),
        Column(
            label="Owner",
            priority=3,
            cell=_owner,
            help="Who holds the customer, and what became of a handoff;"
            " the ticket's page says who covers for them now",
        ),
    ]


def _ticket(row: TicketRow) -> object:
    return cells.two_lines(row.subject or row.number, second=row.number if row.subject else "")


def _customer(row: TicketRow) -> object:
    if row.customer__name is None:
        return cells.badge("Unmatched", tone="warn")
    return format_html('<span class="customer-name">{}</span>', row.customer__name)


def _kind(row: TicketRow) -> object:
    return format_html(
        "{}{} {}", _channel_icon(row.channel), TicketKind(row.kind).label, _priority(row)
    )


@lru_cache(maxsize=16)
def _channel_icon(channel: str) -> SafeString:
    words = Channel(channel).label
    return format_html(
        '<span class="channel" title="{}">{}<span class="visually-hidden">{}, </span></span>',
        words,
        icon(CHANNEL_ICONS[Channel(channel)], 14),
        words,
    )


def _priority(row: TicketRow) -> object:
    """Said where it is out of the ordinary."""
    words, tone = Priority(row.priority).label, PRIORITY_TONES.get(row.priority)
    if row.is_blocked:
        return cells.badge(f"{words}, blocked" if tone else "Blocked", tone="bad")
    return cells.badge(words, tone=tone) if tone else cells.NOTHING


def _age(row: TicketRow, *, now: datetime) -> object:
    age = cells.age(row.opened_at, now=now)
    if row.learning_due_at is None or row.learning_due_at >= now:
        return age
    return format_html(
        '<span class="due-past">{}<span class="visually-hidden">, labels overdue</span></span>', age
    )


def _renewal(row: TicketRow, *, today: date) -> object:
    if row.decision_on is None:
        return cells.NOTHING
    return cells.due(row.decision_on, today=today)


def _owner(row: TicketRow) -> object:
    owner = cells.person(row.owner_name) if row.owner_name else cells.NOTHING
    if row.handoff_state is None:
        return owner
    tone = HANDOFF_TONES.get(row.handoff_state, "info")
    words = f"Handoff: {HandoffState(row.handoff_state).label.lower()}"
    return format_html("{} {}", owner, cells.badge(words, tone=tone))


TICKETS = Table[TicketRow](
    id="tickets",
    caption="Tickets",
    label=row_name,
    url="tickets:detail",
    default_sort="-opened",
    columns=[],
)
