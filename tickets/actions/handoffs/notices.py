"""Who is told of which step of a handoff; the notice names the matter, the mail links to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.actions.notifications import notify, recall
from accounts.models import Membership, User
from accounts.queries.leads import lead_of, leads_over
from accounts.queries.roster import roster_of
from tickets.models import HandoffEventKind, Priority
from tickets.queries.handoff_deciders import deciders_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from tickets.actions.handoffs.steps import Actor
    from tickets.models import Handoff, HandoffEvent
    from tickets.queries.handoff_addresses import Address

VERBS = {
    HandoffEventKind.OFFERED: "offered",
    HandoffEventKind.ASKED: "has a question on",
    HandoffEventKind.ANSWERED: "answered your question on",
    HandoffEventKind.ACCEPTED: "accepted",
    HandoffEventKind.RETURNED: "returned",
    HandoffEventKind.DECIDED: "decided about",
    HandoffEventKind.WITHDRAWN: "withdrew",
    HandoffEventKind.NEARLY_DUE: "to accept",
    HandoffEventKind.OVERDUE: "is late to accept",
    HandoffEventKind.EXPIRED: "let expire",
    HandoffEventKind.REASSIGNED: "reassigned",
    HandoffEventKind.TICKET_ADDED: "added a ticket to",
    HandoffEventKind.COMPLETED: "completed",
    HandoffEventKind.CANCELLED: "cancelled",
    HandoffEventKind.REOPENED: "reopened",
    HandoffEventKind.THANKED: "thanks you for",
}


def tell_offered(handoff: Handoff, event: HandoffEvent, *, address: Address) -> None:
    """The receiver and who covers for them; of a critical one the team's lead at once."""
    told = {handoff.receiver_id, address.answering.user_id}
    if handoff.priority == Priority.CRITICAL:
        lead = lead_of(handoff.to_team, at=event.occurred_at)
        told |= {lead.pk} if lead else set()
    _tell(told, handoff, event, who=handoff.sender.name)


def tell_sender(handoff: Handoff, event: HandoffEvent, *, by: User) -> None:
    """The sender, and who answers for them."""
    _tell(_with_stand_ins([handoff.sender_id], event) - {by.pk}, handoff, event, who=by.name)


def tell_receiver(handoff: Handoff, event: HandoffEvent, *, by: User) -> None:
    """The receiver, and who answers for them."""
    _tell(_with_stand_ins([handoff.receiver_id], event) - {by.pk}, handoff, event, who=by.name)


def tell_both(handoff: Handoff, event: HandoffEvent, *, by: Actor) -> None:
    """Both sides but the one who did it."""
    both = _with_stand_ins([handoff.sender_id, handoff.receiver_id], event)
    _tell(both - {by.pk}, handoff, event, who=str(by))


def tell_nearly_due(handoff: Handoff, event: HandoffEvent) -> None:
    """The receiver, and who answers for them."""
    told = _with_stand_ins([handoff.receiver_id], event)
    _tell(told, handoff, event, who="Little time is left")


def tell_overdue(handoff: Handoff, event: HandoffEvent) -> None:
    """The receiving team's lead and who answers for them, the sender's side where nobody leads."""
    lead = lead_of(handoff.to_team, at=event.occurred_at)
    told = _with_stand_ins([lead.pk if lead else handoff.sender_id], event)
    _tell(told, handoff, event, who=handoff.receiver.name)


def tell_expired(handoff: Handoff, event: HandoffEvent) -> None:
    """Both sides: the sender still answers for it, the receiver no longer has it."""
    both = _with_stand_ins([handoff.sender_id, handoff.receiver_id], event)
    _tell(both, handoff, event, who=handoff.receiver.name)


def tell_returned(handoff: Handoff, event: HandoffEvent, *, by: User) -> None:
    """The sender's side; from the second return on both leads, because they decide."""
    told = _sending_side(handoff, event) | _deciding(handoff, event)
    _tell(told - {by.pk}, handoff, event, who=by.name)


def tell_decided(handoff: Handoff, event: HandoffEvent, *, by: User) -> None:
    """The sender's side, and the lead of the other team, who is waited for or agrees."""
    told = _with_stand_ins([handoff.sender_id], event) | _deciding(handoff, event)
    _tell(told - {by.pk}, handoff, event, who=by.name)


def _sending_side(handoff: Handoff, event: HandoffEvent) -> set[int]:
    """The sender and who answers for them; while away without anybody who does, their team."""
    sender, at = handoff.sender_id, event.occurred_at
    roster = roster_of([sender], at=at)
    answering = roster.answering(sender).user_id
    if not roster.people[sender].is_away or answering != sender:
        return {sender, answering}
    if leads := leads_over(handoff.from_team, at=at):
        return {sender, leads[0].pk}
    members = Membership.objects.at(at).filter(team=handoff.from_team, user__is_active=True)
    return {sender, *members.values_list("user", flat=True)}


def _deciding(handoff: Handoff, event: HandoffEvent) -> set[int]:
    deciders = deciders_of(handoff, at=event.occurred_at)
    return {pk for side in deciders.leads for pk in deciders.people_of(side)}


def tell_withdrawn(handoff: Handoff, event: HandoffEvent, *, by: User) -> None:
    """The receiver, unless the offer could be recalled before its mail went out."""
    offers = handoff.events.filter(kind=HandoffEventKind.OFFERED)
    last_offer = offers.order_by("-pk").first()
    if last_offer is None or not recall(_key(last_offer), at=event.occurred_at):
        tell_receiver(handoff, event, by=by)


def tell_reassigned(handoff: Handoff, event: HandoffEvent, *, by: User, former: User) -> None:
    """The new holder, the former one and the sender."""
    told = _with_stand_ins([handoff.receiver_id, former.pk, handoff.sender_id], event)
    _tell(told - {by.pk}, handoff, event, who=by.name)


def _tell(user_ids: Collection[int], handoff: Handoff, event: HandoffEvent, *, who: str) -> None:
    verb = VERBS[HandoffEventKind(event.kind)]
    notify(
        User.objects.filter(pk__in=user_ids),
        kind=f"handoff_{event.kind}",
        title=f"{who} {verb} {handoff}",
        path=handoff.get_absolute_url(),
        key=_key(event),
        at=event.occurred_at,
    )


def _key(event: HandoffEvent) -> str:
    return f"handoff:{event.handoff_id}:{event.pk}"


def _with_stand_ins(user_ids: Collection[int], event: HandoffEvent) -> set[int]:
    roster = roster_of(user_ids, at=event.occurred_at)
    return {*user_ids, *(roster.answering(pk).user_id for pk in user_ids)}
