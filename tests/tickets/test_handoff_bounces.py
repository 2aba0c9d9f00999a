"""The bounce list: what went to and fro, for leads, with its definition beside it."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.parties import make_offer
from tickets.actions import handoffs
from tickets.lists.handoffs import BOUNCE_LIST
from tickets.models import HandoffType, ReturnReason

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


def bounced(client, *ways):
    url = reverse("tickets:handoffs")
    rows = client.get(url, {"box": "all", "bounced": ways}).context["listing"].page.rows
    return [row.pk for row in rows]


def offer_again_and_again(parties, now):
    """Offered three times, and returned twice."""
    offered = make_offer(parties, type=HandoffType.ESCALATION, at=now)
    for minutes in (1, 3):
        at = now + timedelta(minutes=minutes)
        handoffs.return_handoff(offered, reason=ReturnReason.WRONG_OWNER, by=parties.csm, at=at)
        if minutes == 1:
            handoffs.offer_again(offered, by=parties.agent, at=at + timedelta(minutes=1))
    return offered


def test_the_bounce_list_has_what_went_to_and_fro(client, parties, now):
    quiet = make_offer(parties, at=now)
    disputed = offer_again_and_again(parties, now)
    client.force_login(parties.support_lead)

    assert bounced(client, "returned") == [disputed.pk]
    assert bounced(client, "leads") == [disputed.pk]
    assert bounced(client, "offered") == []
    assert quiet.pk not in bounced(client, "offered", "returned", "leads")


def test_what_was_offered_more_than_twice_is_on_the_bounce_list(client, parties, now):
    disputed = offer_again_and_again(parties, now)
    for lead in (parties.support_lead, parties.success_lead):
        handoffs.decide_handoff(
            disputed,
            decision="offer_again",
            reason="Once more",
            by=lead,
            at=now + timedelta(minutes=5),
        )
    client.force_login(parties.support_lead)

    assert bounced(client, "offered") == [disputed.pk]
    assert bounced(client, "leads") == []


def test_leads_are_led_to_the_bounce_list_which_says_what_it_is(client, parties, now):
    offer_again_and_again(parties, now)
    client.force_login(parties.support_lead)

    page = client.get(reverse("tickets:handoffs") + "?" + BOUNCE_LIST).content.decode()

    assert BOUNCE_LIST in html.unescape(page)
    assert "The bounce list: handoffs offered more than twice" in page
    assert "2× out, 2× back" in page


def test_others_are_not_led_to_the_bounce_list(client, parties):
    client.force_login(parties.agent)

    page = client.get(reverse("tickets:handoffs"), follow=True).content.decode()

    assert BOUNCE_LIST not in html.unescape(page)
