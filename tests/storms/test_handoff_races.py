"""Two hundred handoffs, fifty racers each: accept, return, reassign, cancel, and the clock."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from tests.factories.parties import make_offer, make_parties
from tests.factories.people import MembershipFactory
from tests.factories.tokens import bearer, token_for
from tickets.actions import handoffs
from tickets.models import Handoff, HandoffEvent, HandoffHolder, HandoffState, HandoffType

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(3600)]
HANDOFFS, HANDOFFS_SMALL = 200, 4
RACERS, RACERS_SMALL = 50, 20
# an offer that long ago is past twice its target
LONG_AGO = timedelta(days=20)
ONCE = {"accept", "return", "expire", "cancel"}


@pytest.fixture
def parties():
    return make_parties()


@pytest.fixture
def racers(parties, is_small):
    count = RACERS_SMALL if is_small else RACERS
    people = [
        MembershipFactory(user__role=Role.CSLEAD, team=parties.success).user for _ in range(count)
    ]
    return [(person, bearer(token_for(person))) for person in people]


@pytest.fixture
def past_observation(parties):
    at = timezone.now() - timedelta(days=90)
    first = make_offer(parties, type=HandoffType.EXPANSION, at=at)
    handoffs.withdraw_handoff(first, by=parties.agent, at=at)


def post(path, body, headers):
    client = Client(raise_request_exception=False)
    return client.post(path, body, content_type="application/json", headers=headers)


def accept(handoff, racer):
    return post(f"/api/v1/handoffs/{handoff.pk}/accept/", {}, racer[1])


def give_back(handoff, racer):
    return post(f"/api/v1/handoffs/{handoff.pk}/return/", {"reason": "wrong_owner"}, racer[1])


def expire(handoff, _racer):
    return handoffs.expire_if_due(handoff, at=timezone.now())


def cancel(handoff, racer):
    return post(f"/api/v1/handoffs/{handoff.pk}/cancel/", {"reason": "Merged"}, racer[1])


def reassign(handoff, racer):
    """Each takes it from the one who accepted it, for themselves."""
    body = {"from_user": handoff.receiver_id, "to": racer[0].pk, "reason": "On leave"}
    return post(f"/api/v1/handoffs/{handoff.pk}/reassign/", body, racer[1])


def all_at_once(attempts):
    barrier = threading.Barrier(len(attempts))

    def run(attempt):
        move, handoff, racer = attempt
        try:
            connections["default"].ensure_connection()
            barrier.wait(timeout=60)
            return move(handoff, racer)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


def is_won(answer):
    return answer is True or getattr(answer, "status_code", 0) == 200


def test_of_all_who_move_an_offer_at_once_one_decides(
    parties, *, racers, past_observation, is_small
):
    chance = random.Random(4711)  # noqa: S311 - for a repeatable mix
    kinds = [accept, accept, give_back, cancel, expire]
    for _ in range(HANDOFFS_SMALL if is_small else HANDOFFS):
        offered = make_offer(parties, at=timezone.now() - LONG_AGO, tickets=[])

        answers = all_at_once([(chance.choice(kinds), offered, racer) for racer in racers])

        check_offer(offered, answers)
        end(offered, by=parties.success_lead)


def test_of_all_who_reassign_or_cancel_at_once_each_is_told(parties, *, racers, is_small):
    for number in range(HANDOFFS_SMALL if is_small else HANDOFFS):
        offered = make_offer(parties, at=timezone.now(), tickets=[])
        taken = handoffs.accept_handoff(offered, by=parties.csm, at=timezone.now())
        moves = [reassign] * len(racers)
        moves[number % len(moves)] = cancel

        answers = all_at_once(
            [(move, taken, racer) for move, racer in zip(moves, racers, strict=True)]
        )

        assert {answer.status_code for answer in answers} == {200, 409}
        kinds = Counter(taken.events.values_list("kind", flat=True))
        assert kinds["reassigned"] <= 1
        assert kinds["cancelled"] == 1
        assert sum(map(is_won, answers)) == kinds["reassigned"] + kinds["cancelled"]
        assert all(tells_who(taken, answer) for answer in answers if not is_won(answer))
        assert not HandoffHolder.objects.current().filter(handoff=taken).exists()


def check_offer(handoff, answers):
    """No error but 409, which tells who was first; a win is an event; one holder, or an end."""
    statuses = {answer.status_code for answer in answers if hasattr(answer, "status_code")}
    assert statuses <= {200, 409}
    kinds = Counter(HandoffEvent.objects.filter(handoff=handoff).values_list("kind", flat=True))
    assert all(kinds[name] <= 1 for name in ("accepted", "cancelled"))
    moved = sum(kinds[name] for name in ("accepted", "returned", "expired", "cancelled"))
    assert sum(map(is_won, answers)) == moved
    lost = [answer for answer in answers if not is_won(answer) and answer is not False]
    assert all(tells_who(handoff, answer) for answer in lost), lost
    is_open = Handoff.objects.open().filter(pk=handoff.pk).exists()
    assert HandoffHolder.objects.current().filter(handoff=handoff).count() == is_open


def tells_who(handoff, answer):
    """The name of somebody who moved it, or the clock's own word."""
    movers = handoff.events.exclude(by=None).values_list("by__name", flat=True)
    names = {*movers, "by you", "Expired ", "Offered ", "holds it now"}
    return any(name in answer.json()["detail"] for name in names)


def end(handoff, *, by):
    current = Handoff.objects.get(pk=handoff.pk)
    if current.state not in {HandoffState.CANCELLED, HandoffState.WITHDRAWN}:
        handoffs.cancel_handoff(current, reason="Over", by=by, at=timezone.now())
