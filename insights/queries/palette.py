"""What the palette finds for a text: customers, tickets, handoffs, people, pages.

A group asks for its own permission and is left out without it; rows come through `visible_to`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Contact, Customer, CustomerContact, Role, User
from accounts.queries.names import best_named
from supportsuccess import navigation
from supportsuccess.lists.table import rows_of
from tickets.models import Handoff, HandoffState, HandoffType
from tickets.queries.search import NEWEST, RANKED, Place, TicketHit, best_tickets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SHOWN = 6
LONGEST = 100
# the handoffs of so many customers of that name are looked at
CUSTOMERS = 20
LARGEST_ID = 2**63 - 1
HOW_RANKED = (
    f"Newest first. Of a common word the newest {NEWEST:,} tickets"
    f" and {RANKED:,} older ones are ranked."
)


@dataclass(frozen=True, kw_only=True)
class Option:
    """One line to choose."""

    label: str
    url: str
    icon: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    """The lines of one kind, and what has to be said of them."""

    title: str
    options: Sequence[Option]
    note: str = ""


class HandoffFound(NamedTuple):
    pk: int
    customer__name: str
    type: str
    state: str


def read_text(asked: str) -> str:
    """What somebody typed, as it can be looked for."""
    printable = "".join(sign if sign.isprintable() else " " for sign in asked)
    return " ".join(printable.split())[:LONGEST].strip()


def groups_for(user: User, *, text: str) -> list[Group]:
    """What this person may open that is called so, in the palette's order; pages for no text."""
    groups = (
        [*_found(user, text=text), _pages(user, text=text)] if text else [_pages(user, text="")]
    )
    return [group for group in groups if group.options]


def _found(user: User, *, text: str) -> Iterator[Group]:
    customers = _customers(user, text=text)
    yield Group(title="Customers", options=[_customer(*row) for row in customers[:SHOWN]])
    if user.has_perm("tickets.view_ticket"):
        yield _tickets(user, text=text)
    if user.has_perm("tickets.view_handoff"):
        yield _handoffs(user, text=text, customers=[pk for pk, _ in customers])
    yield Group(
        title="People", options=[*_colleagues(user, text=text), *_contacts(user, text=text)]
    )


def _customers(user: User, *, text: str) -> list[tuple[int, str]]:
    if not user.has_perm("accounts.view_customer"):
        return []
    rows = Customer.objects.visible_to(user).still_here()
    found = best_named(rows, text=text, size=CUSTOMERS, columns=("pk", "name"))
    return [(pk, name) for pk, name in found]


def _customer(pk: int, name: str) -> Option:
    return Option(label=name, url=reverse("insights:customer", args=[pk]), icon="building-2")


def _tickets(user: User, *, text: str) -> Group:
    hits = best_tickets(text, user=user, size=SHOWN)
    note = HOW_RANKED if len(hits) == SHOWN else ""
    return Group(title="Tickets", options=[_ticket(hit) for hit in hits], note=note)


def _ticket(hit: TicketHit) -> Option:
    said = [hit.number, hit.customer__name, "in a message" if hit.place == Place.MESSAGE else ""]
    return Option(
        label=hit.subject or hit.number,
        url=reverse("tickets:detail", args=[hit.pk]),
        icon="inbox",
        note=" · ".join(filter(None, said)),
    )


def _handoffs(user: User, *, text: str, customers: list[int]) -> Group:
    asked = Q(customer__in=customers)
    number = text.removeprefix("#")
    if number.isdecimal() and int(number) <= LARGEST_ID:
        asked |= Q(pk=int(number))
    elif not customers:
        return Group(title="Handoffs", options=[])
    rows = Handoff.objects.visible_to(user).filter(asked)
    open_first = rows.order_by(F("closed_at").desc(nulls_first=True), "-pk")
    found = rows_of(HandoffFound, open_first[:SHOWN])
    return Group(title="Handoffs", options=[_handoff(row) for row in found])


def _handoff(found: HandoffFound) -> Option:
    return Option(
        label=f"{found.customer__name}: {HandoffType(found.type).label.lower()}",
        url=reverse("tickets:handoff", args=[found.pk]),
        icon="arrow-right-left",
        note=f"#{found.pk} · {HandoffState(found.state).label}",
    )


def _colleagues(user: User, *, text: str) -> Iterator[Option]:
    if not user.has_perm("accounts.view_person"):
        return
    rows = User.objects.visible_to(user).active()
    for pk, name, role in best_named(rows, text=text, size=SHOWN, columns=("pk", "name", "role")):
        url = reverse("insights:person", args=[pk])
        yield Option(label=name, url=url, icon="user", note=Role(role).label)


def _contacts(user: User, *, text: str) -> Iterator[Option]:
    """People at customers, whose page is their customer's."""
    if not user.has_perm("accounts.view_contact"):
        return
    rows = Contact.objects.visible_to(user).still_here()
    found = [pk for (pk,) in best_named(rows, text=text, size=SHOWN, columns=("pk",))]
    if not found:
        return
    places = CustomerContact.objects.visible_to(user).present().filter(contact__in=found)
    told = places.values_list("contact", "contact__name", "customer", "customer__name")
    for _, name, customer, of in sorted(told, key=lambda row: found.index(row[0])):
        url = reverse("insights:customer", args=[customer])
        yield Option(label=name, url=url, icon="user", note=of)


def _pages(user: User, *, text: str) -> Group:
    lines = [item for group in navigation.groups_for(user, path="") for item in group.items]
    wanted = [line for line in lines if text.casefold() in line.label.casefold()]
    return Group(
        title="Pages",
        options=[Option(label=line.label, url=line.url, icon=line.icon) for line in wanted],
    )
