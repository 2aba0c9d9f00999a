"""The clock on an offer nobody answers: the receiver at 75 % of the target, the lead at its end."""

from datetime import timedelta

import pytest

from accounts.models import Notification
from supportsuccess import outbox
from supportsuccess.errors import Refused
from supportsuccess.outbox import schedules
from tests.factories.handoffs import HandoffFactory
from tests.factories.parties import TUESDAY_AT_TEN, make_offer
from tests.tickets.handoff_past import kinds_of
from tickets.actions import handoffs
from tickets.models import Handoff, HandoffType
from tickets.queries.handoff_targets import offers_to_remind_of, warned_at

pytestmark = pytest.mark.django_db
NOW = TUESDAY_AT_TEN
DUE = NOW + timedelta(days=2)
# Tuesday ten to Thursday ten are 16 working hours: 7 on Tuesday, 5 of the 12 on Wednesday
WARNED = NOW + timedelta(days=1, hours=4)


@pytest.fixture
def offered(parties):
    """Of a team that got its first offer long ago, so that its targets bind."""
    long_ago = NOW - timedelta(days=60)
    first = make_offer(parties, type=HandoffType.ADOPTION, at=long_ago)
    handoffs.withdraw_handoff(first, by=parties.agent, at=long_ago)
    return make_offer(parties)


def told(kind):
    return list(Notification.objects.filter(kind=kind).values_list("user__name", "title"))


def look(at):
    schedules.promise_due(at=at)
    outbox.deliver_due()


def test_three_quarters_of_a_target_are_working_time(offered):
    assert warned_at(offered) == WARNED


def test_a_draft_is_never_nearly_due():
    with pytest.raises(Refused, match="never offered"):
        warned_at(Handoff())


def test_nobody_is_told_before_three_quarters(offered):
    assert offers_to_remind_of(at=WARNED - timedelta(seconds=1)) == []


def test_the_receiver_is_warned_at_three_quarters(parties, offered):
    look(WARNED)

    title = "Little time is left to accept Renewal risk: Halden Lifts"
    assert told("handoff_nearly_due") == [(parties.csm.name, title)]
    assert kinds_of(offered) == ["offered", "nearly_due"]


def test_the_lead_is_told_at_the_end_of_the_target(parties, offered):
    look(DUE)

    title = "Ines Duarte is late to accept Renewal risk: Halden Lifts"
    assert told("handoff_overdue") == [(parties.success_lead.name, title)]


def test_the_sender_is_told_where_nobody_leads_the_team(parties):
    handoff = HandoffFactory(sender=parties.agent, receiver=parties.csm, offered_at=NOW)

    handoffs.remind_of_offer(handoff, at=DUE)

    assert [name for name, _ in told("handoff_overdue")] == [parties.agent.name]


def test_each_is_told_once_per_offer(parties, offered):
    for minutes in range(3):
        look(WARNED + timedelta(minutes=minutes))
        look(DUE + timedelta(minutes=minutes))

    assert kinds_of(offered) == ["offered", "nearly_due", "overdue"]


def test_an_offer_made_again_is_reminded_of_again(parties, offered):
    look(DUE)
    returned = handoffs.return_handoff(offered, reason="duplicate", by=parties.csm, at=DUE)
    handoffs.offer_again(returned, by=parties.agent, at=DUE + timedelta(hours=1))

    look(DUE + timedelta(days=4, hours=1))

    assert kinds_of(offered).count("overdue") == 2


def test_nobody_is_told_of_what_was_accepted_meanwhile(parties, offered):
    schedules.promise_due(at=WARNED)
    handoffs.accept_handoff(offered, by=parties.csm, at=WARNED)

    outbox.deliver_due()

    assert told("handoff_nearly_due") == []


def test_nobody_is_told_while_a_team_is_observed(parties):
    make_offer(parties)

    look(DUE)

    assert told("handoff_overdue") == []
