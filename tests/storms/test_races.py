"""Many at once: one wins, the others are told; a repeat of one's own request is done once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from accounts.models import Role
from supportsuccess.audit.models import EventGroup
from tests.factories.parties import make_offer, make_parties
from tests.factories.people import MembershipFactory
from tests.factories.tokens import bearer, token_for
from tests.storms.stories import NOW
from tickets.models import Handoff, HandoffEvent, HandoffHolder, HandoffState

pytestmark = pytest.mark.django_db(transaction=True)
RACERS, RACERS_SMALL = 50, 20
SAME_KEY = 20


def race(requests):
    """Send all requests at once, each on a connection of its own."""
    barrier = threading.Barrier(len(requests))

    def send(request):
        path, body, headers = request
        try:
            connections["default"].ensure_connection()
            barrier.wait(timeout=60)
            client = Client(raise_request_exception=False)
            return client.post(path, body, content_type="application/json", headers=headers)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


@pytest.fixture
def parties():
    return make_parties()


@pytest.fixture
def offered(parties):
    return make_offer(parties, at=NOW)


def accept_path(handoff):
    return f"/api/v1/handoffs/{handoff.pk}/accept/"


def test_of_many_programs_that_accept_one_wins_and_the_others_are_told(parties, offered, is_small):
    racers = RACERS_SMALL if is_small else RACERS
    people = [
        MembershipFactory(user__role=Role.CSM, team=parties.success).user for _ in range(racers)
    ]
    requests = [(accept_path(offered), {}, bearer(token_for(person))) for person in people]

    answers = race(requests)

    statuses = Counter(answer.status_code for answer in answers)
    assert statuses == {200: 1, 409: racers - 1}
    holder = HandoffHolder.objects.current().get(handoff=offered).user
    refused = [answer.json()["detail"] for answer in answers if answer.status_code == 409]
    assert all(text.startswith(f"Accepted by {holder.name} ") for text in refused)
    assert HandoffEvent.objects.filter(handoff=offered, kind="accepted").count() == 1


def test_one_request_sent_many_times_at_once_is_done_once(parties, offered):
    headers = bearer(token_for(parties.csm)) | {"Idempotency-Key": "one acceptance"}

    answers = race([(accept_path(offered), {}, headers)] * SAME_KEY)

    said = {(answer.status_code, answer.content) for answer in answers}
    done = {content for status, content in said if status == 200}
    assert {status for status, _ in said} <= {200, 409}
    assert len(done) == 1
    assert Handoff.objects.get(pk=offered.pk).state == HandoffState.ACCEPTED
    assert EventGroup.objects.filter(action="accept_handoff").count() == 1
    assert HandoffEvent.objects.filter(handoff=offered, kind="accepted").count() == 1


def test_one_key_with_two_contents_at_once_is_done_once_and_refused_else(parties):
    headers = bearer(token_for(parties.agent)) | {"Idempotency-Key": "one offer"}
    body = {"customer": parties.customer.pk, "type": "renewal_risk"}
    requests = [
        ("/api/v1/handoffs/", body | {"need": f"Plan {number % 2}"}, headers)
        for number in range(SAME_KEY)
    ]

    answers = race(requests)

    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {201, 409, 422}
    assert statuses[422]
    assert statuses[201] >= 1
    assert Handoff.objects.count() == 1
