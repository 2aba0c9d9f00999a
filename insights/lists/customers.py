"""The list of customers: what it shows of one, what it can be narrowed by, and its orders."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.db.models import F

from accounts.models import Band, Segment, Stage
from accounts.queries.organisation import Ours, our_organisation
from insights.lists.bulk_customers import CUSTOMERS_IN_BULK, OWNER_EDIT
from insights.lists.drill_down import handoffs_url, tickets_url
from insights.lists.money import without_money
from insights.lists.renewals import health_link, why_link
from insights.lists.whose import EVERYONE, of_owner, whose
from insights.models import ListedCustomer
from insights.models.renewals import ListedCustomerQuerySet
from insights.queries.customers import CustomerRow, unplaced, with_assignment
from insights.queries.stake import renewals_at_stake
from supportsuccess.lists import cells
from supportsuccess.lists.empty import nothing_yet
from supportsuccess.lists.filters import AnyOf, Filters, OneOf, Search, asked_row
from supportsuccess.lists.listing import Listing
from supportsuccess.lists.table import Column, RowKey, Table
from tickets.models import Problem, Ticket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from supportsuccess.lists.empty import Empty

TOUCH_KEY = RowKey(key="t", label="Log a touch", url="insights:customer_touch", target="dialog")


def _problem_asked(filters: Filters) -> Iterable[tuple[str, str]]:
    return asked_row(filters, "problem", among=Problem.objects.visible_to(filters.user))


class CustomerFilters(Filters):
    """Which customers are asked for."""

    q = Search(label="Customer", method="named_like")
    owner = OneOf(label="Whose", choices=whose, method="of_owner", default=EVERYONE)
    segment = AnyOf(label="Segment", choices=Segment.choices)
    band = AnyOf(label="Health", choices=Band.choices)
    stage = AnyOf(label="Stage", choices=Stage.choices)
    at_stake = OneOf(label="At stake", choices=[("yes", "At stake")], method="troubled")
    unplaced = OneOf(label="Unplaced", choices=[("yes", "Unplaced")], method="not_placed")
    problem = OneOf(label="Problem", choices=_problem_asked, method="of_problem")

    def named_like(
        self, rows: ListedCustomerQuerySet, _name: str, words: str
    ) -> ListedCustomerQuerySet:
        return rows.named_like(words)

    def of_owner(
        self, rows: ListedCustomerQuerySet, _name: str, owner: str
    ) -> ListedCustomerQuerySet:
        return of_owner(rows, self, owner=owner)

    def troubled(
        self, rows: ListedCustomerQuerySet, _name: str, _value: str
    ) -> ListedCustomerQuerySet:
        day = our_organisation().day_of(self.now)
        stake = renewals_at_stake(self.user, at=self.now, day=day)
        return rows.of_customers(stake.values("customer"))

    def of_problem(
        self, rows: ListedCustomerQuerySet, _name: str, asked: str
    ) -> ListedCustomerQuerySet:
        tickets = Ticket.objects.visible_to(self.user).of_problem(int(asked))
        return rows.of_customers(tickets.values("customer"))

    def not_placed(
        self, rows: ListedCustomerQuerySet, _name: str, _value: str
    ) -> ListedCustomerQuerySet:
        return rows.of_customers(unplaced(self.user, at=self.now).values("customer"))


class Customers(Listing[CustomerRow, ListedCustomerQuerySet]):
    """The customers this person may see, by name."""

    name, title, url, noun = "customers", "Customers", "insights:customers", "customer"
    row = CustomerRow
    filters: ClassVar[type[Filters]] = CustomerFilters
    personal = {"owner": "me"}
    internal = frozenset({"sort_name", "arr_rank", "score_rank", "assignment"})
    bulk = CUSTOMERS_IN_BULK
    edits = (OWNER_EDIT,)

    @cached_property
    def ours(self) -> Ours:
        return our_organisation()

    def everything(self) -> ListedCustomerQuerySet:
        return ListedCustomer.objects.visible_to(self.user)

    def with_columns(self, rows: ListedCustomerQuerySet) -> ListedCustomerQuerySet:
        named = rows.annotate(name=F("customer__name"), owner_name=F("owner__name"))
        return with_assignment(named)

    def table(self) -> Table[CustomerRow]:
        columns = _columns(now=self.now)
        if self.user.has_perm("accounts.view_money"):
            columns.insert(1, _money_column(currency=self.ours.currency))
        keys = [TOUCH_KEY] if self.user.has_perm("accounts.log_touch") else []
        return replace(CUSTOMERS, columns=columns, row_keys=keys)

    def seen(self, row: CustomerRow) -> str:
        return str(row.assignment or "")

    @property
    def exported(self) -> list[str]:
        return without_money(super().exported, user=self.user)

    def nothing(self) -> Empty:
        return nothing_yet(
            "No customers yet",
            text="They come with an import: a file of customers and contracts, or a ticket log.",
        )


def _columns(*, now: datetime) -> list[Column[CustomerRow]]:
    return [
        Column(
            label="Customer",
            key="name",
            order=["sort_name"],
            lead="yes",
            cell=lambda row: cells.two_lines(row.name, second=Segment(row.segment).label),
        ),
        Column(label="Stage", priority=3, cell=lambda row: Stage(row.stage).label),
        Column(
            label="Health",
            key="health",
            order=["score_rank"],
            cell=lambda row: health_link(row.pk, row.score, row.band),
        ),
        Column(
            label="Why",
            grow="yes",
            priority=2,
            cell=lambda row: why_link(row.pk, row.change_sentence),
        ),
        Column(
            label="Open tickets",
            align="end",
            priority=3,
            cell=lambda row: _count(row.open_tickets, tickets_url, row),
            card_label="Open tickets",
        ),
        Column(
            label="Handoffs",
            align="end",
            priority=3,
            cell=lambda row: _count(row.open_handoffs, handoffs_url, row),
            card_label="Open handoffs",
        ),
        Column(
            label="Touch",
            align="end",
            priority=2,
            cell=lambda row: cells.age(row.last_touch_at, now=now),
            card_label="Last touch",
            help="Time since the last touch",
        ),
        Column(
            label="Owner",
            priority=2,
            cell=lambda row: cells.person(row.owner_name or ""),
            edit="owner",
        ),
        Column(
            label="Segment",
            priority=3,
            cell=lambda row: Segment(row.segment).label,
            at_first="hidden",
        ),
    ]


def _count(number: int, url: Callable[[int], str], row: CustomerRow) -> object:
    return cells.opens("count", number, href=url(row.pk)) if number else cells.NOTHING


def _money_column(*, currency: str) -> Column[CustomerRow]:
    return Column(
        label="ARR",
        key="arr",
        order=["arr_rank"],
        align="end",
        cell=lambda row: cells.money(row.arr, currency=currency),
        card_label="ARR",
        help="Yearly revenue of the contracts in force",
    )


CUSTOMERS = Table[CustomerRow](
    id="customers",
    caption="Customers",
    label=lambda row: row.name,
    url="insights:customer",
    default_sort="name",
    columns=[],
)
