"""What the sender's list says of what became of a handoff."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.counting import count_queries
from tests.factories.handoffs import HandoffFactory
from tests.factories.parties import make_offer
from tickets.actions import handoffs
from tickets.models import HandoffOutcome, ReturnReason

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(parties):
    return make_offer(parties, at=timezone.now() - timedelta(hours=3))


@pytest.fixture
def mine(client, parties):
    """The sender's list, as the agent opens it."""
    client.force_login(parties.agent)

    def page(**asked):
        query = {"box": "out", "person": parties.agent.pk, "state": "all", **asked}
        return client.get(reverse("tickets:handoffs"), query).content.decode()

    return page


def test_an_offer_nobody_took_says_so(mine, sent):
    assert "Not accepted yet" in mine()


def test_what_was_returned_says_why(mine, parties, sent):
    handoffs.return_handoff(
        sent, reason=ReturnReason.WRONG_OWNER, by=parties.csm, at=timezone.now()
    )

    assert "Returned: wrong owner" in mine()


def test_what_was_taken_says_by_whom_and_what_comes_next(mine, parties, sent):
    now = timezone.now()
    taken = handoffs.accept_handoff(sent, by=parties.csm, at=now)
    before = mine()
    handoffs.set_next_step(
        taken, step="Call them", on=now.date() + timedelta(days=2), by=parties.csm, at=now
    )

    assert "No next step yet" in before
    assert "accepted <time" in before
    assert "Call them" in mine()


def test_what_ended_says_how_and_whether_thanks_were_said(mine, parties, sent):
    now = timezone.now()
    taken = handoffs.accept_handoff(sent, by=parties.csm, at=now)
    ended = handoffs.complete_handoff(
        taken, outcome=HandoffOutcome.RISK_REDUCED, by=parties.csm, at=now
    )
    before = mine()
    handoffs.thank_sender(ended, by=parties.csm, at=now)

    assert "Risk reduced, accepted " in before
    assert mine().count("<time") == before.count("<time") + 1


def test_what_was_withdrawn_says_so(mine, parties, sent):
    handoffs.withdraw_handoff(sent, by=parties.agent, at=timezone.now())

    assert "Withdrawn" in mine()


def test_more_handoffs_cost_no_more_queries(client, parties, mine):
    url = f"{reverse('tickets:handoffs')}?box=out&person={parties.agent.pk}&state=all"
    client.force_login(parties.agent)
    HandoffFactory(sender=parties.agent)
    one = count_queries(client, url)
    HandoffFactory.create_batch(3, sender=parties.agent)

    assert count_queries(client, url) == one
