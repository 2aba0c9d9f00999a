"""What the page of one handoff shows, whichever move brought somebody there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.queries.roster import roster_of
from tickets.forms.handoffs import (
    AddTicketForm,
    AnswerForm,
    BareForm,
    CompleteForm,
    DecideForm,
    JudgeForm,
    NextStepForm,
    OfferAgainForm,
    QuestionForm,
    ReasonForm,
    ReassignForm,
    ReturnForm,
    StepForm,
)
from tickets.lists.handoff_becoming import verified_badge
from tickets.lists.handoffs import acceptance_clock, state_badge
from tickets.models import WAITING_STATES, HandoffEventKind, Ticket
from tickets.queries.accountability import holding_of
from tickets.queries.handoff_deciders import (
    do_differ,
    leads_who_decide,
    votes_on,
    with_stand_ins,
)
from tickets.queries.handoff_sides import moves_open_to
from tickets.queries.handoffs import timeline_of, verified_of
from tickets.queries.packet_page import packet_page
from tickets.queries.verified_outcomes import DEFINITION, THIRTY_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from accounts.models import User
    from accounts.queries.accountability import Accountable
    from accounts.queries.roster import Roster
    from accounts.requests import AuthedRequest
    from tickets.models import Handoff, HandoffEvent
    from tickets.models.handoff_moves import Move

FORMS: dict[str, type[StepForm]] = {
    "add_ticket": AddTicketForm,
    "ask": QuestionForm,
    "answer": AnswerForm,
    "accept": BareForm,
    "return": ReturnForm,
    "offer_again": OfferAgainForm,
    "decide": DecideForm,
    "withdraw": BareForm,
    "next_step": NextStepForm,
    "complete": CompleteForm,
    "judge": JudgeForm,
    "thank": BareForm,
    "reassign": ReassignForm,
    "reopen": ReasonForm,
    "cancel": ReasonForm,
}
EVENT_MARKS: dict[str, tuple[str, str]] = {
    HandoffEventKind.OFFERED: ("arrow-right-left", "warn"),
    HandoffEventKind.ASKED: ("circle-question-mark", "info"),
    HandoffEventKind.ANSWERED: ("reply", "info"),
    HandoffEventKind.ACCEPTED: ("check", "good"),
    HandoffEventKind.RETURNED: ("undo-2", "bad"),
    HandoffEventKind.DECIDED: ("scale", "info"),
    HandoffEventKind.NEARLY_DUE: ("clock", "warn"),
    HandoffEventKind.OVERDUE: ("clock-alert", "bad"),
    HandoffEventKind.EXPIRED: ("clock-alert", "bad"),
    HandoffEventKind.COMPLETED: ("flag", "good"),
    HandoffEventKind.CANCELLED: ("x", "bad"),
    HandoffEventKind.THANKED: ("heart", "good"),
}


def handoff_page(
    request: AuthedRequest, handoff: Handoff, *, at: datetime, form: StepForm | None = None
) -> dict[str, Any]:
    """The context of the page; `form` is the one that was filled in wrongly, or came too late."""
    user = request.user
    leads = leads_who_decide(handoff, at=at)
    roster = _roster(handoff, (user, *leads.values()), at=at)
    deciders = with_stand_ins(leads, roster=roster)
    moves = moves_open_to(user, handoff, roster=roster, deciders=deciders)
    votes = votes_on(handoff, deciders=deciders)
    events = timeline_of(handoff, user=user)
    return {
        "handoff": handoff,
        "state": state_badge(handoff.state),
        "accountable": _accountable(handoff, roster=roster),
        "sender_stand_in": roster.answering(handoff.sender_id),
        "receiver_stand_in": roster.answering(handoff.receiver_id),
        "clock": acceptance_of(handoff, at=at),
        "forms": _forms(handoff, moves, user=user, wrong=form),
        "votes": votes,
        "votes_differ": do_differ(votes),
        "problems": form.non_field_errors() if form and form.tells_above else [],
        "thanks": next((one for one in events if one.kind == HandoffEventKind.THANKED), None),
        "entries": [_entry(event) for event in events],
        "tickets": Ticket.objects.visible_to(user).handed_over_in(handoff),
        "packet": packet_page(handoff, user=user),
        "verified": _verified(handoff, user=user),
        "now": at,
        "today": timezone.localdate(at),
    }


def _verified(handoff: Handoff, *, user: User) -> dict[str, Any]:
    """What the facts say beside the outcome, and how they are read."""
    found = verified_of(handoff, user=user) if handoff.outcome else []
    return {
        "rows": [(row, verified_badge(row.verified, outcome=handoff.outcome)) for row in found],
        "definition": DEFINITION,
        "due_at": handoff.closed_at + THIRTY_DAYS if handoff.closed_at else None,
    }


def _roster(handoff: Handoff, others: Iterable[User], *, at: datetime) -> Roster:
    """Everybody around a handoff that was loaded with its holder, and these others."""
    people = (
        *(user.pk for user in others),
        handoff.sender_id,
        handoff.receiver_id,
        handoff.held_by,
    )
    return roster_of({pk for pk in people if pk is not None}, at=at)


def _accountable(handoff: Handoff, *, roster: Roster) -> Accountable | None:
    if handoff.held_by is None:
        return None
    return holding_of(handoff.held).answered_by(roster.on_duty(handoff.held_by))


def acceptance_of(handoff: Handoff, *, at: datetime) -> object:
    """How much of its time to acceptance has passed, while that runs."""
    if handoff.state in WAITING_STATES and handoff.offered_at and handoff.due_at:
        return acceptance_clock(offered_at=handoff.offered_at, due_at=handoff.due_at, now=at)
    return None


def _forms(
    handoff: Handoff, moves: Iterable[Move], *, user: User, wrong: StepForm | None
) -> dict[str, StepForm]:
    """A form for each move this person can make now, and the one that went wrong."""
    forms = {
        move.name: FORMS[move.name](name=move.name, handoff=handoff, user=user)
        for move in moves
        if move.name in FORMS
    }
    is_typed = wrong is not None and not isinstance(wrong, BareForm)
    return forms | {wrong.name: wrong} if wrong and is_typed else forms


def _entry(event: HandoffEvent) -> dict[str, object]:
    icon, tone = EVENT_MARKS.get(event.kind, ("dot", ""))
    return {
        "icon": icon,
        "tone": tone,
        "who": event.by.name if event.by else "The clock",
        "what": event.get_kind_display().lower(),
        "at": event.occurred_at,
        "body": event.text,
    }
