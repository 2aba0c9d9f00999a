"""The known issues behind many tickets, and what each of them costs."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.urls import reverse

from accounts.queries.organisation import Ours, our_organisation
from insights.lists.money import without_money
from insights.queries.problems import NEVER, ProblemRow, with_costs
from supportsuccess.lists import cells
from supportsuccess.lists.empty import nothing_yet
from supportsuccess.lists.filters import AnyOf, Filters, OneOf, Search
from supportsuccess.lists.listing import Listing
from supportsuccess.lists.table import Column, Table
from tickets.models import Problem, ProblemState
from tickets.models.problems import ProblemQuerySet

if TYPE_CHECKING:
    from datetime import datetime

    from supportsuccess.lists.empty import Empty

STATE_TONES: dict[str, cells.Tone] = {
    ProblemState.OPEN: "warn",
    ProblemState.FIX_PLANNED: "info",
    ProblemState.FIXED: "good",
    ProblemState.DECLINED: "idle",
}


class ProblemFilters(Filters):
    q = Search(label="Title, signature, key", method="matching")
    state = AnyOf(label="State", choices=ProblemState.choices)
    labels = OneOf(label="Labels", choices=[("none", "Without labels")], method="saying_nothing")

    def matching(self, problems: ProblemQuerySet, _name: str, text: str) -> ProblemQuerySet:
        return problems.matching(text)

    def saying_nothing(self, problems: ProblemQuerySet, _name: str, _asked: str) -> ProblemQuerySet:
        return problems.without_labels()


class Problems(Listing[ProblemRow, ProblemQuerySet]):
    """Known issues, those with the most open tickets first."""

    name, title, url, noun = "problems", "Problems", "insights:problems", "problem"
    row = ProblemRow
    filters: ClassVar[type[Filters]] = ProblemFilters

    @cached_property
    def ours(self) -> Ours:
        return our_organisation()

    def everything(self) -> ProblemQuerySet:
        return Problem.objects.visible_to(self.user)

    def with_columns(self, rows: ProblemQuerySet) -> ProblemQuerySet:
        return with_costs(rows, user=self.user)

    def table(self) -> Table[ProblemRow]:
        columns = _columns(now=self.now)
        if self.user.has_perm("accounts.view_money"):
            columns.insert(-1, _money_column(currency=self.ours.currency))
        return replace(PROBLEMS, columns=columns)

    @property
    def exported(self) -> list[str]:
        return without_money(super().exported, user=self.user)

    def nothing(self) -> Empty:
        can_add = self.user.has_perm("tickets.edit_problem")
        return nothing_yet(
            "No problems yet",
            text="Where one cause brings many tickets, name it once: its root cause, fix and"
            " feedback then answer each ticket that is linked to it.",
            action_label="Name a problem",
            action_url=reverse("insights:problem_new") if can_add else "",
        )


def state_badge(state: str) -> object:
    return cells.badge(ProblemState(state).label, tone=STATE_TONES[state])


def _columns(*, now: datetime) -> list[Column[ProblemRow]]:
    return [
        Column(
            label="Problem",
            key="title",
            order=["title"],
            lead="yes",
            grow="yes",
            cell=lambda row: cells.two_lines(row.title, second=row.error_signature),
        ),
        Column(label="State", cell=lambda row: state_badge(row.state)),
        Column(label="Tracker", priority=3, cell=lambda row: cells.own(row.tracker_key)),
        Column(
            label="Open",
            key="open",
            order=["open_tickets", "all_tickets"],
            align="end",
            cell=lambda row: _tickets(row, row.open_tickets, only="&only=open"),
            card_label="Open tickets",
        ),
        Column(
            label="Tickets",
            key="tickets",
            order=["all_tickets"],
            align="end",
            cell=lambda row: _tickets(row, row.all_tickets),
            card_label="Tickets",
        ),
        Column(
            label="Customers",
            key="customers",
            order=["customers"],
            align="end",
            priority=2,
            cell=_customers,
            card_label="Customers",
        ),
        Column(
            label="Newest",
            key="newest",
            order=["newest_at"],
            align="end",
            priority=2,
            cell=lambda row: (
                cells.NOTHING if row.newest_at == NEVER else cells.age(row.newest_at, now=now)
            ),
            card_label="Newest ticket",
            help="Time since its newest ticket was opened",
        ),
    ]


def _tickets(row: ProblemRow, number: int, *, only: str = "") -> object:
    if not number:
        return cells.NOTHING
    href = f"{reverse('tickets:tickets')}?problem={row.pk}{only}"
    return cells.opens("count", number, href=href)


def _customers(row: ProblemRow) -> object:
    if not row.customers:
        return cells.NOTHING
    return cells.opens("count", row.customers, href=customers_url(row.pk))


def customers_url(problem_id: int) -> str:
    """The customers who have a ticket of a problem, the largest first."""
    return f"{reverse('insights:customers')}?problem={problem_id}&sort=-arr"


def _money_column(*, currency: str) -> Column[ProblemRow]:
    return Column(
        label="ARR",
        align="end",
        cell=lambda row: cells.money(row.arr, currency=currency),
        card_label="ARR affected",
        help="Yearly revenue of the customers who have a ticket of it",
    )


PROBLEMS = Table[ProblemRow](
    id="problems",
    caption="Problems",
    label=lambda row: row.title,
    url="insights:problem",
    default_sort="-open",
    columns=[],
)
