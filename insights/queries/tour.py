"""The stops of the demo company's tour whose parts exist: what to look at, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from accounts.models import Assignment, Customer, Renewal, User
from tickets.models import Handoff, Ticket

if TYPE_CHECKING:
    from collections.abc import Iterator

# Who walks the tour, by address: the demo's sign-ins.
WALKERS = ("agent", "csm", "lead", "cslead", "admin")
DOMAIN = "@example.com"


@dataclass(frozen=True)
class Stop:
    """One thing to see: as whom, where, and what to look at there."""

    title: str
    look: str
    walker: str
    url: str


def stops() -> list[Stop]:
    """The tour in its order. Raises ObjectDoesNotExist where the stories are not told."""
    return [*_halden(), *_contract_cuts_both_ways(), *_honesty(), *_absence(), *_lost()]


def walkers() -> list[User]:
    """Those whose place one may take, in the order of the tour."""
    addresses = [f"{name}{DOMAIN}" for name in WALKERS]
    found = User.objects.active().filter(email__in=addresses)
    return sorted(found, key=lambda person: addresses.index(person.email))


def _halden() -> Iterator[Stop]:
    yield Stop(
        "What Mina heard",
        "A bug reopened three times, a customer who may leave, a competitor's name: five answers"
        " on one ticket.",
        "agent",
        reverse("tickets:detail", args=[_ticket("LF-HALDEN-SYNC").pk]),
    )
    yield Stop(
        "Whom to call first",
        "Halden Lifts is on top: €312k, notice possible for nine more days.",
        "csm",
        reverse("insights:renewals"),
    )
    yield Stop(
        "Why it fell",
        "The sentence under the score adds up to the last point: reopens, a champion who left.",
        "csm",
        reverse("insights:renewal", args=[_renewal("Halden Lifts").pk]),
    )
    yield Stop(
        "Who is accountable now",
        "Offered by Mina, accepted by Jonas within 50 minutes; from then on it is his, and outside"
        " his working hours his lead's.",
        "csm",
        reverse("tickets:handoff", args=[_handoff("Halden Lifts").pk]),
    )


def _contract_cuts_both_ways() -> Iterator[Stop]:
    yield Stop(
        "Returned, corrected, renewed",
        "Yuki asked who decides; Aoife added it; the renewal was kept flat.",
        "lead",
        reverse("tickets:handoff", args=[_handoff("Aster Rail").pk]),
    )


def _honesty() -> Iterator[Stop]:
    yield Stop(
        "Silence is not health",
        "Northsound wrote its last ticket 140 days ago: Unknown, and never green.",
        "cslead",
        reverse("insights:customer", args=[_customer("Northsound Alarms").pk]),
    )
    yield Stop(
        "A part of it goes",
        "Miravel gave notice for the module Parts and keeps the others.",
        "cslead",
        reverse("insights:renewal", args=[_renewal("Miravel Climate").pk]),
    )


def _absence() -> Iterator[Stop]:
    held = Assignment.objects.current().in_role("owner")
    hers = held.filter(holder_user__email=f"ines{DOMAIN}").earliest("customer__sort_name", "pk")
    yield Stop(
        "Ines is away, Rob answers",
        "Cover is resolved at the moment one asks; on Friday Rob is gone too, and Yuki answers.",
        "cslead",
        reverse("insights:customer", args=[hers.customer_id]),
    )


def _lost() -> Iterator[Stop]:
    yield Stop(
        "They had said it",
        "Brightwell named price and a competitor five months before it left; nobody handed it"
        " over.",
        "cslead",
        reverse("tickets:detail", args=[_ticket("LF-BRIGHTWELL-PRICE").pk]),
    )


def _ticket(number: str) -> Ticket:
    return Ticket.objects.get(number=number)


def _customer(name: str) -> Customer:
    return Customer.objects.get(name=name)


# Visitors may have decided and handed over since: the stories' own come first.
def _renewal(name: str) -> Renewal:
    return Renewal.objects.filter(customer__name=name).earliest("due_on", "pk")


def _handoff(name: str) -> Handoff:
    return Handoff.objects.filter(customer__name=name).earliest("pk")
