from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.scoring.curves import curve_of, score_on
from tests.insights.scoring.cards import points


def test_a_reading_between_two_points_lies_on_the_line():
    assert score_on(((0, 100), (10, 0)), Decimal("2.5")) == Decimal(75)


def test_beyond_its_ends_a_curve_is_level():
    curve = ((1, 20), (2, 80))

    assert score_on(curve, Decimal(-7)) == 20
    assert score_on(curve, Decimal(7)) == 80


def test_a_range_falls_on_both_sides_of_its_plateau():
    curve = ((0, 50), (4, 100), (20, 100), (50, 0))

    assert [score_on(curve, Decimal(x)) for x in (0, 10, 50)] == [50, 100, 0]


def test_a_band_begins_with_its_lower_end():
    curve = ((0, 30), (5, 30), (5, 90), (9, 90))

    assert score_on(curve, Decimal("4.999999")) == 30
    assert score_on(curve, Decimal(5)) == 90


@given(points, st.decimals(-10, 60, places=6))
def test_a_score_never_leaves_its_curve(curve, reading):
    scores = [Decimal(str(score)) for _, score in curve]

    assert (
        min(scores) - Decimal("1e-6") <= score_on(curve, reading) <= max(scores) + Decimal("1e-6")
    )


@pytest.mark.parametrize(
    ("stored", "reason"),
    [([], "a point"), ([[2, 5], [1, 5]], "rise"), ([[0, 101]], "between"), ([[0, -1]], "between")],
)
def test_what_is_no_curve_is_refused(stored, reason):
    with pytest.raises(ValueError, match=reason):
        curve_of(stored)
