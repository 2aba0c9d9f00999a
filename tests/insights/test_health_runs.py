"""What a run of the scorer writes, and when it writes nothing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Band, CustomerKind, Stage
from insights.actions import health
from insights.models import CurrentHealth, HealthSnapshot, ScorecardMeasure, ScorecardVersion
from tests.factories.base import change, make
from tests.factories.customers import CustomerFactory, TouchFactory
from tests.factories.tickets import TicketFactory
from tickets.models import TicketStatus

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 12)
EVERYONE = (0, 2**62)


@pytest.fixture
def now(db):
    return timezone.now() + timedelta(hours=1)


@pytest.fixture
def customer(now):
    return CustomerFactory()


@pytest.fixture
def solved(now, customer):
    """A ticket solved so many hours after it was opened, ten days ago."""

    def solve(hours, **fields):
        opened_at = now - timedelta(days=10)
        solved_at = opened_at + timedelta(hours=hours)
        return TicketFactory(
            customer=customer,
            opened_at=opened_at,
            first_solved_at=solved_at,
            last_solved_at=solved_at,
            status=TicketStatus.SOLVED,
            **fields,
        )

    return solve


def score_day(now, day=DAY):
    return health.score_day(*EVERYONE, day=day, at=now)


def current(customer):
    return CurrentHealth.objects.get(customer=customer)


def row_versions(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ctid, xmin FROM {table} ORDER BY 1")  # noqa: S608 - our own
        return cursor.fetchall()


def test_a_nightly_run_writes_the_score_and_the_days_snapshot(now, customer, solved):
    for _ in range(3):
        solved(1)

    assert score_day(now) == 1

    assert current(customer).band == Band.GREEN
    stored = HealthSnapshot.objects.get(customer=customer)
    assert (stored.day, stored.score, stored.known_at) == (DAY, current(customer).score, now)


def test_contributions_sum_to_the_stored_score(now, customer, solved):
    for hours in (1, 80, 200):
        solved(hours, reopen_count=hours // 100)
    score_day(now)

    stored = current(customer)

    parts = [entry.get("contribution", 0) for entry in stored.contributions.values()]
    assert abs(sum(parts) - float(stored.score)) < 1e-9


def test_a_run_after_a_change_leaves_the_daily_history_alone(now, customer, solved):
    solved(1)

    health.score_changed([customer.pk], day=DAY, at=now)

    assert current(customer).score is not None
    assert not HealthSnapshot.objects.exists()


def test_unchanged_inputs_write_nothing(now, customer, solved):
    for _ in range(3):
        solved(1)
    score_day(now)
    before = row_versions("insights_currenthealth"), row_versions("insights_healthsnapshot")

    score_day(now + timedelta(hours=1))
    score_day(now + timedelta(hours=2), day=DAY + timedelta(days=1))
    health.score_changed([customer.pk], day=DAY + timedelta(days=1), at=now + timedelta(hours=3))

    after = row_versions("insights_currenthealth"), row_versions("insights_healthsnapshot")
    # the second night found a day to compare with, and said so once
    assert after[1] == before[1]
    assert current(customer).as_of == now + timedelta(hours=2)


def test_the_same_night_twice_writes_nothing(now, customer, solved):
    solved(1)
    score_day(now)
    before = row_versions("insights_currenthealth"), row_versions("insights_healthsnapshot")

    score_day(now + timedelta(hours=1))

    assert before == (
        row_versions("insights_currenthealth"),
        row_versions("insights_healthsnapshot"),
    )


def test_the_first_of_a_month_is_stored_though_nothing_moved(now, customer, solved):
    solved(1)
    score_day(now, day=date(2026, 10, 30))

    score_day(now, day=date(2026, 10, 31))
    score_day(now, day=date(2026, 11, 1))

    days = HealthSnapshot.objects.order_by("day").values_list("day", flat=True)
    assert list(days) == [date(2026, 10, 30), date(2026, 11, 1)]


@pytest.mark.parametrize(("moved", "is_stored"), [("0.099999", False), ("0.100000", True)])
def test_a_day_is_stored_once_its_score_moved_by_a_tenth(
    now, customer, solved, *, moved, is_stored
):
    for _ in range(3):
        solved(1)
    score_day(now)
    HealthSnapshot.objects.update(score=current(customer).score - Decimal(moved))

    score_day(now, day=DAY + timedelta(days=1))

    assert HealthSnapshot.objects.filter(day=DAY + timedelta(days=1)).exists() is is_stored


def test_a_range_takes_at_most_twelve_statements_however_many_customers(now):
    with CaptureQueriesContext(connection) as one:
        health.score_day(*EVERYONE, day=DAY, at=now)
    for customer in CustomerFactory.create_batch(5):
        TicketFactory(customer=customer, opened_at=now - timedelta(days=1))

    with CaptureQueriesContext(connection) as many:
        health.score_day(*EVERYONE, day=DAY, at=now)

    assert len(many) == len(one) <= 12


def test_silence_of_ninety_days_is_unknown_and_never_green(now, customer):
    TicketFactory(customer=customer, opened_at=now - timedelta(days=100))

    score_day(now)

    assert current(customer).band == Band.UNKNOWN


@pytest.mark.parametrize(("days_ago", "is_known"), [(91, False), (3, True)])
def test_a_touch_breaks_the_silence(now, customer, *, days_ago, is_known):
    long_ago = now - timedelta(days=100)
    TicketFactory.create_batch(
        5, customer=customer, opened_at=long_ago, first_solved_at=now - timedelta(days=80)
    )
    TouchFactory(customer=customer, occurred_at=now - timedelta(days=days_ago))

    score_day(now)

    assert current(customer).coverage > 0.5
    assert (current(customer).band != Band.UNKNOWN) is is_known


def test_a_new_card_version_counts_from_its_publication(now, customer, solved):
    for _ in range(3):
        solved(1)
    publish(now - timedelta(hours=1), curve=[[0, 10]])

    score_day(now)

    assert current(customer).score == 10
    assert current(customer).version.number == 2


def publish(at, *, curve):
    version = make(
        ScorecardVersion,
        scorecard=ScorecardVersion.objects.get(scorecard__slug="first").scorecard,
        number=2,
        published_at=at,
    )
    make(
        ScorecardMeasure,
        version=version,
        key="resolution_speed",
        group="support",
        weight=10,
        curve=curve,
    )
    return version


def test_a_new_card_is_told_apart_from_what_the_customer_did(now, customer, solved):
    for _ in range(3):
        solved(1)
    score_day(now)
    was = current(customer).score
    publish(now + timedelta(hours=1), curve=[[0, 10]])

    score_day(now + timedelta(hours=2), day=DAY + timedelta(days=1))

    told = current(customer).change
    assert told["parts"] == [{"key": "configuration", "effect": float(10 - was)}]
    assert told["sentence"] == f"−{was - 10:.0f}: scorecard changed −{was - 10:.0f}"


def test_onboarding_customers_have_a_card_of_their_own(now):
    beginner = CustomerFactory(profile__stage=Stage.ONBOARDING)
    TicketFactory(customer=beginner, opened_at=now - timedelta(days=1))

    score_day(now)

    assert current(beginner).version.scorecard.slug == "onboarding"


def test_who_is_no_customer_has_no_score(now):
    for fields in ({"kind": CustomerKind.PARTNER}, {"kind": CustomerKind.INTERNAL}):
        TicketFactory(customer=CustomerFactory(**fields), opened_at=now - timedelta(days=1))
    TicketFactory(
        customer=CustomerFactory(profile__stage=Stage.FORMER), opened_at=now - timedelta(days=1)
    )

    assert score_day(now) == 0


def test_who_ceased_to_be_one_loses_the_score(now, customer, solved):
    solved(1)
    score_day(now)
    change(customer, kind=CustomerKind.PARTNER)

    score_day(now)

    assert not CurrentHealth.objects.exists()
    assert HealthSnapshot.objects.filter(customer=customer).exists()


def test_what_moved_is_said_against_the_oldest_day_of_six_weeks(now, customer, solved):
    for _ in range(4):
        solved(1)
    score_day(now, day=DAY - timedelta(days=12))
    for _ in range(4):
        solved(1, reopen_count=1)

    score_day(now)

    told = current(customer).change
    assert told["since"] == str(DAY - timedelta(days=12))
    assert told["sentence"].startswith("−")
    assert "reopens −" in told["sentence"]
    effects = sum(Decimal(str(part["effect"])) for part in told["parts"])
    assert effects == current(customer).score - Decimal(str(told["from"]))


def test_older_days_than_six_weeks_are_compared_as_they_stood_then(now, customer, solved):
    for _ in range(4):
        solved(1)
    score_day(now, day=DAY - timedelta(days=60))

    score_day(now)

    assert current(customer).change["since"] == str(DAY - timedelta(days=42))
    assert not current(customer).change["sentence"]


def test_what_is_not_known_says_why_and_has_not_moved(now, customer, solved):
    for _ in range(4):
        solved(1)
    score_day(now, day=DAY - timedelta(days=12))
    score_day(now + timedelta(days=200))

    told = current(customer).change

    assert current(customer).band == "unknown"
    assert told["sentence"].startswith("Unknown: ")
    assert "parts" not in told


def test_what_stays_unknown_writes_nothing(now, customer):
    score_day(now)
    before = row_versions("insights_currenthealth")

    score_day(now)

    assert row_versions("insights_currenthealth") == before
