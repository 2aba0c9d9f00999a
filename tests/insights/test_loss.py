from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from accounts.models import Band, Segment
from accounts.queries.calendars import weekdays_between
from insights.scoring.loss import ENOUGH_LOSSES, STARTER_LOST, Decided, likelihoods, urgency
from insights.scoring.queue import URGENCY

RED = (Segment.ENTERPRISE, Band.RED)
GREEN = (Segment.ENTERPRISE, Band.GREEN)


def test_without_enough_losses_the_starter_rates_stand_and_say_so():
    likely = likelihoods({("enterprise", "red"): Decided(decided=4, lost=ENOUGH_LOSSES - 1)})

    assert likely[RED].p_lost == STARTER_LOST[Band.RED]
    assert likely[RED].basis == (
        "Starter rate for red: 25%, a guess until 5 renewals were lost here (4 so far)"
    )


def test_a_bands_rate_is_drawn_towards_its_segments():
    counts = {
        ("enterprise", "red"): Decided(decided=10, lost=6),
        ("enterprise", "green"): Decided(decided=90, lost=4),
    }

    likely = likelihoods(counts)

    # the segment's and the company's rate are both 10 %: (6 + 10 × 0.1) ÷ 20, (4 + 1) ÷ 100
    assert likely[RED].p_lost == Decimal("0.35")
    assert likely[GREEN].p_lost == Decimal("0.05")
    assert likely[RED].basis == (
        "6 of 10 red renewals lost in enterprise, drawn towards the segment's 10.0%"
    )


def test_a_band_never_seen_gets_its_segments_rate():
    likely = likelihoods({("enterprise", "green"): Decided(decided=90, lost=9)})

    assert likely[RED].p_lost == Decimal("0.1")


def test_a_segment_never_seen_gets_the_companys_rate():
    likely = likelihoods({("enterprise", "green"): Decided(decided=90, lost=9)})

    assert likely[(Segment.SMALL, Band.RED)].p_lost == Decimal("0.1")


def test_losses_in_a_band_not_known_then_count_for_the_segment():
    counts = {
        ("enterprise", ""): Decided(decided=50, lost=25),
        ("enterprise", "green"): Decided(decided=50, lost=0),
    }

    # company and segment at 25 %: (0 + 10 × 0.25) ÷ 60
    assert likelihoods(counts)[GREEN].p_lost == Decimal("0.041667")


def test_contractions_are_expected_with_their_mean_size():
    counts = {
        ("enterprise", "red"): Decided(decided=100, lost=10, contracted=20, contraction=Decimal(10))
    }

    likely = likelihoods(counts)[RED]

    assert likely.p_contracted == Decimal("0.2")
    assert likely.mean_contraction == Decimal("0.4")  # (10 + 10 × 0.2) ÷ 30


@pytest.mark.parametrize(
    ("days", "factor"), [(-5, 7), (0, 7), (5, 5), (20, 3), (50, 2), (590, Decimal("1.1"))]
)
def test_urgency_falls_with_the_business_days_left(days, factor):
    assert urgency(days) == factor


@pytest.mark.django_db
def test_urgency_in_sql_is_the_same():
    today = date(2026, 11, 21)
    days = [today + timedelta(days=away) for away in range(-10, 40)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {URGENCY} FROM unnest(%(days)s::date[]) AS e(decided_on)",  # noqa: S608 - ours
            {"days": days, "day": today},
        )
        computed = [round(row[0], 6) for row in cursor.fetchall()]

    assert computed == [round(urgency(weekdays_between(today, day)), 6) for day in days]
