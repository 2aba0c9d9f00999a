"""A return reaches somebody who is here: the sender, their cover, their lead, their team."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from accounts.models import Membership, MembershipRole, Notification, Role
from tests.factories.base import change
from tests.factories.parties import make_offer
from tests.factories.people import (
    LONG_AGO,
    AvailabilityFactory,
    MembershipFactory,
    TeamFactory,
)
from tickets.actions import handoffs
from tickets.models import HandoffHolder, HandoffState, ReturnReason
from tickets.queries.accountability import accountable_for_matters

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def colleague(parties):
    return MembershipFactory(
        user__name="Ada Rossi", user__role=Role.AGENT, team=parties.support
    ).user


@pytest.fixture
def give_back(parties, now):
    """Returned while its sender is away."""

    def give_back(**cover):
        offered = make_offer(parties, at=now - timedelta(hours=1))
        AvailabilityFactory(user=parties.agent, **cover)
        return handoffs.return_handoff(
            offered, reason=ReturnReason.WRONG_OWNER, by=parties.csm, at=now
        )

    return give_back


def told():
    return {one.user.name for one in Notification.objects.filter(kind="handoff_returned")}


def unled(team):
    lead = Membership.objects.get(team=team, role=MembershipRole.LEAD)
    change(lead, during=TimestamptzRange(LONG_AGO, LONG_AGO + timedelta(days=1)))


def test_a_return_reaches_the_cover_of_a_sender_who_is_away(give_back, *, colleague, now):
    give_back(cover=colleague, cover_confirmed_at=now)

    assert told() == {"Mina Falk", "Ada Rossi"}


def test_a_return_reaches_the_lead_where_nobody_covers(give_back, *, colleague):
    give_back()

    assert told() == {"Mina Falk", "Jonas Brandt"}


def test_a_return_reaches_the_lead_above_where_the_team_has_none(give_back, parties):
    above = MembershipFactory(
        user__name="Nora Holm", team=TeamFactory(), role=MembershipRole.LEAD
    ).team
    unled(parties.support)
    change(parties.support, parent=above)

    give_back()

    assert told() == {"Mina Falk", "Nora Holm"}


def test_a_return_reaches_the_whole_team_where_nobody_leads(give_back, parties, *, colleague):
    unled(parties.support)

    give_back()

    assert told() == {"Mina Falk", "Ada Rossi"}


def test_the_sender_holds_it_and_the_lead_answers_and_offers_again(give_back, parties, *, now):
    returned = give_back()

    answering = accountable_for_matters([returned.pk], at=now + timedelta(seconds=1))
    offered = handoffs.offer_again(returned, by=parties.support_lead, at=now + timedelta(minutes=1))

    assert answering[returned.pk].user_id == parties.support_lead.pk
    assert HandoffHolder.objects.current().get(handoff=returned).user == parties.agent
    assert offered.state == HandoffState.OFFERED


def test_who_answers_for_the_sender_has_it_in_their_list(client, give_back, parties):
    returned = give_back()
    client.force_login(parties.support_lead)

    rows = client.get(reverse("tickets:handoffs") + "?box=out").context["listing"].page.rows

    assert [row.pk for row in rows] == [returned.pk]


def test_the_page_says_who_answers_for_the_sender(client, give_back, parties):
    returned = give_back()
    client.force_login(parties.csm)

    assert "away: Jonas Brandt answers" in client.get(returned.get_absolute_url()).content.decode()
