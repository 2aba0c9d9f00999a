"""What happened at Larkfield lately, told by the actions that people use, at their moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from accounts.actions.assignments import assign_customers
from accounts.actions.contacts import note_departure
from accounts.actions.customers import change_profile
from accounts.actions.renewal_ends import lose_renewal, win_renewal
from accounts.actions.renewals import decide_renewals
from accounts.actions.touches import log_touch
from accounts.models import (
    Assignment,
    Call,
    Cause,
    Contact,
    Customer,
    LossReason,
    OutcomeStatus,
    Renewal,
    Segment,
    Stage,
    TouchKind,
)
from insights.demo import second_labels, taxonomy
from insights.demo.cast import UNPLACED, moment
from insights.demo.told import HALDEN, INGRID
from tickets.actions import handoffs
from tickets.actions.labels import answer_dimensions, answer_nothing_unusual
from tickets.actions.promises import make_promise
from tickets.actions.taxonomy import NewValue, publish_label_values
from tickets.models import (
    ASKED_DIMENSIONS,
    Dimension,
    HandoffOutcome,
    HandoffType,
    LabelValue,
    LeadsDecision,
    Learning,
    Priority,
    ReturnReason,
    Ticket,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from accounts.models import User
    from insights.demo.people import Staff
    from supportsuccess.audit import System
    from tickets.models import Handoff

ROUTINE_LABELS = 24
# Days since each customer's last calls, the newer first; each customer's lie a week further back.
TOUCHES_AGO = (4, 78)


@dataclass(frozen=True)
class Telling:
    """Who is in the stories, and when they are told."""

    staff: Staff
    today: date
    now: datetime
    by: System

    def person(self, address: str) -> User:
        return self.staff.people[address]

    def customer(self, name: str) -> Customer:
        return Customer.objects.get(name=name)

    def renewal(self, name: str) -> Renewal:
        return Renewal.objects.open().get(customer__name=name)

    def at(self, days_ago: int, clock: str) -> datetime:
        """A moment of the story, never after now."""
        return min(moment(self.today, days_ago=days_ago, clock=clock), self.now)


def tell(telling: Telling) -> None:
    """All stories whose parts exist."""
    competitors(telling)
    taxonomy.order_causes(by=telling.person("lead"), at=telling.at(160, "10:00"))
    taxonomy.merge_causes(by=telling.person("lead"), at=telling.at(96, "16:20"))
    halden(telling)
    aster_rail(telling)
    back_and_forth(telling)
    tidebrook(telling)
    miravel(telling)
    lost_and_lapsed(telling)
    orchard_row(telling)
    from_reseller(telling)
    touches(telling)
    routine_labels(telling)
    people = [telling.person(name) for name in ("tomas", "jakub")]
    second_labels.look_again(people, lead=telling.person("lead"), at=telling.at(2, "15:00"))


def competitors(telling: Telling) -> None:
    """The products that Larkfield loses to."""
    publish_label_values(
        [
            NewValue(
                dimension=Dimension.COMPETITOR,
                slug=slug,
                name=name,
                definition=f"{name} was named.",
                key=key,
            )
            for slug, name, key in (("servanta", "Servanta", "s"), ("fixpilot", "Fixpilot", "f"))
        ],
        by=telling.by,
        at=telling.at(170, "09:00"),
        note="Competitors",
    )


def halden(telling: Telling) -> None:
    """Mina hears a competitor's name, hands Halden over, and Jonas accepts within 50 minutes."""
    mina, jonas = telling.person("agent"), telling.person("csm")
    customer = telling.customer(HALDEN)
    ticket = Ticket.objects.get(number="LF-HALDEN-SYNC")
    _talked(customer, days_ago=102, by=jonas, telling=telling)
    note_departure(
        Contact.objects.get(name=INGRID, links__customer=customer),
        customer=customer,
        by=jonas,
        at=telling.at(20, "09:30"),
    )
    answer_dimensions(
        ticket,
        answers=labels(
            fix_category="workaround",
            root_cause="product-bug",
            sentiment="leaving",
            competitor="servanta",
            product_feedback="expectation-gap",
        ),
        by=mina,
        at=telling.at(4, "10:20"),
    )
    offered = handoffs.offer_handoff(
        customer,
        type=HandoffType.RENEWAL_RISK,
        priority=Priority.HIGH,
        need=(
            "The sync bug came back a third time. Ingrid, who brought us in, has left; her "
            "successor asked how Servanta does it. They need a date for the fix they can believe."
        ),
        tickets=[ticket],
        by=mina,
        at=telling.at(4, "10:31"),
    )
    handoffs.accept_handoff(offered, by=jonas, at=telling.at(4, "11:21"))
    handoffs.set_next_step(
        offered,
        step="Call their head of operations with the fix and its date",
        on=telling.today + timedelta(days=2),
        by=jonas,
        at=telling.at(4, "11:30"),
    )
    make_promise(
        customer,
        text="A fix for the sync bug that they can test on their own tablets",
        owner=jonas,
        due_on=telling.today + timedelta(days=5),
        handoff=offered,
        by=jonas,
        at=telling.at(3, "14:10"),
    )
    change_profile(
        customer, by=telling.by, at=telling.at(3, "15:00"), outcome_status=OutcomeStatus.AT_RISK
    )
    _talked(customer, days_ago=2, by=jonas, telling=telling)


def aster_rail(telling: Telling) -> None:
    """Returned for what was missing, corrected, accepted, and renewed flat."""
    aoife, yuki = telling.person("aoife"), telling.person("yuki")
    customer = telling.customer("Aster Rail")
    offered = handoffs.offer_handoff(
        customer,
        type=HandoffType.RENEWAL_RISK,
        priority=Priority.NORMAL,
        need="They doubt that the certificates will pass their next audit.",
        by=aoife,
        at=telling.at(20, "09:40"),
    )
    handoffs.return_handoff(
        offered,
        reason=ReturnReason.INSUFFICIENT_CONTEXT,
        note="Who decides?",
        by=yuki,
        at=telling.at(20, "13:05"),
    )
    again = handoffs.offer_again(
        offered,
        need="They doubt that the certificates will pass their audit. Their CFO decides.",
        by=aoife,
        at=telling.at(19, "09:10"),
    )
    accepted = handoffs.accept_handoff(again, by=yuki, at=telling.at(19, "10:00"))
    handoffs.set_next_step(
        accepted,
        step="Show the auditor's letter to their CFO",
        on=telling.today - timedelta(days=12),
        by=yuki,
        at=telling.at(19, "10:10"),
    )
    _renewed_flat(telling, accepted, yuki)


def back_and_forth(telling: Telling) -> None:
    """Returned twice: Success has decided to leave it with Support, whose lead is waited for."""
    aoife, yuki = telling.person("aoife"), telling.person("yuki")
    offered = handoffs.offer_handoff(
        telling.customer("Pinewood Sprinklers"),
        type=HandoffType.ADOPTION,
        priority=Priority.NORMAL,
        need="Their fitters go on writing reports on paper and ask us to type them in.",
        by=aoife,
        at=telling.at(3, "09:20"),
    )
    handoffs.return_handoff(
        offered, reason=ReturnReason.STILL_SUPPORT, by=yuki, at=telling.at(3, "11:10")
    )
    handoffs.offer_again(
        offered,
        need="Their fitters write on paper: they need training, which Support does not give.",
        by=aoife,
        at=telling.at(2, "09:05"),
    )
    handoffs.return_handoff(
        offered,
        reason=ReturnReason.NOT_ACTIONABLE,
        note="Nobody there asks for training",
        by=yuki,
        at=telling.at(2, "15:40"),
    )
    handoffs.decide_handoff(
        offered,
        decision=LeadsDecision.KEEP,
        reason="The guide for tablets answers it. We train once they have renewed.",
        by=telling.person("cslead"),
        at=telling.at(1, "10:15"),
    )


def tidebrook(telling: Telling) -> None:
    """Questions about certificates were an opportunity: heard by support, won by sales."""
    tomas, marta = telling.person("tomas"), telling.person("marta")
    offered = handoffs.offer_handoff(
        telling.customer("Tidebrook Fire Safety"),
        type=HandoffType.EXPANSION,
        priority=Priority.NORMAL,
        need="Three of their people asked how to print certificates: Inspect does, they lack it.",
        by=tomas,
        at=telling.at(62, "10:15"),
    )
    accepted = handoffs.accept_handoff(offered, by=marta, at=telling.at(61, "09:50"))
    at = telling.at(14, "16:00")
    handoffs.complete_handoff(
        accepted, outcome=HandoffOutcome.EXPANDED, note="Inspect, 22,000 a year", by=marta, at=at
    )
    handoffs.judge_useful(accepted, is_useful=True, by=marta, at=at + timedelta(minutes=2))


def miravel(telling: Telling) -> None:
    """Notice came for one module: the customer stays, a part of the money goes."""
    change_profile(
        telling.customer("Miravel Climate"),
        by=telling.by,
        at=telling.at(4, "12:00"),
        stage=Stage.NOTICE,
    )


def lost_and_lapsed(telling: Telling) -> None:
    """Quillon left without a sign; Brightwell had said why five months before."""
    marta = telling.person("marta")
    answer_dimensions(
        Ticket.objects.get(number="LF-BRIGHTWELL-PRICE"),
        answers=labels(
            fix_category="explained",
            root_cause="contract",
            sentiment="frustrated",
            competitor="servanta",
            product_feedback="pricing",
        ),
        by=telling.person("lena"),
        at=telling.at(161, "11:00"),
    )
    for name, reason, days_ago in (
        ("Quillon Ventilation", LossReason.NOT_SAID, 5),
        ("Brightwell Elevators", LossReason.PRICE, 10),
    ):
        renewal = telling.renewal(name)
        at = telling.at(days_ago, "15:00")
        lose_renewal(renewal, version=renewal.version, reason=reason, by=marta, at=at)
        change_profile(renewal.customer, by=telling.by, at=at, stage=Stage.FORMER)


def orchard_row(telling: Telling) -> None:
    """The machine worries, and the CSM who knows them does not."""
    renewal = telling.renewal("Orchard Row Heating")
    decide_renewals(
        {renewal.pk: renewal.version},
        call=Call.ON_TRACK,
        next_step="Send the order form",
        next_step_on=telling.today + timedelta(days=14),
        by=telling.person("csm"),
        at=telling.at(6, "16:15"),
    )


def from_reseller(telling: Telling) -> None:
    """Two customers came when their reseller closed, and wait for somebody since."""
    assign_customers(
        list(Customer.objects.filter(name__in=UNPLACED).values_list("pk", flat=True)),
        role="owner",
        to=telling.staff.pools[f"Intake {Segment.SMALL.label}"],
        cause=Cause.INTAKE,
        by=telling.by,
        at=telling.now - timedelta(days=8),
    )


def touches(telling: Telling) -> None:
    """Calls of the last months with the customers that people hold."""
    held = Assignment.objects.current().in_role("owner").filter(holder_user__isnull=False)
    told_apart = ("Northsound Alarms", HALDEN)
    others = held.exclude(customer__name__in=told_apart).select_related("customer", "holder_user")
    for number, assignment in enumerate(others.order_by("customer")):
        holder = assignment.holder_user or telling.person("cslead")
        for days_ago in TOUCHES_AGO:
            ago = days_ago + number * 7 % 60
            _talked(assignment.customer, days_ago=ago, by=holder, telling=telling)


def _talked(customer: Customer, *, days_ago: int, by: User, telling: Telling) -> None:
    log_touch(
        customer,
        kind=TouchKind.CALL if days_ago % 3 else TouchKind.MEETING,
        is_two_way=True,
        occurred_at=telling.at(days_ago, "14:30"),
        by=by,
        at=telling.at(days_ago, "15:00"),
    )


def routine_labels(telling: Telling) -> None:
    """What the agents of Support Europe wrote down of the last days' tickets."""
    agents = [telling.person(name) for name in ("agent", "tomas", "aoife", "jakub", "lena")]
    lately = telling.now - timedelta(days=20)
    due = Ticket.objects.filter(
        learning=Learning.DUE, first_solved_at__gt=lately, customer__isnull=False
    ).order_by("pk")
    for number, ticket in enumerate(due[:ROUTINE_LABELS]):
        at = min((ticket.first_solved_at or telling.now) + timedelta(minutes=4), telling.now)
        answer_nothing_unusual(ticket, by=agents[number % len(agents)], at=at)


def labels(**slugs: str) -> Mapping[Dimension, LabelValue]:
    """Answers by the slug of each asked dimension's value."""
    found = {(v.dimension, v.slug): v for v in LabelValue.objects.active()}
    return {dimension: found[dimension, slugs[dimension]] for dimension in ASKED_DIMENSIONS}


def _renewed_flat(telling: Telling, handoff: Handoff, yuki: User) -> None:
    renewal = telling.renewal("Aster Rail")
    at = telling.at(4, "11:40")
    win_renewal(renewal, version=renewal.version, amount=Decimal(96_000), by=yuki, at=at)
    handoffs.complete_handoff(handoff, outcome=HandoffOutcome.RETAINED_FLAT, by=yuki, at=at)
    handoffs.judge_useful(handoff, is_useful=True, by=yuki, at=at + timedelta(minutes=1))
