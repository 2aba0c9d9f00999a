"""What the random lives of handoffs are held against."""

from django.db import connection
from django.forms.models import model_to_dict

from accounts.models import Assignment, Notification, User
from supportsuccess.audit.models import EventGroup
from supportsuccess.outbox.models import Delivery
from tickets.actions import handoffs
from tickets.models import (
    LEADS_DECIDE_AFTER_RETURNS,
    DecidingSide,
    Handoff,
    HandoffDecision,
    HandoffEvent,
    HandoffEventKind,
    HandoffHolder,
    HandoffPacket,
    HandoffState,
    HandoffTicket,
)
from tickets.models.handoff_moves import MOVES

TABLES = (
    Handoff,
    HandoffDecision,
    HandoffEvent,
    HandoffHolder,
    HandoffPacket,
    HandoffTicket,
    Assignment,
    Notification,
    Delivery,
    EventGroup,
)
GO_ON = {HandoffEventKind.OFFERED, HandoffEventKind.WITHDRAWN}
ENDS = {HandoffEventKind.WITHDRAWN, HandoffEventKind.COMPLETED, HandoffEventKind.CANCELLED}
TARGETS = {move.event: move.target for move in MOVES if move.target}


def rows():
    return {table: [model_to_dict(one) for one in table.objects.order_by("pk")] for table in TABLES}


def check_refusal(refusal, thing):
    assert refusal.message.strip()
    if isinstance(refusal, handoffs.TooLate):
        assert names_who(refusal, thing), refusal


def check_same(before):
    assert rows() == before, "it was refused and changed something"


def check_at_commit():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def names_who(refusal, matter):
    """Who came first, where it was a person: by name, or as the one who asks."""
    people = User.objects.filter(handoff_events__handoff=matter).values_list("name", flat=True)
    names = {*people, "by you", "holds it now", "Expired ", "Offered "}
    return any(name in refusal.message for name in names)


def told_by_row(matter):
    return {
        "state": matter.state,
        "receiver": matter.receiver.name,
        "returns": matter.return_count,
        "was_useful": matter.was_useful,
        "closed_at": matter.closed_at,
        "is_accepted": matter.accepted_at is not None,
        "version": matter.version,
    }


def told_by_events(matter):
    told = {
        "state": HandoffState.DRAFT.value,
        "receiver": "",
        "returns": 0,
        "was_useful": None,
        "closed_at": None,
        "is_accepted": False,
        "version": 0,
    }
    for event in matter.events.order_by("pk").select_related("by"):
        fold(event, into=told)
    return told


def fold(event, *, into):
    into["version"] += 1
    into["state"] = str(TARGETS.get(event.kind, into["state"]))
    into["returns"] += event.kind == HandoffEventKind.RETURNED
    into["is_accepted"] |= event.kind == HandoffEventKind.ACCEPTED
    if event.kind in TARGETS:
        into["closed_at"] = event.occurred_at if event.kind in ENDS else None
    if event.kind == HandoffEventKind.USEFUL:
        into["was_useful"] = event.text == "Useful"
    into["receiver"] = receiver_after(event, before=into)


def receiver_after(event, *, before):
    if event.kind == HandoffEventKind.ACCEPTED:
        return event.by.name
    is_taken = before["is_accepted"] and event.kind == HandoffEventKind.REASSIGNED
    if is_taken or event.kind == HandoffEventKind.OFFERED:
        return event.text.removeprefix("To ").split(":")[0]
    return before["receiver"]


def went_on_by_agreement(matter):
    """Whether what came back twice was offered or withdrawn only after sides that agreed."""
    returns, agreed = 0, True
    for event in matter.events.order_by("pk"):
        if event.kind == HandoffEventKind.RETURNED:
            returns += 1
            agreed = returns < LEADS_DECIDE_AFTER_RETURNS
        elif event.kind == HandoffEventKind.DECIDED:
            agreed = do_agree(matter, returns, event)
        elif event.kind in GO_ON and not agreed:
            return False
    return True


def do_agree(matter, returns, event):
    """Whether all sides wanted the same by then; as far as they said anything."""
    said = matter.decisions.filter(return_count=returns, occurred_at__lte=event.occurred_at)
    last = {one.side: (one.decision, one.receiver_id) for one in said.order_by("pk")}
    return len(set(last.values())) == 1 and set(last) == set(DecidingSide)
