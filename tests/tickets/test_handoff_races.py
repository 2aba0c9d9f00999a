"""Fifty connections at one barrier: one wins, the others are told who. See docs/decisions."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Role
from supportsuccess.errors import Refused
from tests.factories.parties import make_offer
from tests.factories.people import MembershipFactory
from tickets.actions import handoffs
from tickets.actions.handoffs.steps import offer_of
from tickets.models import Handoff, HandoffHolder, HandoffState, ReturnReason

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
RACERS = 50
MOVES_BY_LINK = (
    (handoffs.accept_handoff, {}),
    (handoffs.return_handoff, {"reason": ReturnReason.WRONG_OWNER}),
)


def race(attempts):
    """Run every attempt on a connection of its own, all released at once; what each came to."""
    barrier = threading.Barrier(len(attempts))

    def run(attempt):
        try:
            connections["default"].ensure_connection()
            barrier.wait(timeout=60)
            return attempt()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


@pytest.fixture
def colleagues(parties):
    return [
        MembershipFactory(user__role=Role.CSM, team=parties.success).user for _ in range(RACERS)
    ]


@pytest.fixture
def offered(parties):
    return make_offer(parties, at=timezone.now() - timedelta(hours=1))


def accept_as(user, handoff):
    return lambda: handoffs.accept_handoff(handoff, by=user, at=timezone.now())


def test_of_fifty_who_accept_at_once_one_wins_and_all_are_told_who(offered, colleagues):
    results = race([accept_as(user, offered) for user in colleagues])

    winners = [result for result in results if isinstance(result, Handoff)]
    assert len(winners) == 1
    winner = winners[0].receiver
    told = Counter(str(result) for result in results if isinstance(result, Refused))
    assert sum(told.values()) == RACERS - 1
    assert all(text.startswith(f"Accepted by {winner.name} ") for text in told)
    held = HandoffHolder.objects.current().get(handoff=offered)
    assert (held.user, offered.events.filter(kind="accepted").count()) == (winner, 1)


def test_of_fifty_uses_of_one_link_one_answers(parties, offered):
    offer_id = offer_of(offered)

    def answer(number):
        move, given = MOVES_BY_LINK[number % 2]
        return lambda: move(offered, **given, by=parties.csm, at=timezone.now(), offer_id=offer_id)

    results = race([answer(number) for number in range(RACERS)])

    assert sum(isinstance(result, Handoff) for result in results) == 1
    assert sum(isinstance(result, handoffs.TooLate) for result in results) == RACERS - 1
    assert offered.events.filter(kind__in=["accepted", "returned"]).count() == 1


def test_of_fifty_who_offer_at_once_one_is_open(parties):
    def offer():
        return make_offer(parties, at=timezone.now(), tickets=[])

    results = race([offer] * RACERS)

    assert sum(isinstance(result, Handoff) for result in results) == 1
    assert sum(isinstance(result, handoffs.AlreadyOpen) for result in results) == RACERS - 1
    assert Handoff.objects.open().count() == 1


def test_of_accept_return_and_withdraw_one_wins(parties, offered, colleagues):
    def give_back(user):
        reason = ReturnReason.WRONG_OWNER
        return lambda: handoffs.return_handoff(offered, reason=reason, by=user, at=timezone.now())

    def withdraw():
        return handoffs.withdraw_handoff(offered, by=parties.agent, at=timezone.now())

    attempts = [
        attempt
        for user in colleagues[:16]
        for attempt in (accept_as(user, offered), give_back(user))
    ]
    results = race([*attempts, withdraw])

    made = {result.state for result in results if isinstance(result, Handoff)}
    final = Handoff.objects.get(pk=offered.pk).state
    # a returned one can still be withdrawn; what was accepted or withdrawn is past all three
    assert final in made
    assert made in (
        {HandoffState.ACCEPTED},
        {HandoffState.WITHDRAWN},
        {HandoffState.RETURNED},
        {HandoffState.RETURNED, HandoffState.WITHDRAWN},
    )


def test_of_two_leads_who_reassign_at_once_one_wins(parties, offered, colleagues):
    taken = handoffs.accept_handoff(offered, by=parties.csm, at=timezone.now())

    def reassign_to(user):
        return lambda: handoffs.reassign_handoff(
            taken,
            from_user=parties.csm,
            to=user,
            reason="On leave",
            by=parties.success_lead,
            at=timezone.now(),
        )

    results = race([reassign_to(user) for user in colleagues[:10]])

    (winner,) = [result.receiver for result in results if isinstance(result, Handoff)]
    told = [str(result) for result in results if isinstance(result, handoffs.TooLate)]
    assert len(told) == 9
    assert all(text == f"{winner.name} holds it now, no longer Ines Duarte." for text in told)
