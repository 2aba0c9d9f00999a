from decimal import Decimal

import pytest

from accounts.models import Band
from insights.scoring.bands import Day, bands_of, plain_band

EDGES = (50, 75)
GREEN, YELLOW, RED, UNKNOWN = Band.GREEN, Band.YELLOW, Band.RED, Band.UNKNOWN


def bands(*scores):
    days = [Day(None if s is None else Decimal(str(s)), is_unknown=s is None) for s in scores]
    return bands_of(days, edges=EDGES)


@pytest.mark.parametrize(
    ("score", "band"), [("49.999999", RED), (50, YELLOW), ("74.999999", YELLOW), (75, GREEN)]
)
def test_a_band_begins_at_its_edge(score, band):
    assert plain_band(Decimal(score), edges=EDGES) == band


def test_the_first_day_has_the_band_it_lies_in():
    assert bands(74) == [YELLOW]


def test_two_days_just_past_an_edge_change_nothing():
    assert bands(76, 74, 73, 76) == [GREEN] * 4


def test_the_third_day_past_an_edge_counts():
    assert bands(76, 74, 74, 74, 76) == [GREEN, GREEN, GREEN, YELLOW, YELLOW]


def test_three_points_past_an_edge_count_at_once():
    assert bands(76, 72) == [GREEN, YELLOW]
    assert bands(48, 53) == [RED, YELLOW]


def test_a_fall_through_both_edges_stops_at_the_one_not_clearly_passed():
    assert bands(80, 49) == [GREEN, YELLOW]
    assert bands(80, 47) == [GREEN, RED]


def test_a_day_back_on_the_old_side_starts_the_count_again():
    assert bands(76, 74, 74, 76, 74, 74) == [GREEN] * 6


def test_unknown_days_show_at_once_and_end_without_memory():
    assert bands(76, None, 74) == [GREEN, UNKNOWN, YELLOW]


def test_unknown_days_are_not_days_past_an_edge():
    assert bands(48, None, 49, 51, 51) == [RED, UNKNOWN, RED, RED, RED]
