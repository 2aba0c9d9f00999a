"""What each measure reads of a customer, and that it says nothing where nothing is known."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import ContactRole, TouchModel
from insights.actions import health
from insights.measures import MEASURES
from insights.models import CurrentHealth
from tests.factories.base import change, make
from tests.factories.customers import (
    ContactFactory,
    CustomerContactFactory,
    CustomerFactory,
    TouchFactory,
)
from tests.factories.tickets import TicketFactory
from tickets.models import Labeling, LabelValue, Origin, Priority, TaxonomyVersion, TicketStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(db):
    return timezone.now() + timedelta(hours=1)


@pytest.fixture
def customer(now):
    return CustomerFactory()


@pytest.fixture
def read_of(now):
    """What a measure reads of a customer now; None where it is missing."""

    def reading(customer, key):
        health.score_changed([customer.pk], day=now.date(), at=now)
        entry = CurrentHealth.objects.get(customer=customer).contributions.get(key, {})
        return None if "reading" not in entry else Decimal(str(entry["reading"]))

    return reading


@pytest.fixture
def read(customer, read_of):
    return partial(read_of, customer)


@pytest.fixture
def ticket(now, customer):
    """A ticket of the customer, opened so many days ago and solved after so many hours."""

    def opened(days_ago, *, solved_after=None, **fields):
        opened_at = now - timedelta(days=days_ago)
        if solved_after is not None:
            solved_at = opened_at + timedelta(hours=solved_after)
            fields |= {"first_solved_at": solved_at, "last_solved_at": solved_at}
            fields.setdefault("status", TicketStatus.SOLVED)
        return TicketFactory(customer=customer, opened_at=opened_at, **fields)

    return opened


def test_every_measure_says_all_it_must():
    for measure in MEASURES.values():
        assert measure.direction in {"up", "down", "range"}
        assert measure.name
        assert measure.unit
        assert measure.drill_down
        assert measure.starter_curve


@pytest.mark.parametrize(
    ("key", "reading", "written"),
    [
        ("sentiment", "-0.001478", "0.0"),
        ("sentiment", "-0.25", "−0.2"),
        ("champion", "0", "nobody"),
        ("champion", "1", "somebody"),
        ("open_urgent", "1", "1"),
        ("reopen_rate", "0.294118", "29\xa0%"),
        ("resolution_speed", "1.319444", "1.3"),
    ],
)
def test_a_reading_is_written_as_what_it_is(key, reading, written):
    assert MEASURES[key].figure(Decimal(reading)) == written


def test_a_silent_customer_has_no_reading_at_all(customer, read):
    assert {key: read(key) for key in MEASURES} == dict.fromkeys(MEASURES)


def test_tickets_per_seat_count_ninety_days(ticket, read):
    for days in (1, 89, 91):
        ticket(days)

    assert read("volume_per_seat") == 4


def test_tickets_per_seat_are_missing_where_seats_are_unknown(now, read_of):
    CustomerFactory(profile__seats=10)
    unknown = CustomerFactory(profile__seats=None)
    TicketFactory(customer=unknown, opened_at=now - timedelta(days=1))

    assert read_of(unknown, "volume_per_seat") is None
    assert read_of(unknown, "open_urgent") == 0


def test_volume_is_compared_with_the_customers_own_past(ticket, read):
    for days in (10, 20, *range(45, 195, 30), 180):
        ticket(days)

    # five after the first in 150 days: one in 30; (2 + 2) / (1 + 2)
    assert read("volume_against_baseline") == Decimal("1.333333")


def test_a_fall_to_silence_against_the_past_is_a_reading(now, ticket, read):
    for days in (*range(45, 195, 30), 180):
        ticket(days)
    TicketFactory(opened_at=now - timedelta(days=3))

    assert read("volume_against_baseline") == Decimal("0.666667")


def test_where_nobody_writes_any_more_the_source_has_stopped(ticket, read):
    for days in (20, *range(45, 195, 30), 180):
        ticket(days)

    assert read("volume_against_baseline") is None


def test_without_enough_of_a_past_the_comparison_is_missing(ticket, read):
    for days in (10, 40, 50, 60):
        ticket(days)

    assert read("volume_against_baseline") is None


def test_resolution_is_the_median_against_the_priority_target(ticket, read):
    ticket(10, solved_after=4, priority=Priority.CRITICAL)
    ticket(10, solved_after=72)
    ticket(10, solved_after=240)

    assert read("resolution_speed") == 1


def test_two_solved_tickets_say_nothing_of_speed_or_reopens(ticket, read):
    ticket(10, solved_after=1)
    ticket(10, solved_after=1, reopen_count=1)

    assert read("resolution_speed") is None
    assert read("reopen_rate") is None


def test_reopens_are_a_share_of_what_was_solved_lately(ticket, read):
    for reopened in (0, 0, 0, 2):
        ticket(10, solved_after=1, reopen_count=reopened)
    ticket(120, solved_after=1, reopen_count=1)

    assert read("reopen_rate") == Decimal("0.25")


def test_open_critical_and_blocking_tickets_count_at_any_age(ticket, read):
    ticket(300, priority=Priority.CRITICAL)
    ticket(5, is_blocked=True)
    ticket(5, priority=Priority.CRITICAL, solved_after=1)
    ticket(5)

    assert read("open_urgent") == 2


def test_no_open_critical_ticket_is_a_reading_where_there_are_tickets(ticket, read):
    ticket(5)

    assert read("open_urgent") == 0


def test_repeats_are_contacts_with_two_tickets_in_thirty_days(ticket, read):
    contacts = ContactFactory.create_batch(3)
    for contact in contacts:
        ticket(5, contact=contact)
    ticket(6, contact=contacts[0])
    ticket(40, contact=contacts[1])

    assert read("repeat_rate") == Decimal("0.333333")


def labelled(ticket, slug, *, at, **fields):
    change(ticket, labels_answered=1)
    return make(
        Labeling,
        ticket=ticket,
        dimension="sentiment",
        value=LabelValue.objects.get(dimension="sentiment", slug=slug) if slug else None,
        origin=Origin.RULE,
        taxonomy_version=TaxonomyVersion.objects.get(),
        occurred_at=at,
        recorded_at=at,
        **fields,
    )


def test_sentiment_halves_its_weight_in_thirty_days(now, ticket, read):
    labelled(ticket(61), "pleased", at=now - timedelta(days=60))
    labelled(ticket(31), "angry", at=now - timedelta(days=30))

    # a quarter of 0.5 and a half of -1, by three quarters
    assert read("sentiment") == Decimal("-0.500000")


def test_of_two_answers_to_one_ticket_the_newest_counts(now, ticket, read):
    corrected = ticket(5)
    labelled(corrected, "angry", at=now - timedelta(days=4))
    labelled(corrected, "pleased", at=now - timedelta(days=3))

    assert read("sentiment") == Decimal("0.5")


def test_a_merged_label_counts_as_what_it_was_merged_into(now, ticket, read):
    angry = LabelValue.objects.get(dimension="sentiment", slug="angry")
    fuming = make(
        LabelValue,
        dimension="sentiment",
        slug="fuming",
        name="Fuming",
        is_active=False,
        merged_into=angry,
    )
    labelled(ticket(5), fuming.slug, at=now - timedelta(days=4))

    assert read("sentiment") == -1


def test_the_last_two_way_touch_counts_against_the_touch_model(now, customer, read):
    TouchFactory(customer=customer, occurred_at=now - timedelta(days=45, hours=5))
    TouchFactory(customer=customer, occurred_at=now - timedelta(days=2), is_two_way=False)

    assert read("touch_rhythm") == Decimal("0.25")


def test_a_high_touch_customer_is_expected_to_talk_more_often(now, read_of):
    customer = CustomerFactory(profile__touch_model=TouchModel.HIGH)
    TouchFactory(customer=customer, occurred_at=now - timedelta(days=45, hours=5))

    assert read_of(customer, "touch_rhythm") == Decimal("1.5")


@pytest.mark.parametrize(("days_ago", "reading"), [(-1, 1), (None, 1), (8, 0)])
def test_a_champion_is_present_until_they_leave(now, read, customer, *, days_ago, reading):
    left_at = None if days_ago is None else now - timedelta(days=days_ago)
    CustomerContactFactory(
        customer=customer, role=ContactRole.CHAMPION, left_at=left_at, recorded_left_at=left_at
    )

    assert read("champion") == reading


def test_where_nobody_ever_was_a_champion_it_is_missing(customer, ticket, read):
    ticket(1)
    CustomerContactFactory(customer=customer, role=ContactRole.OTHER)
    CustomerContactFactory(role=ContactRole.CHAMPION)

    assert read("champion") is None
