"""What pages read of a customer's health."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Band, HealthOverride, Role
from insights.actions import health as scorer
from insights.models import CurrentHealth, HealthSnapshot, ScorecardVersion
from insights.queries import health
from tests.factories.base import change, make
from tests.factories.customers import CustomerFactory, TouchFactory
from tests.factories.people import UserFactory
from tests.factories.tickets import TicketFactory
from tickets.models import TicketStatus

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 12)


@pytest.fixture
def now(db):
    return timezone.now() + timedelta(hours=1)


@pytest.fixture
def customer(now):
    """Four tickets solved in a day, the last talk two weeks ago; scored twelve days apart."""
    customer = CustomerFactory()
    TouchFactory(customer=customer, occurred_at=now - timedelta(days=14))
    solve(customer, now)
    score(now, DAY - timedelta(days=12))
    solve(customer, now, reopen_count=1)
    score(now, DAY)
    return customer


def solve(customer, now, **fields):
    opened_at = now - timedelta(days=10)
    TicketFactory.create_batch(
        4,
        customer=customer,
        opened_at=opened_at,
        first_solved_at=opened_at + timedelta(days=1),
        last_solved_at=opened_at + timedelta(days=1),
        status=TicketStatus.SOLVED,
        **fields,
    )


def score(now, day):
    scorer.score_day(0, 2**62, day=day, at=now)


def test_the_explanation_sums_to_the_score(now, customer):
    found = health.health_of(customer.pk, at=now)

    added = [share.contribution for share in found.shares if share.contribution is not None]
    assert sum(added) == found.score == CurrentHealth.objects.get().score


def test_every_share_says_what_was_read_and_how_fresh(now, customer):
    found = health.health_of(customer.pk, at=now)

    reopens = next(share for share in found.shares if share.key == "reopen_rate")
    assert (reopens.reading, reopens.score, reopens.group) == (Decimal("0.5"), 0, "Support")
    assert (reopens.figure, reopens.unit) == ("50\xa0%", "of the tickets solved in 90 days")
    assert reopens.fresh_on == (now - timedelta(days=9)).date()


def test_a_missing_measure_is_shown_without_numbers(now, customer):
    found = health.health_of(customer.pk, at=now)

    volume = next(share for share in found.shares if share.key == "volume_against_baseline")
    assert (volume.reading, volume.score, volume.contribution) == (None, None, None)


def test_what_is_not_connected_is_named_apart(now, customer):
    found = health.health_of(customer.pk, at=now)

    assert found.not_connected == ("Sentiment at end", "Champion present")
    assert found.coverage < 1


def test_the_causes_sum_to_the_change(now, customer):
    found = health.health_of(customer.pk, at=now)

    assert found.compared_on == DAY - timedelta(days=12)
    assert sum(cause.effect for cause in found.causes) == found.score - found.compared_score
    assert found.causes[0].name == "reopens"
    assert found.sentence.split(": ")[1].startswith("reopens −")


@pytest.mark.parametrize(
    ("effects", "shown"),
    [
        ([-3, 0.000001], [("−", "-2.999999")]),
        ([-3, 0.04, 0.03], [("−", "-3"), ("other", "0.07")]),
        ([0.04], []),
    ],
)
def test_a_cause_too_small_for_a_figure_has_no_row(now, customer, *, effects, shown):
    stored = CurrentHealth.objects.get()
    stored.change["parts"] = [{"key": "−", "effect": effect} for effect in effects]
    stored.save(update_fields=["change"])

    causes = health.health_of(customer.pk, at=now).causes

    assert [(cause.key, cause.effect) for cause in causes] == [
        (key, Decimal(effect)) for key, effect in shown
    ]


def test_the_worst_group_stands_beside_the_score(now, customer):
    found = health.health_of(customer.pk, at=now)

    assert found.worst_group[0] == "Support"
    assert dict(found.groups)["Relationship"] == 100


def test_who_was_never_scored_is_unknown(now):
    found = health.health_of(CustomerFactory().pk, at=now)

    assert (found.band, found.score, found.shares) == (Band.UNKNOWN, None, ())
    assert found.worst_group is None


def test_a_persons_override_stands_before_the_computed_band(now, customer):
    for band, days in ((Band.GREEN, -1), (Band.RED, 30)):
        make(
            HealthOverride,
            customer=customer,
            band=band,
            reason="Their new manager wants out",
            by=UserFactory(name="Ines"),
            occurred_at=now - timedelta(days=9),
            recorded_at=now - timedelta(days=9),
            expires_at=now + timedelta(days=days),
        )

    found = health.health_of(customer.pk, at=now)

    assert found.effective_band == Band.RED
    assert found.band == CurrentHealth.objects.get().band
    assert found.override.by == "Ines"


def test_an_explanation_takes_three_queries(now, customer):
    with CaptureQueriesContext(connection) as queries:
        health.health_of(customer.pk, at=now)

    assert len(queries) == 3


def test_what_a_later_release_no_longer_measures_keeps_its_key(now, customer):
    stored = CurrentHealth.objects.get()
    stored.change["parts"] = [{"key": "retired", "effect": -3}]
    stored.save(update_fields=["change"])

    found = health.health_of(customer.pk, at=now)

    assert found.causes == (health.Cause("retired", "retired", Decimal(-3)),)


def test_the_sparkline_carries_each_stored_day_forward(customer):
    HealthSnapshot.objects.all().delete()
    version = ScorecardVersion.objects.first()
    for ago, value in ((400, 90), (100, 60), (10, None)):
        HealthSnapshot.objects.create(
            customer=customer,
            day=DAY - timedelta(days=ago),
            version=version,
            known_at=timezone.now(),
            score=value,
            coverage=1,
            band=Band.YELLOW,
            contributions={},
        )

    points = dict(health.sparkline_points(customer.pk, day=DAY))

    assert len(points) == 61
    assert points[DAY - timedelta(days=180)] == 90
    assert points[DAY - timedelta(days=99)] == 60
    assert points[DAY] is None


def test_before_the_first_stored_day_the_sparkline_has_a_gap(customer):
    points = health.sparkline_points(customer.pk, day=DAY)

    assert points[0][1] is None
    assert points[-1][1] == CurrentHealth.objects.get().score


def test_bands_are_counted_for_who_may_see_them(now, customer):
    hidden = CustomerFactory()
    solve(hidden, now)
    score(now, DAY)
    change(hidden, is_restricted=True)

    counts = health.band_counts(UserFactory(role=Role.CSM))

    assert sum(counts.values()) == 1
    assert set(counts) == set(Band)
