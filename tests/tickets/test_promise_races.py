"""Two people and the clock at one promise: one outcome, and the others read whose."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone

from supportsuccess.errors import Refused
from tests.factories.handoffs import PromiseFactory
from tests.factories.people import UserFactory
from tickets.actions import promise_moves as moves
from tickets.models import PromiseState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
RACERS = 10


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


def test_a_promise_ends_once_and_the_others_read_who_ended_it():
    promise, now = PromiseFactory(), timezone.now()
    people = UserFactory.create_batch(RACERS)
    ends = (moves.keep_promise, moves.break_promise, moves.withdraw_promise)

    def attempt(turn, by):
        end = ends[turn % len(ends)]
        return lambda: end(promise, version=1, note="So it is", by=by, at=now)

    came_to = race(
        [lambda: moves.break_if_past(promise, at=now)]
        + [attempt(turn, by) for turn, by in enumerate(people)]
    )

    promise.refresh_from_db()
    ended, lost = promise.events.get(), [one for one in came_to if isinstance(one, Refused)]
    assert promise.state != PromiseState.OPEN
    assert (promise.version, ended.kind) == (2, promise.state)
    assert len(lost) in {RACERS, RACERS - 1}
    assert all(str(ended.by or "already") in refusal.message for refusal in lost)
