"""Who is told of which step of a handoff; the notice names the matter, the mail links to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.actions.notifications import Told, notify, recall
from accounts.models import Membership, User
from accounts.models import NoticeReason as Reason
from accounts.queries.leads import lead_of, leads_over
from accounts.queries.roster import roster_of
from tickets.models import HandoffEventKind, Priority
from tickets.queries.answer_links import AnswerLink, answer_path
from tickets.queries.handoff_deciders import deciders_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tickets.actions.handoffs.steps import Actor
    from tickets.models import Handoff, HandoffEvent
    from tickets.queries.handoff_addresses import Address

STAND_INS = {
    Reason.RECEIVER: Reason.RECEIVER_STAND_IN,
    Reason.SENDER: Reason.SENDER_STAND_IN,
    Reason.LEAD: Reason.LEAD_STAND_IN,
    Reason.FORMER_HOLDER: Reason.INVOLVED,
}
TAKERS = {Reason.RECEIVER, Reason.RECEIVER_STAND_IN}
TOLD_TO_TEAM = {HandoffEventKind.OFFERED, HandoffEventKind.OVERDUE}
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
    reasons = {handoff.receiver_id: Reason.RECEIVER}
    if address.answering.user_id != handoff.receiver_id:
        reasons[address.answering.user_id] = Reason.RECEIVER_STAND_IN
    if handoff.priority == Priority.CRITICAL:
        lead = lead_of(handoff.to_team, at=event.occurred_at)
        reasons = ({lead.pk: Reason.LEAD} if lead else {}) | reasons
    _tell(reasons, handoff, event, who=handoff.sender.name)


def tell_sender(handoff: Handoff, event: HandoffEvent, *, by: User) -> None:
    """The sender, and who answers for them."""
    told = _with_stand_ins({handoff.sender_id: Reason.SENDER}, event)
    _tell(_but(by, told), handoff, event, who=by.name)


def tell_receiver(handoff: Handoff, event: HandoffEvent, *, by: User) -> None:
    """The receiver, and who answers for them."""
    told = _with_stand_ins({handoff.receiver_id: Reason.RECEIVER}, event)
    _tell(_but(by, told), handoff, event, who=by.name)


def tell_both(handoff: Handoff, event: HandoffEvent, *, by: Actor) -> None:
    """Both sides but the one who did it."""
    _tell(_but(by, _both_sides(handoff, event)), handoff, event, who=str(by))


def tell_taken_over(handoff: Handoff, event: HandoffEvent, *, by: Actor, successor: User) -> None:
    """Both sides of what a leaver had; who has it now is to act."""
    both = _both_sides(handoff, event)
    _tell(both | {successor.pk: Reason.HOLDER}, handoff, event, who=str(by))


def tell_nearly_due(handoff: Handoff, event: HandoffEvent) -> None:
    """The receiver, and who answers for them."""
    told = _with_stand_ins({handoff.receiver_id: Reason.RECEIVER}, event)
    _tell(told, handoff, event, who="Little time is left")


def tell_overdue(handoff: Handoff, event: HandoffEvent) -> None:
    """The receiving team's lead and who answers for them, the sender's side where nobody leads."""
    lead = lead_of(handoff.to_team, at=event.occurred_at)
    told = {lead.pk: Reason.LEAD} if lead else {handoff.sender_id: Reason.SENDER}
    _tell(_with_stand_ins(told, event), handoff, event, who=handoff.receiver.name)


def tell_expired(handoff: Handoff, event: HandoffEvent) -> None:
    """Both sides: the sender still answers for it, the receiver no longer has it."""
    _tell(_both_sides(handoff, event), handoff, event, who=handoff.receiver.name)


def tell_returned(handoff: Handoff, event: HandoffEvent, *, by: User) -> None:
    """The sender's side; from the second return on both leads, because they decide."""
    told = _deciding(handoff, event) | _sending_side(handoff, event)
    _tell(_but(by, told), handoff, event, who=by.name)


def tell_decided(handoff: Handoff, event: HandoffEvent, *, by: User) -> None:
    """The sender's side, and the lead of the other team, who is waited for or agrees."""
    sender = _with_stand_ins({handoff.sender_id: Reason.SENDER}, event)
    _tell(_but(by, sender | _deciding(handoff, event)), handoff, event, who=by.name)


def tell_withdrawn(handoff: Handoff, event: HandoffEvent, *, by: User) -> None:
    """The receiver, unless the offer could be recalled before its mail went out."""
    offers = handoff.events.filter(kind=HandoffEventKind.OFFERED)
    last_offer = offers.order_by("-pk").first()
    if last_offer is None or not recall(_key(last_offer), at=event.occurred_at):
        tell_receiver(handoff, event, by=by)


def tell_reassigned(handoff: Handoff, event: HandoffEvent, *, by: User, former: User) -> None:
    """The new holder, the former one and the sender."""
    sides = {handoff.sender_id: Reason.SENDER, former.pk: Reason.FORMER_HOLDER}
    told = _with_stand_ins(sides | {handoff.receiver_id: Reason.RECEIVER}, event)
    told[handoff.receiver_id] = Reason.HOLDER
    _tell(_but(by, told), handoff, event, who=by.name)


def _tell(
    reasons: Mapping[int, Reason], handoff: Handoff, event: HandoffEvent, *, who: str
) -> None:
    verb = VERBS[HandoffEventKind(event.kind)]
    notify(
        User.objects.filter(pk__in=reasons),
        kind=f"handoff_{event.kind}",
        title=f"{who} {verb} {handoff}",
        path=handoff.get_absolute_url(),
        key=_key(event),
        at=event.occurred_at,
        told={pk: Told(reason, _answer(pk, reason, event)) for pk, reason in reasons.items()},
        urgency="critical" if handoff.priority == Priority.CRITICAL else "normal",
        team_id=handoff.to_team_id if event.kind in TOLD_TO_TEAM else None,
    )


def _answer(user_id: int, reason: Reason, event: HandoffEvent) -> str:
    """Where who is to take an offer can answer it from the mail."""
    if event.kind != HandoffEventKind.OFFERED or reason not in TAKERS:
        return ""
    return answer_path(AnswerLink(user_id, event.handoff_id, event.pk), at=event.occurred_at)


def _key(event: HandoffEvent) -> str:
    return f"handoff:{event.handoff_id}:{event.pk}"


def _both_sides(handoff: Handoff, event: HandoffEvent) -> dict[int, Reason]:
    sides = {handoff.sender_id: Reason.SENDER, handoff.receiver_id: Reason.RECEIVER}
    return _with_stand_ins(sides, event)


def _with_stand_ins(reasons: Mapping[int, Reason], event: HandoffEvent) -> dict[int, Reason]:
    """These people, and who answers for those of them who are away."""
    roster = roster_of(reasons, at=event.occurred_at)
    answering = {pk: roster.answering(pk).user_id for pk in reasons}
    stand_ins = {answering[pk]: STAND_INS[reason] for pk, reason in reasons.items()}
    return {**stand_ins, **reasons}


def _but(by: Actor, reasons: Mapping[int, Reason]) -> dict[int, Reason]:
    return {pk: reason for pk, reason in reasons.items() if pk != by.pk}


def _sending_side(handoff: Handoff, event: HandoffEvent) -> dict[int, Reason]:
    """The sender and who answers for them; while away without anybody who does, their team."""
    sender, at = handoff.sender_id, event.occurred_at
    roster = roster_of([sender], at=at)
    answering = roster.answering(sender).user_id
    if not roster.people[sender].is_away or answering != sender:
        return {answering: Reason.SENDER_STAND_IN, sender: Reason.SENDER}
    members = Membership.objects.at(at).filter(team=handoff.from_team, user__is_active=True)
    leads = [lead.pk for lead in leads_over(handoff.from_team, at=at)[:1]]
    others = leads or members.values_list("user", flat=True)
    return dict.fromkeys(others, Reason.SENDER_STAND_IN) | {sender: Reason.SENDER}


def _deciding(handoff: Handoff, event: HandoffEvent) -> dict[int, Reason]:
    """Whoever says what becomes of what came back twice; nobody before."""
    deciders = deciders_of(handoff, at=event.occurred_at)
    return {pk: Reason.LEAD for side in deciders.leads for pk in deciders.people_of(side)}
