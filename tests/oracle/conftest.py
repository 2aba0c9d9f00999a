"""A company small enough for Python, and three people who see different parts of it."""

import random
from datetime import timedelta

import pytest
from psycopg.types.range import TimestamptzRange

from accounts.models import CustomerAccess, Role
from insights.actions.queue import refresh_whole_queue
from tests.factories.base import make
from tests.factories.customers import AssignmentFactory, CustomerFactory
from tests.factories.handoffs import HandoffFactory
from tests.factories.people import (
    AvailabilityFactory,
    MembershipFactory,
    PoolFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.renewals import CurrentHealthFactory, renewal_due
from tests.factories.tickets import MessageFactory, TicketEventFactory, TicketFactory
from tests.oracle.states import DAYS, NAMES, NOW, WORDS
from tickets.models import (
    OPEN_HANDOFF_STATES,
    ExemptReason,
    HandoffEvent,
    HandoffEventKind,
    HandoffOutcome,
    HandoffState,
    HandoffType,
    Learning,
    MessageDirection,
    Origin,
    Priority,
    ReturnReason,
    TicketEventKind,
    TicketKind,
    TicketStatus,
)

SEGMENTS = ["small", "mid_market", "enterprise"]


def add_ticket(chance, *, customers, teams):
    learning, reopen_count = chance.choice(Learning.values), chance.choice([0, 0, 2])
    solved = chance.choice([[None, None], sorted(chance.choices(DAYS, k=2))])
    ticket = TicketFactory(
        subject=" ".join(chance.sample(WORDS, 2)),
        customer=chance.choice([None, *customers]),
        team=chance.choice([None, *teams]),
        kind=chance.choice(TicketKind.values),
        priority=chance.choice(Priority.values),
        status=chance.choice(TicketStatus.values),
        learning=learning,
        exempt_reason=ExemptReason.SPAM if learning == Learning.EXEMPT else "",
        answered_by=chance.choice(["", *Origin.values]),
        labels_answered=5 if learning == Learning.ANSWERED else 0,
        learning_due_at=NOW + timedelta(days=chance.choice([-2, 2])),
        opened_at=NOW - timedelta(days=chance.randrange(4)),  # many at one moment
        is_blocked=chance.random() < 0.2,
        reopen_count=reopen_count,
        first_solved_at=solved[0],
        last_solved_at=solved[1],
    )
    for day in chance.sample(DAYS, reopen_count):
        TicketEventFactory(ticket=ticket, kind=TicketEventKind.REOPENED, occurred_at=day)
    for word in chance.sample(WORDS, chance.randrange(4)):
        direction = chance.choice(MessageDirection.values)
        MessageFactory(ticket=ticket, body=f"About the {word}", direction=direction)


def add_renewal(chance, *, customer, owners, pools):
    if owner := chance.choice([None, None, *owners]):
        AssignmentFactory(customer=customer, holder_user=owner)
    elif pool := chance.choice([None, *pools]):
        AssignmentFactory(customer=customer, holder_user=None, holder_pool=pool)
    band = chance.choice(["red", "yellow", "green", "unknown"])
    score = None if band == "unknown" else chance.randrange(100)
    CurrentHealthFactory(customer=customer, band=band, score=score)
    snoozed = NOW.date() + timedelta(days=3) if chance.random() < 0.3 else None
    decided_on = NOW.date() + timedelta(days=chance.choice([10, 10, 60, 120, 170]))
    arr = 1000 * chance.randrange(1, 90)
    renewal_due(decided_on, customer=customer, arr=arr, snoozed_until=snoozed)


def add_handoff(chance, *, customers, between, team):
    state = chance.choice([state for state in HandoffState.values if state != HandoffState.DRAFT])
    offered_at = NOW - timedelta(days=chance.randrange(1, 5))
    is_open = state in OPEN_HANDOFF_STATES
    sender, receiver = chance.sample(between, 2)
    handoff = HandoffFactory(
        customer=chance.choice(customers),
        type=chance.choice(HandoffType.values),
        priority=chance.choice(Priority.values),
        sender=sender,
        receiver=receiver,
        from_team=chance.choice([None, team]),
        state=state,
        offered_at=offered_at,
        due_at=NOW + timedelta(days=chance.choice([-1, 1])),
        accepted_at=NOW,
        return_reason=ReturnReason.DUPLICATE if state == HandoffState.RETURNED else "",
        return_count=chance.randrange(3),
        outcome=HandoffOutcome.RENEWED if state == HandoffState.COMPLETED else "",
        closed_at=None if is_open else NOW,
        holder__during=TimestamptzRange(offered_at, None if is_open else NOW),
    )
    for kind in [HandoffEventKind.OFFERED] * chance.randrange(5) + [HandoffEventKind.ASKED]:
        make(HandoffEvent, handoff=handoff, kind=kind, occurred_at=NOW, recorded_at=NOW)


@pytest.fixture
def chance():
    return random.Random(20261128)  # noqa: S311 - the same company each time


@pytest.fixture
def people(chance):
    """One who sees all but what is restricted, one on the access list, and a contractor."""
    teams = TeamFactory.create_batch(3)
    csm, listed = UserFactory(role=Role.CSM), UserFactory(role=Role.CSLEAD)
    contractor = MembershipFactory(user__role=Role.CONTRACTOR, team=teams[0]).user
    segments = ["small", "mid_market", "enterprise"]
    customers = [
        CustomerFactory(
            name=f"{NAMES[number % 4]} {number:02}",
            is_restricted=number % 4 == 0,
            profile__segment=chance.choice(segments),
        )
        for number in range(20)
    ]
    for customer in customers[::8]:
        make(CustomerAccess, customer=customer, user=listed)
    pools = [PoolFactory(is_intake=True), PoolFactory()]
    for customer in customers:
        add_renewal(chance, customer=customer, owners=[csm, listed], pools=pools)
    for _ in range(60):
        add_ticket(chance, customers=customers, teams=teams)
    others = MembershipFactory.create_batch(2, team=teams[1])
    MembershipFactory(user=csm, team=teams[1])
    away, cover = others[0].user, others[1].user
    AvailabilityFactory(user=away, cover=cover, cover_confirmed_at=NOW)
    AvailabilityFactory(user=cover, cover=listed, cover_confirmed_at=NOW)
    for _ in range(60):
        between = [csm, listed, away, cover]
        add_handoff(chance, customers=customers, between=between, team=teams[1])
    refresh_whole_queue(at=NOW)
    return [csm, listed, contractor]
