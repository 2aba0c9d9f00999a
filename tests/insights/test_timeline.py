from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.actions.renewals import decide_renewals, undo_decision
from accounts.models import Band, Call, HealthOverride, Pulse, Role
from insights.lists.timeline import tell
from insights.queries.timeline import PAGE, timeline_of
from supportsuccess.imports.models import BatchState, ImportBatch
from supportsuccess.lists.keyset import BadCursor
from tests.factories.base import make
from tests.factories.contracts import RenewalFactory
from tests.factories.customers import (
    ContactFactory,
    CustomerContactFactory,
    CustomerFactory,
    TouchFactory,
)
from tests.factories.handoffs import HandoffFactory, PromiseFactory
from tests.factories.people import UserFactory
from tests.factories.renewals import HealthSnapshotFactory, renewal_due
from tests.factories.tickets import TicketEventFactory, TicketFactory
from tickets.models import HandoffEvent, PromiseEvent

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def days_ago(days):
    return NOW - timedelta(days=days)


def story(customer, *, role=Role.CSM, kinds=(), cursor=""):
    found = timeline_of(
        customer.pk, user=UserFactory(role=role), kinds=kinds, cursor=cursor, zone="UTC"
    )
    return [told.what for told in tell(found.events, now=NOW)], found


def fact(model, days, **fields):
    return make(model, occurred_at=days_ago(days), recorded_at=days_ago(days), **fields)


def test_everything_that_happened_stands_in_one_order():
    customer, csm = CustomerFactory(), UserFactory(name="Rob")
    handoff = HandoffFactory(customer=customer, need="Sync fails")
    promise = PromiseFactory(customer=customer, text="A fix")
    renewal = renewal_due(NOW.date() + timedelta(days=30), customer=customer)
    decide_renewals({renewal.pk: 1}, call=Call.ON_TRACK, by=csm, at=days_ago(1))
    fact(HandoffEvent, 2, handoff=handoff, kind="offered", by=csm)
    fact(PromiseEvent, 3, promise=promise, kind="made", by=csm)
    TouchFactory(customer=customer, by=csm, occurred_at=days_ago(4))
    fact(Pulse, 5, customer=customer, user=csm, value=2, note="Thin")
    fact(
        HealthOverride,
        6,
        customer=customer,
        band=Band.RED,
        reason="Said so",
        by=csm,
        expires_at=NOW,
    )
    TicketFactory(customer=customer, opened_at=days_ago(7), subject="Sync", is_blocked=True)

    words, _ = story(customer)

    assert words == [
        "called the renewal on track",
        "offered: renewal risk",
        "promise made: A fix",
        "· Call",
        "judged the relationship 2 of 5",
        "set health to red",
        "1 ticket opened, blocked",
    ]


def test_an_offer_says_what_is_needed():
    handoff = HandoffFactory(need="Sync fails")
    fact(HandoffEvent, 2, handoff=handoff, kind="offered", by=handoff.sender)

    _, found = story(handoff.customer)

    assert tell(found.events, now=NOW)[0].body == "Sync fails"


def test_tickets_are_told_by_the_day():
    customer = CustomerFactory()
    for number in range(5):
        ticket = TicketFactory(
            customer=customer,
            subject=f"Ticket {number}",
            opened_at=days_ago(3) + timedelta(minutes=number),
            first_solved_at=days_ago(2),
            last_solved_at=days_ago(2),
            reopen_count=1,
        )
        TicketEventFactory(ticket=ticket, kind="reopened", occurred_at=days_ago(1))

    words, found = story(customer)

    assert words == ["5 tickets reopened", "5 tickets solved", "5 tickets opened"]
    body = tell(found.events, now=NOW)[2].body
    assert body == "Ticket 4\nTicket 3\nTicket 2\nand 2 more"


def test_health_is_told_when_its_band_changes():
    customer = CustomerFactory()
    for days, band in ((9, Band.GREEN), (6, Band.GREEN), (3, Band.RED)):
        day = days_ago(days)
        HealthSnapshotFactory(
            customer=customer, day=day.date(), known_at=day, band=band, score=days * 10
        )

    assert story(customer)[0] == ["Health went from green to red at 30"]


def test_health_is_told_on_its_day_whenever_it_was_computed():
    customer, day = CustomerFactory(), days_ago(4).date()
    for days, band in ((5, Band.GREEN), (4, Band.YELLOW)):
        HealthSnapshotFactory(customer=customer, day=days_ago(days).date(), known_at=NOW, band=band)

    [event] = story(customer)[1].events

    assert event.at.date() == day


def test_what_is_unknown_is_told_without_a_score():
    customer = CustomerFactory()
    for days, band in ((9, Band.YELLOW), (6, Band.UNKNOWN), (3, Band.GREEN)):
        HealthSnapshotFactory(customer=customer, day=days_ago(days).date(), band=band, score=80)

    assert story(customer)[0] == [
        "Health went from unknown to green at 80",
        "Health went from yellow to unknown",
    ]


def test_a_next_step_is_told_with_its_day():
    customer = CustomerFactory()
    renewal = renewal_due(NOW.date() + timedelta(days=30), customer=customer)
    step = {"next_step": "Send the offer", "next_step_on": date(2026, 11, 30)}
    decide_renewals({renewal.pk: 1}, call=Call.AT_RISK, by=UserFactory(), at=days_ago(1), **step)

    [told] = tell(story(customer)[1].events, now=NOW)

    assert told.body == "Send the offer, by 30 Nov 2026"


def test_closed_renewals_and_calls_taken_back_are_told():
    customer, csm = CustomerFactory(), UserFactory()
    RenewalFactory(customer=customer, state="lost", loss_reason="price", closed_at=days_ago(400))
    renewal = renewal_due(NOW.date() + timedelta(days=30), customer=customer)
    decision = decide_renewals({renewal.pk: 1}, call=Call.ON_TRACK, by=csm, at=days_ago(2))[0]
    undo_decision(decision, by=csm, at=days_ago(1))

    assert story(customer)[0] == [
        "took the renewal's call back",
        "called the renewal on track",
        "Renewal lost: Price",
    ]


def test_contacts_are_named_to_those_who_may_see_them():
    link = CustomerContactFactory(contact=ContactFactory(name="Ingrid"))
    touch = TouchFactory(customer=link.customer, by=None, occurred_at=days_ago(1))
    make(touch.contacts.through, touch=touch, contact=link.contact)

    assert story(link.customer)[0] == ["Call with Ingrid"]
    assert story(link.customer, role=Role.EXECUTIVE)[0] == ["Call"]


def test_a_chip_shows_its_kind_alone():
    customer = CustomerFactory()
    TouchFactory(customer=customer, occurred_at=days_ago(1), is_two_way=False)
    TicketFactory(customer=customer)

    assert story(customer, kinds=["touches"])[0] == ["· Call, no answer"]
    assert len(story(customer, kinds=["nonsense"])[0]) == 2


def test_who_may_see_nothing_of_it_gets_nothing():
    customer = CustomerFactory()
    TouchFactory(customer=customer)

    assert story(customer, role=Role.CONTRACTOR)[0] == []


def test_what_an_undone_import_brought_is_not_told():
    batch = make(
        ImportBatch,
        format="touches",
        file_name="touches.csv",
        sha256="0",
        size=1,
        state=BatchState.UNDONE,
        withdrawn_at=NOW,
    )
    touch = TouchFactory(batch=batch)

    assert story(touch.customer)[0] == []


def test_another_customers_story_is_not_told():
    TouchFactory()

    assert story(CustomerFactory())[0] == []


def test_pages_meet_without_gap_or_repeat():
    customer = CustomerFactory()
    for number in range(PAGE + 5):
        TouchFactory(customer=customer, occurred_at=days_ago(1 + number // 7), note=str(number))
    TicketFactory(customer=customer, opened_at=days_ago(2))

    _, first = story(customer)
    _, second = story(customer, cursor=first.next_cursor)

    told = [(event.source, event.id) for event in [*first.events, *second.events]]
    assert len(told) == len(set(told)) == PAGE + 6
    assert second.next_cursor == ""


@pytest.mark.parametrize("cursor", ["x", "bnVsbA", "WyIyMDI2IiwidG91Y2giLDFd", "é"])
def test_a_cursor_of_elsewhere_is_refused(cursor):
    with pytest.raises(BadCursor):
        story(CustomerFactory(), cursor=cursor)
