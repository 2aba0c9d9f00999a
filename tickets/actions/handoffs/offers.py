"""What the sender does: offer, add a ticket, answer, offer again, withdraw."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction

from supportsuccess import audit
from supportsuccess.errors import Refused
from tickets.actions.handoffs import notices
from tickets.actions.handoffs.steps import (
    add_event,
    lock_customer,
    lock_for,
    record,
    refuse_second,
    start_holding,
    stop_holding,
)
from tickets.models import (
    Handoff,
    HandoffPacket,
    HandoffTemplate,
    HandoffTicket,
    HolderCause,
)
from tickets.models.handoff_moves import ADD_TICKET, ANSWER, OFFER, OFFER_AGAIN, WITHDRAW
from tickets.queries.handoff_addresses import Address, address_of, first_team_of
from tickets.queries.handoff_targets import due_at
from tickets.queries.packets import canonical, facts_for_packet

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from accounts.models import Customer, User
    from tickets.actions.handoffs.steps import Actor
    from tickets.models import HandoffType, Priority, Ticket
    from tickets.models.handoff_moves import Move


@transaction.atomic
def offer_handoff(
    customer: Customer,
    *,
    type: HandoffType | str,  # noqa: A002 - the domain's word for it
    priority: Priority | str,
    need: str,
    tickets: Collection[Ticket] = (),
    receiver: User | None = None,
    by: User,
    at: datetime,
) -> Handoff:
    """Hand a customer's matter to who answers for it; until acceptance it stays the sender's.

    Raises AlreadyOpen naming the open one, and Refused when something needed is missing or nobody
    can receive it.
    """
    with audit.group("offer_handoff", customer, by=by):
        customer = lock_customer(customer)
        template = HandoffTemplate.objects.select_related("addresses_role").get(type=type)
        _refuse_incomplete(template, need=need, tickets=tickets, customer=customer)
        address = address_of(customer, template=template, receiver=receiver, at=at)
        handoff = Handoff(
            customer=customer,
            type=type,
            priority=priority,
            need=need.strip(),
            sender=by,
            from_team=first_team_of(by, at=at),
        )
        _put_before(address, handoff, at=at)
        refuse_second(handoff)
        handoff.state = str(OFFER.target)
        handoff.save(force_insert=True)
        HandoffTicket.objects.bulk_create(HandoffTicket(handoff=handoff, ticket=t) for t in tickets)
        start_holding(handoff, user=by, cause=HolderCause.OFFERED, at=at)
        event = add_event(OFFER, handoff, by=by, at=at, text=f"To {address.receiver.name}")
        _freeze_packet(handoff, at=at)
        notices.tell_offered(handoff, event, address=address)
    return handoff


@transaction.atomic
def offer_again(
    handoff: Handoff,
    *,
    by: User,
    at: datetime,
    need: str = "",
    receiver: User | None = None,
) -> Handoff:
    """Offer a returned or expired handoff once more, corrected or to somebody else.

    Raises TooLate, AlreadyOpen and Refused.
    """
    with audit.group("offer_again", handoff, by=by):
        lock_customer(handoff.customer)
        handoff = lock_for(OFFER_AGAIN, handoff, by=by, at=at)
        handoff.need = need.strip() or handoff.need
        put_on_offer(handoff, receiver=receiver or handoff.receiver, by=by, at=at)
    return handoff


@transaction.atomic
def add_ticket(handoff: Handoff, *, ticket: Ticket, by: User, at: datetime) -> Handoff:
    """Make a ticket part of an open handoff of its customer. Raises TooLate and Refused."""
    with audit.group("add_ticket", handoff, by=by):
        handoff = lock_for(ADD_TICKET, handoff, by=by, at=at)
        _refuse_foreign([ticket], handoff.customer)
        _, is_new = HandoffTicket.objects.get_or_create(handoff=handoff, ticket=ticket)
        if not is_new:
            raise Refused(f"{ticket.number} is part of it already.")
        event = record(ADD_TICKET, handoff, by=by, at=at, text=ticket.number)
        notices.tell_receiver(handoff, event, by=by)
    return handoff


@transaction.atomic
def answer_question(handoff: Handoff, *, answer: str, by: User, at: datetime) -> Handoff:
    """Answer what the receiver asked; their clock went on meanwhile. Raises TooLate and Refused."""
    with audit.group("answer_question", handoff, by=by):
        if not answer.strip():
            raise Refused("Write the answer.", field="answer")
        handoff = lock_for(ANSWER, handoff, by=by, at=at)
        event = record(ANSWER, handoff, by=by, at=at, text=answer.strip())
        notices.tell_receiver(handoff, event, by=by)
    return handoff


@transaction.atomic
def withdraw_handoff(handoff: Handoff, *, by: User, at: datetime, reason: str = "") -> Handoff:
    """Take an offer back before anybody accepted it: also the undo of an offer. Raises TooLate."""
    with audit.group("withdraw_handoff", handoff, by=by, reason=reason):
        handoff = lock_for(WITHDRAW, handoff, by=by, at=at)
        event = record(WITHDRAW, handoff, by=by, at=at, text=reason, closed_at=at)
        stop_holding(handoff, at=at)
        notices.tell_withdrawn(handoff, event, by=by)
    return handoff


def put_on_offer(
    handoff: Handoff, *, receiver: User, by: Actor, at: datetime, move: Move = OFFER_AGAIN
) -> None:
    """Put a locked handoff before this receiver with a new clock and a new packet."""
    template = HandoffTemplate.objects.select_related("addresses_role").get(type=handoff.type)
    address = address_of(handoff.customer, template=template, receiver=receiver, at=at)
    _put_before(address, handoff, at=at)
    refuse_second(handoff)
    event = record(
        move,
        handoff,
        by=by,
        at=at,
        text=f"To {address.receiver.name}",
        need=handoff.need,
        receiver=handoff.receiver,
        to_team=handoff.to_team,
        offered_at=handoff.offered_at,
        due_at=handoff.due_at,
    )
    _freeze_packet(handoff, at=at)
    notices.tell_offered(handoff, event, address=address)


def _put_before(address: Address, handoff: Handoff, *, at: datetime) -> None:
    if address.receiver == handoff.sender:
        message = f"{handoff.sender.name} answers for this already. Say who should take it."
        raise Refused(message, field="receiver")
    handoff.receiver = address.receiver
    handoff.to_team = address.team
    handoff.offered_at = at
    handoff.due_at = due_at(address.team, priority=handoff.priority, offered_at=at)


def _freeze_packet(handoff: Handoff, *, at: datetime) -> None:
    content = canonical(facts_for_packet(handoff, at=at))
    digest = hashlib.sha256(content.encode()).hexdigest()
    HandoffPacket.objects.create(handoff=handoff, frozen_at=at, content=content, sha256=digest)


def _refuse_incomplete(
    template: HandoffTemplate, *, need: str, tickets: Collection[Ticket], customer: Customer
) -> None:
    given = {"need": need.strip(), "tickets": tickets}
    missing = next((name for name in template.required_fields if not given[name]), None)
    if missing == "need":
        raise Refused("Say in one sentence what the customer needs.", field="need")
    if missing == "tickets":
        raise Refused(f"{template} needs the ticket it is about.", field="tickets")
    _refuse_foreign(tickets, customer)


def _refuse_foreign(tickets: Collection[Ticket], customer: Customer) -> None:
    foreign = next((ticket for ticket in tickets if ticket.customer_id != customer.pk), None)
    if foreign:
        message = f"{foreign.number} is not a ticket of {customer.name}."
        raise Refused(message, field="tickets")
