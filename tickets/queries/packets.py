"""What a receiver is given with a handoff: the facts as they stand when it is offered."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum

from accounts.models import ContractLine, Customer, CustomerProfile, Renewal, Touch
from tickets.models import (
    ASKED_DIMENSIONS,
    UNSOLVED_STATUSES,
    Handoff,
    HandoffPacket,
    Labeling,
    Promise,
    Ticket,
)
from tickets.queries.label_meaning import meant

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

    type Facts = dict[str, Any]

FORMAT = 1
LOOKS_BACK = timedelta(days=90)
# who may not see money reads a packet without these
MONEY = ("money",)


def facts_for_packet(handoff: Handoff, *, at: datetime) -> Facts:
    """Everything a receiver should know that we can know now; what is unknown is None."""
    customer = handoff.customer
    return {
        "format": FORMAT,
        "frozen_at": at.isoformat(),
        "handoff": _handoff(handoff),
        "customer": _customer(customer, at=at),
        "money": _money(customer, at=at),
        "renewal": _renewal(customer),
        "tickets": _tickets_handed_over(handoff),
        "last_90_days": _last_90_days(customer, at=at),
        "promises": _promises(customer),
        "last_two_way_touch": _last_touch(customer, at=at),
    }


def canonical(facts: Facts) -> str:
    """The one way to write these facts, so that their hash can be checked."""
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def packet_for(user: User, handoff: Handoff) -> Facts | None:
    """The newest packet as this person may read it: money only for who may see money."""
    packets = HandoffPacket.objects.visible_to(user).filter(handoff=handoff)
    packet = packets.order_by("-frozen_at").first()
    if packet is None:
        return None
    facts: Facts = json.loads(packet.content) | {"sha256": packet.sha256}
    if user.has_perm("accounts.view_money"):
        return facts
    return {name: value for name, value in facts.items() if name not in MONEY}


def _handoff(handoff: Handoff) -> Facts:
    return {
        "type": handoff.type,
        "priority": handoff.priority,
        "need": handoff.need,
        "sender": handoff.sender.name,
        "receiver": handoff.receiver.name,
    }


def _customer(customer: Customer, *, at: datetime) -> Facts:
    fields = ("segment", "stage", "touch_model", "seats", "desired_outcome", "outcome_status")
    profile = CustomerProfile.objects.at(at).filter(customer=customer).values(*fields).first()
    return {"name": customer.name, "timezone": customer.timezone} | (profile or {})


def _money(customer: Customer, *, at: datetime) -> list[Facts]:
    day = at.date()
    lines = ContractLine.objects.filter(
        Q(contract__ends_on=None) | Q(contract__ends_on__gte=day),
        contract__customer=customer,
        contract__starts_on__lte=day,
        contract__retired_at=None,
    )
    sums = lines.values("contract__currency").annotate(arr=Sum("arr"))
    return [
        {"currency": row["contract__currency"], "arr": str(row["arr"])}
        for row in sums.order_by("contract__currency")
    ]


def _renewal(customer: Customer) -> Facts | None:
    renewals = Renewal.objects.open().filter(customer=customer)
    renewal = renewals.order_by("decision_point_on", "pk").first()
    if renewal is None:
        return None
    return {
        "decision_point_on": renewal.decision_point_on.isoformat(),
        "due_on": renewal.due_on.isoformat(),
        "state": renewal.state,
    }


def _tickets_handed_over(handoff: Handoff) -> list[Facts]:
    return [
        {
            "number": ticket.number,
            "subject": ticket.subject,
            "kind": ticket.kind,
            "priority": ticket.priority,
            "status": ticket.status,
            "opened_on": ticket.opened_at.date().isoformat(),
        }
        for ticket in Ticket.objects.all().handed_over_in(handoff)
    ]


def _last_90_days(customer: Customer, *, at: datetime) -> Facts:
    tickets = Ticket.objects.filter(
        customer=customer, retired_at=None, opened_at__gt=at - LOOKS_BACK, opened_at__lte=at
    )
    kinds = tickets.values("kind").annotate(
        tickets=Count("pk"),
        unsolved=Count("pk", filter=Q(status__in=UNSOLVED_STATUSES)),
        blocked=Count("pk", filter=Q(is_blocked=True)),
        reopened=Count("pk", filter=Q(reopen_count__gt=0)),
    )
    ids = list(tickets.values_list("pk", flat=True))
    return {"by_kind": list(kinds.order_by("kind")), "labels": _labels(ids)}


def _labels(tickets: list[int]) -> Facts:
    labelings = Labeling.objects.filter(ticket__in=tickets).current()
    counts = Counter(labelings.values_list("dimension", meant("value__name")))
    named = sorted((key, n) for key, n in counts.items() if key[1] is not None)
    return {
        dimension: {name: n for (of, name), n in named if of == dimension}
        for dimension in ASKED_DIMENSIONS
    }


def _promises(customer: Customer) -> list[Facts]:
    promises = Promise.objects.open().filter(customer=customer).select_related("owner")
    return [
        {"text": promise.text, "owner": promise.owner.name, "due_on": promise.due_on.isoformat()}
        for promise in promises.order_by("due_on", "pk")
    ]


def _last_touch(customer: Customer, *, at: datetime) -> Facts | None:
    touches = Touch.objects.two_way().filter(customer=customer, occurred_at__lte=at)
    touch = touches.order_by("-occurred_at", "-pk").first()
    if touch is None:
        return None
    return {"kind": touch.kind, "on": touch.occurred_at.date().isoformat()}
