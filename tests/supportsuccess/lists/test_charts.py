from decimal import Decimal

import pytest

from supportsuccess.lists import charts


def test_sparkline_breaks_where_a_value_is_missing():
    svg = charts.sparkline([1, 2, None, 3, Decimal(4)], label="Health")

    assert svg.count("<polyline") == 2
    assert svg.count("<circle") == 1


def test_sparkline_rises_with_its_values():
    assert 'points="3.0,15.0 61.0,3.0"' in charts.sparkline([58, 81], label="Health")


@pytest.mark.parametrize("values", [[], [None, None]])
def test_sparkline_of_nothing_draws_nothing(values):
    svg = charts.sparkline(values, label="Health")

    assert "<polyline" not in svg
    assert "<circle" not in svg


def test_flat_sparkline_runs_in_the_middle():
    assert "3.0,9.0 61.0,9.0" in charts.sparkline([5, 5], label="Health")


@pytest.mark.parametrize(
    ("value", "width", "words"),
    [(62, "62.0", "62%"), (0, "0.0", "0%"), (150, "100.0", "100%"), (None, "0.0", "unknown")],
)
def test_meter_says_how_full_it_is(value, width, words):
    svg = charts.meter(value, of=100, label="Coverage")

    assert f'<rect width="{width}"' in svg
    assert f'aria-label="Coverage: {words}"' in svg


def test_labels_are_escaped():
    assert "<b>" not in charts.sparkline([1], label="<b>") + charts.meter(1, of=2, label="<b>")
