"""After the second return the leads of both teams decide, and nobody alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.actions.people import deactivate_person
from accounts.models import MembershipRole, Notification, Role
from supportsuccess.errors import Refused
from tests.counting import count_queries
from tests.factories.base import change
from tests.factories.parties import TUESDAY_AT_TEN, make_offer
from tests.factories.people import AvailabilityFactory, MembershipFactory, TeamFactory, UserFactory
from tickets.actions import handoffs
from tickets.models import (
    Handoff,
    HandoffHolder,
    HandoffState,
    HandoffType,
    LeadsDecision,
    ReturnReason,
)
from tickets.queries.handoff_deciders import deciders_of, do_differ, votes_on

pytestmark = pytest.mark.django_db
NOW = TUESDAY_AT_TEN
LATER = NOW + timedelta(minutes=30)
OFFER_AGAIN, KEEP = LeadsDecision.OFFER_AGAIN, LeadsDecision.KEEP


def give_back(handoff, *, by, at):
    return handoffs.return_handoff(handoff, reason=ReturnReason.WRONG_OWNER, by=by, at=at)


def return_twice(parties, *, by=None):
    sender = by or parties.agent
    offered = make_offer(parties, by=sender, at=NOW)
    give_back(offered, by=parties.csm, at=NOW + timedelta(minutes=1))
    handoffs.offer_again(offered, by=sender, at=NOW + timedelta(minutes=2))
    return give_back(offered, by=parties.csm, at=NOW + timedelta(minutes=3))


@pytest.fixture
def disputed(parties):
    return return_twice(parties)


@pytest.fixture
def colleague(parties):
    return MembershipFactory(user__name="Theo Lang", user__role=Role.CSM, team=parties.success).user


def decide(handoff, decision, *, by, **details):
    return handoffs.decide_handoff(
        handoff, decision=decision, reason="So it is", by=by, at=LATER, **details
    )


def again(handoff):
    return Handoff.objects.get(pk=handoff.pk)


def names_of_votes(handoff):
    return [vote.who for vote in votes_on(handoff, deciders=deciders_of(handoff, at=LATER))]


def test_after_the_first_return_the_sender_offers_again(parties, offered):
    give_back(offered, by=parties.csm, at=NOW)

    assert handoffs.offer_again(offered, by=parties.agent, at=LATER).state == HandoffState.OFFERED


def test_the_sender_alone_cannot_offer_again(parties, disputed):
    with pytest.raises(Refused, match="Jonas Brandt and Carla Weiss decide"):
        handoffs.offer_again(disputed, by=parties.agent, at=LATER)


def test_the_sender_alone_cannot_withdraw(parties, disputed):
    with pytest.raises(Refused, match="Jonas Brandt and Carla Weiss decide"):
        handoffs.withdraw_handoff(disputed, by=parties.agent, at=LATER)


def test_the_sender_alone_cannot_cancel_but_a_lead_can(parties, disputed):
    with pytest.raises(Refused, match="Jonas Brandt and Carla Weiss decide"):
        handoffs.cancel_handoff(disputed, reason="Moot", by=parties.agent, at=LATER)

    cancelled = handoffs.cancel_handoff(disputed, reason="Moot", by=parties.support_lead, at=LATER)
    assert cancelled.state == HandoffState.CANCELLED


def test_nothing_is_decided_before_the_second_return(parties, offered):
    give_back(offered, by=parties.csm, at=NOW)

    with pytest.raises(Refused):
        decide(offered, KEEP, by=parties.support_lead)


def test_nobody_but_the_leads_decides(parties, disputed):
    for person in (parties.agent, parties.csm, UserFactory(role=Role.LEAD)):
        with pytest.raises(Refused, match="Jonas Brandt and Carla Weiss decide"):
            decide(disputed, KEEP, by=person)


def test_a_decision_needs_its_reason(parties, disputed):
    with pytest.raises(Refused, match="Say why"):
        handoffs.decide_handoff(
            disputed, decision=KEEP, reason=" ", by=parties.support_lead, at=LATER
        )


def test_one_lead_alone_changes_nothing_but_names_who_is_waited_for(parties, disputed):
    decided = decide(disputed, KEEP, by=parties.support_lead)

    votes = votes_on(decided, deciders=deciders_of(decided, at=LATER))
    assert again(disputed).state == HandoffState.RETURNED
    assert [(vote.who, vote.decision is None) for vote in votes] == [
        ("Jonas Brandt", False),
        ("Carla Weiss", True),
    ]


def test_the_other_lead_is_told(parties, disputed):
    decide(disputed, KEEP, by=parties.support_lead)

    told = Notification.objects.filter(kind="handoff_decided").values_list("user__name", flat=True)
    assert set(told) == {"Mina Falk", "Carla Weiss"}


def test_both_leads_offer_it_to_somebody_else(parties, disputed, colleague):
    decide(disputed, OFFER_AGAIN, by=parties.support_lead, receiver=colleague)
    decide(disputed, OFFER_AGAIN, by=parties.success_lead, receiver=colleague)

    offered = again(disputed)
    assert (offered.state, offered.receiver) == (HandoffState.OFFERED, colleague)
    assert HandoffHolder.objects.current().get(handoff=disputed).user == parties.agent


def test_both_leads_keep_it(parties, disputed):
    decide(disputed, KEEP, by=parties.success_lead)
    decide(disputed, KEEP, by=parties.support_lead)

    assert again(disputed).state == HandoffState.WITHDRAWN
    assert not HandoffHolder.objects.current().filter(handoff=disputed).exists()


@pytest.mark.parametrize("decision", [KEEP, OFFER_AGAIN])
def test_different_decisions_are_seen_and_change_nothing(parties, disputed, *, colleague, decision):
    decide(disputed, decision, by=parties.support_lead)
    decide(disputed, OFFER_AGAIN, by=parties.success_lead, receiver=colleague)

    votes = votes_on(again(disputed), deciders=deciders_of(again(disputed), at=LATER))
    assert again(disputed).state == HandoffState.RETURNED
    assert do_differ(votes)


def test_a_lead_may_come_round(parties, disputed):
    decide(disputed, OFFER_AGAIN, by=parties.support_lead)
    decide(disputed, KEEP, by=parties.success_lead)

    decide(disputed, KEEP, by=parties.support_lead)

    assert again(disputed).state == HandoffState.WITHDRAWN


def test_after_a_third_return_they_decide_anew(parties, disputed):
    for lead in (parties.support_lead, parties.success_lead):
        decide(disputed, OFFER_AGAIN, by=lead)
    give_back(disputed, by=parties.csm, at=LATER)

    decide(disputed, OFFER_AGAIN, by=parties.support_lead)

    assert again(disputed).state == HandoffState.RETURNED


def test_it_is_not_decided_for_who_cannot_receive(parties, disputed):
    reader = UserFactory(name="Pia Kern", role=Role.PRODUCT)

    with pytest.raises(Refused, match="Pia Kern can't receive handoffs"):
        decide(disputed, OFFER_AGAIN, by=parties.support_lead, receiver=reader)


def test_a_team_without_lead_has_the_lead_above(parties, disputed):
    above = MembershipFactory(
        user__name="Nora Holm",
        user__role=Role.CSLEAD,
        team=TeamFactory(),
        role=MembershipRole.LEAD,
    )
    change(parties.success, parent=above.team)
    deactivate_person(parties.success_lead, by=UserFactory(role=Role.ADMIN), at=LATER)

    assert names_of_votes(again(disputed)) == ["Jonas Brandt", "Nora Holm"]


def test_where_one_side_has_no_lead_the_other_decides_alone(parties, disputed):
    deactivate_person(parties.success_lead, by=UserFactory(role=Role.ADMIN), at=LATER)

    decide(disputed, KEEP, by=parties.support_lead)

    assert again(disputed).state == HandoffState.WITHDRAWN


def test_where_nobody_leads_the_sender_goes_on(parties, disputed):
    for lead in (parties.support_lead, parties.success_lead):
        deactivate_person(lead, by=UserFactory(role=Role.ADMIN), at=LATER)

    offered = handoffs.offer_again(disputed, by=parties.agent, at=LATER)

    assert offered.state == HandoffState.OFFERED


def test_a_lead_who_sent_it_decides_for_one_side_only(parties):
    disputed = return_twice(parties, by=parties.support_lead)

    decide(disputed, OFFER_AGAIN, by=parties.support_lead)

    assert again(disputed).state == HandoffState.RETURNED


def test_who_leads_both_teams_decides_once(parties, disputed):
    deactivate_person(parties.support_lead, by=UserFactory(role=Role.ADMIN), at=LATER)
    change(parties.support, parent=parties.success)

    decide(disputed, KEEP, by=parties.success_lead)

    assert again(disputed).state == HandoffState.WITHDRAWN
    assert disputed.decisions.count() == 2


def test_who_covers_for_a_lead_decides(parties, disputed, colleague):
    AvailabilityFactory(user=parties.success_lead, cover=colleague, cover_confirmed_at=NOW)
    decide(disputed, KEEP, by=parties.support_lead)

    decide(disputed, KEEP, by=colleague)

    assert again(disputed).state == HandoffState.WITHDRAWN


def test_a_lead_who_may_not_see_the_customer_decides_nothing(parties, disputed):
    change(parties.customer, is_restricted=True)

    assert not deciders_of(again(disputed), at=LATER).leads.keys() & {"sending"}


# The page


def page_of(handoff, client, *, person):
    client.force_login(person)
    return client.get(handoff.get_absolute_url()).content.decode()


def test_the_page_names_who_is_waited_for_and_what_was_said(client, parties, disputed):
    decide(disputed, KEEP, by=parties.support_lead)

    page = page_of(disputed, client, person=parties.agent)

    assert "Both leads decide" in page
    assert "wants to keep it: So it is" in page
    assert page.count("Waited for") == 1
    assert "Offer again" not in page


def test_the_page_says_that_they_differ(client, parties, disputed):
    decide(disputed, KEEP, by=parties.support_lead)
    decide(disputed, OFFER_AGAIN, by=parties.success_lead)

    page = page_of(disputed, client, person=parties.success_lead)

    assert "They want different things" in page
    assert "wants to offer it to Ines Duarte: So it is" in page


def test_a_lead_decides_on_the_page(client, parties, disputed):
    client.force_login(parties.support_lead)
    url = reverse("tickets:handoff_decide", args=[disputed.pk])

    response = client.post(url, {"decision": KEEP, "reason": "Ours after all"})

    assert response.status_code == 302
    assert disputed.decisions.get().reason == "Ours after all"


def test_the_page_of_who_decides_nothing_is_refused(client, parties, disputed):
    client.force_login(parties.agent)
    url = reverse("tickets:handoff_decide", args=[disputed.pk])

    response = client.post(url, {"decision": KEEP, "reason": "Ours after all"})

    assert response.status_code == 409
    assert "Jonas Brandt and Carla Weiss decide" in response.content.decode()


def test_what_leads_decide_costs_two_statements_more(client, parties, disputed):
    once = make_offer(parties, type=HandoffType.ESCALATION, at=NOW)
    give_back(once, by=parties.csm, at=LATER)
    client.force_login(parties.support_lead)

    alone = count_queries(client, once.get_absolute_url())

    assert count_queries(client, disputed.get_absolute_url()) <= alone + 2
