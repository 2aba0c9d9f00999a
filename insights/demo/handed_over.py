"""What Support Europe handed over in the last months, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from accounts.models import Assignment, Customer
from tickets.actions import handoffs
from tickets.models import Handoff, HandoffOutcome, HandoffType, Priority, ReturnReason

if TYPE_CHECKING:
    from insights.demo.stories import Telling


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One handoff as it went: who sent it and when, and how it ended."""

    days_ago: int
    by: str
    need: str
    outcome: HandoffOutcome
    type: HandoffType = HandoffType.ADOPTION
    priority: Priority = Priority.NORMAL
    # business is slow where it is more than none
    days_to_accept: int = 0
    days_to_end: int = 20
    question: str = ""
    returned: ReturnReason | None = None
    is_useful: bool = True
    thanks: str = ""


MATTERS = (
    Matter(
        days_ago=84,
        by="agent",
        need="Two of their sites went back to paper. Nobody shows the new crew leads around.",
        outcome=HandoffOutcome.RISK_REDUCED,
        thanks="15:40",
    ),
    Matter(
        days_ago=76,
        by="tomas",
        need="They asked twice how others plan weekend shifts, and gave up.",
        outcome=HandoffOutcome.NO_ACTION,
        days_to_accept=1,
        question="Which of their sites asked?",
        is_useful=False,
    ),
    Matter(
        days_ago=69,
        by="agent",
        type=HandoffType.EXPANSION,
        need="Their third site asks for access of its own.",
        outcome=HandoffOutcome.EXPANDED,
        days_to_accept=1,
        thanks="15:10",
    ),
    Matter(
        days_ago=63,
        by="aoife",
        type=HandoffType.CHAMPION_CHANGE,
        need="Our contact signs with a new title, and copies a successor.",
        outcome=HandoffOutcome.RETAINED_FLAT,
    ),
    Matter(
        days_ago=56,
        by="jakub",
        type=HandoffType.COMPETITOR_THREAT,
        priority=Priority.HIGH,
        need="They compare us with Fixpilot, they say, because of the crash on old tablets.",
        outcome=HandoffOutcome.RISK_REDUCED,
        returned=ReturnReason.INSUFFICIENT_CONTEXT,
        thanks="16:05",
    ),
    Matter(
        days_ago=42,
        by="agent",
        type=HandoffType.RENEWAL_RISK,
        need="They asked for their data as a file, for the second time.",
        outcome=HandoffOutcome.NOT_REACHABLE,
        days_to_accept=2,
        is_useful=False,
    ),
)


def handed_over(telling: Telling) -> None:
    """The matters, one for each of the first customers that somebody of Success owns."""
    told = Handoff.objects.values("customer")
    owned = Assignment.objects.current().in_role("owner").exclude(holder_user=None)
    found = owned.exclude(customer__in=told).order_by("customer__sort_name", "customer")
    customers = Customer.objects.in_bulk(found.values_list("customer", flat=True)[: len(MATTERS)])
    for matter, customer in zip(MATTERS, customers.values(), strict=False):
        _tell(matter, customer=customer, telling=telling)


def _tell(matter: Matter, *, customer: Customer, telling: Telling) -> None:
    offered = handoffs.offer_handoff(
        customer,
        type=matter.type,
        priority=matter.priority,
        need=matter.need,
        by=telling.person(matter.by),
        at=telling.at(matter.days_ago, "10:05"),
    )
    offered = _talk(matter, offered, telling=telling)
    taken_ago = matter.days_ago - matter.days_to_accept
    taken = handoffs.accept_handoff(offered, by=offered.receiver, at=telling.at(taken_ago, "14:20"))
    _end(matter, taken, telling=telling)


def _talk(matter: Matter, handoff: Handoff, *, telling: Telling) -> Handoff:
    """A question and its answer, or back and forth once."""
    sender, receiver = handoff.sender, handoff.receiver
    if matter.question:
        at = telling.at(matter.days_ago, "10:50")
        handoff = handoffs.ask_question(handoff, question=matter.question, by=receiver, at=at)
        at = telling.at(matter.days_ago, "11:15")
        handoff = handoffs.answer_question(handoff, answer="The depot.", by=sender, at=at)
    if matter.returned:
        at = telling.at(matter.days_ago, "11:00")
        handoff = handoffs.return_handoff(
            handoff, reason=matter.returned, note="Which tablets?", by=receiver, at=at
        )
        at = telling.at(matter.days_ago, "11:30")
        handoff = handoffs.offer_again(handoff, by=sender, at=at)
    return handoff


def _end(matter: Matter, handoff: Handoff, *, telling: Telling) -> None:
    at = telling.at(matter.days_ago - matter.days_to_end, "15:00")
    by = handoff.receiver
    ended = handoffs.complete_handoff(handoff, outcome=matter.outcome, by=by, at=at)
    handoffs.judge_useful(ended, is_useful=matter.is_useful, by=by, at=at + timedelta(minutes=1))
    if matter.thanks:
        thanked = telling.at(matter.days_ago - matter.days_to_end, matter.thanks)
        handoffs.thank_sender(ended, by=by, at=thanked)
