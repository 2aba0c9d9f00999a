"""The list of promises: what we told customers, by when, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from accounts.models import Customer, User
from supportsuccess.lists import cells
from supportsuccess.lists.empty import Empty, all_done
from supportsuccess.lists.filters import Filters, OneOf, Search, asked_row
from supportsuccess.lists.listing import Listing
from supportsuccess.lists.table import Column, RowKey, Table
from tickets.models import Promise, PromiseState
from tickets.models.promises import PromiseQuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

STATE_TONES: dict[str, cells.Tone] = {
    PromiseState.OPEN: "info",
    PromiseState.KEPT: "good",
    PromiseState.BROKEN: "bad",
}
MOVE_PERMISSION = "tickets.offer_handoff"
ROW_KEYS = [
    RowKey(key="1", label="Kept", url="tickets:promise_keep", target="dialog"),
    RowKey(key="2", label="Renegotiate", url="tickets:promise_renegotiate", target="dialog"),
    RowKey(key="3", label="Broken", url="tickets:promise_break", target="dialog"),
    RowKey(key="4", label="Withdraw", url="tickets:promise_withdraw", target="dialog"),
]


class PromiseRow(NamedTuple):
    pk: int
    text: str
    customer__name: str
    owner__name: str
    due_on: date
    state: str


def _people(filters: Filters) -> Iterable[tuple[str, str]]:
    """Oneself, and the colleague who is asked for."""
    me, asked = str(filters.user.pk), filters.asked.get("owner", "")
    choices = [(me, "Me")]
    if asked != me:
        choices += asked_row(filters, "owner", among=User.objects.visible_to(filters.user))
    return choices


def _customers(filters: Filters) -> Iterable[tuple[str, str]]:
    """The customer that is asked for."""
    return asked_row(filters, "customer", among=Customer.objects.visible_to(filters.user))


class PromiseFilters(Filters):
    """Which promises are asked for."""

    q = Search(label="Customer", method="named_like")
    state = OneOf(label="State", choices=PromiseState.choices, method="in_state", default="open")
    owner = OneOf(label="Owner", choices=_people, method="of_owner")
    late = OneOf(label="Late", choices=[("1", "Late")], method="past_due")
    customer = OneOf(label="Of", choices=_customers, method="of_customer")

    def named_like(self, promises: PromiseQuerySet, _name: str, words: str) -> PromiseQuerySet:
        return promises.named_like(words)

    def in_state(self, promises: PromiseQuerySet, _name: str, state: str) -> PromiseQuerySet:
        return promises.in_state(PromiseState(state))

    def of_owner(self, promises: PromiseQuerySet, _name: str, asked: str) -> PromiseQuerySet:
        return promises.owned_by(int(asked))

    def past_due(self, promises: PromiseQuerySet, _name: str, _value: str) -> PromiseQuerySet:
        return promises.due_before(self.now.date())

    def of_customer(self, promises: PromiseQuerySet, _name: str, asked: str) -> PromiseQuerySet:
        return promises.of_customer(int(asked))


class Promises(Listing[PromiseRow, PromiseQuerySet]):
    """What we told customers we would do, the one that is due next first."""

    name, title, url, noun = "promises", "Promises", "tickets:promises", "promise"
    row = PromiseRow
    filters: ClassVar[type[Filters]] = PromiseFilters
    personal = {"owner": ""}

    def everything(self) -> PromiseQuerySet:
        return Promise.objects.visible_to(self.user)

    def table(self) -> Table[PromiseRow]:
        may_move = self.user.has_perm(MOVE_PERMISSION)
        columns = _columns(today=self.now.date())
        return replace(PROMISES, columns=columns, row_keys=ROW_KEYS if may_move else [])

    def no_match(self) -> Empty:
        if self.is_narrowed_beyond("state", "owner"):
            return super().no_match()
        return self.nothing()

    def nothing(self) -> Empty:
        return all_done("No promise here", text="What customers are told we will do appears here.")


def _columns(*, today: date) -> list[Column[PromiseRow]]:
    return [
        Column(label="Promise", lead="yes", grow="yes", cell=lambda row: row.text),
        Column(
            label="Customer",
            key="customer",
            order=["customer__sort_name"],
            card_label="To",
            cell=lambda row: row.customer__name,
        ),
        Column(label="Owner", card_label="Owner", cell=lambda row: cells.person(row.owner__name)),
        Column(
            label="Due",
            key="due",
            order=["due_on"],
            align="end",
            cell=lambda row: _due(row, today=today),
        ),
        Column(label="State", priority=2, cell=lambda row: state_badge(row.state)),
    ]


def state_badge(state: str) -> object:
    """A state in a word and its tone."""
    return cells.badge(PromiseState(state).label, STATE_TONES.get(state, "idle"))


def _due(row: PromiseRow, *, today: date) -> object:
    if row.state == PromiseState.OPEN:
        return cells.due(row.due_on, today=today)
    return cells.day(row.due_on)


PROMISES = Table[PromiseRow](
    id="promises",
    caption="Promises",
    url="tickets:promise",
    label=lambda row: f"{row.text}: {row.customer__name}",
    default_sort="due",
    columns=[],
)
