"""What an offer would be before it is made: who gets it, by when, and whether one is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from supportsuccess.errors import Refused
from tickets.models import Handoff, HandoffTemplate
from tickets.queries.handoff_addresses import Address, address_of
from tickets.queries.handoff_targets import due_at

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Customer, User


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Who would receive it and until when; or why nobody would."""

    address: Address | None
    due_at: datetime | None
    open_one: Handoff | None
    refusal: str = ""


def preview_offer(
    customer: Customer, *, type_: str, priority: str, receiver: User | None, at: datetime
) -> Preview:
    """What `offer_handoff` would do now."""
    template = HandoffTemplate.objects.select_related("addresses_role").get(type=type_)
    try:
        address = address_of(customer, template=template, receiver=receiver, at=at)
    except Refused as refusal:
        return Preview(address=None, due_at=None, open_one=None, refusal=refusal.message)
    same = Handoff.objects.open().filter(customer=customer, type=type_, to_team=address.team)
    return Preview(
        address=address,
        due_at=due_at(address.team, priority=priority, offered_at=at),
        open_one=same.for_page().first(),
    )
