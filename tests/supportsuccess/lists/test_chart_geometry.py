"""Where marks stand, for whatever values come."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportsuccess.lists.charts import DayMark, Line, counted
from supportsuccess.lists.charts.geometry import Scale, day_ticks, running, runs, stairs, ticks

VALUES = st.decimals(-1_000_000, 1_000_000, places=6)
TWO_VALUES = st.tuples(VALUES, VALUES).map(sorted)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def always(*_two):
    return True


@given(TWO_VALUES)
def test_ticks_cover_the_values_with_few_even_steps(ends):
    found = ticks(*ends)

    assert found[0] <= ends[0] <= ends[1] <= found[-1]
    assert len({after - before for before, after in pairwise(found)}) == 1
    assert 2 <= len(found) <= 6


@given(TWO_VALUES)
def test_ticks_are_one_two_or_five_times_a_power_of_ten(ends):
    first, second, *_ = ticks(*ends)

    assert (second - first).normalize().as_tuple().digits in {(1,), (2,), (5,)}


def test_ticks_stay_as_coarse_as_they_are_written():
    assert ticks(0, 3, least=Decimal(1)) == (0, 1, 2, 3)
    assert ticks(58, 58, least=Decimal(1))[1] - ticks(58, 58, least=Decimal(1))[0] >= 1


@given(TWO_VALUES, VALUES, VALUES)
def test_a_scale_keeps_the_order_of_values(ends, one, other):
    scale = Scale(float(ends[0]), float(ends[1]) + 1, 10, 100)

    low, high = sorted((one, other))

    assert scale.at(low) <= scale.at(high)


def test_a_scale_has_two_ends():
    with pytest.raises(ValueError, match="two different ends"):
        Scale(1, 1, 0, 100)


@given(DAYS, st.integers(0, 2000))
def test_labelled_days_are_few_and_among_those_shown(first, length):
    last = first + timedelta(days=length)

    found = day_ticks(first, last)

    assert 1 <= len(found) <= 6
    assert all(first <= day <= last for day in found)
    assert sorted(set(found)) == list(found)


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (3, [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)]),
        (21, [date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 23)]),
        (100, [date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)]),
    ],
)
def test_the_longer_the_time_the_rarer_the_labels(length, expected):
    first = date(2026, 3, 2)

    assert list(day_ticks(first, first + timedelta(days=length))) == expected


@given(st.lists(st.one_of(st.none(), st.integers(0, 9))))
def test_gaps_stay_gaps(values):
    found = runs(values, is_known=lambda v: v is not None, is_joined=always)

    assert [v for run in found for v in run] == [v for v in values if v is not None]
    assert len(found) == sum(
        after is not None and before is None for before, after in pairwise([None, *values])
    )


@given(st.lists(VALUES, max_size=20), VALUES)
def test_a_waterfall_arrives_where_its_steps_lead(effects, start):
    ways = running(start, effects)

    assert [end - begin for begin, end in ways] == effects
    assert (ways[-1][1] if ways else start) == start + sum(effects)
    assert all(before[1] == after[0] for before, after in pairwise(ways))


def test_stairs_change_on_their_day_at_once():
    assert stairs([(0, 5), (4, 9), (6, 2)]) == [(0, 5), (4, 5), (4, 9), (6, 9), (6, 2)]
    assert stairs([]) == []


@given(st.lists(st.one_of(st.none(), VALUES), min_size=1, max_size=30), DAYS)
def test_points_stand_inside_their_box(values, first):
    marks = [DayMark(day=first + timedelta(days=n), value=v) for n, v in enumerate(values)]
    axes = Line(
        id="x",
        title="",
        n=0,
        of="",
        definition="",
        unit=counted("points"),
        marks=marks,
        reaches=[0],
    ).axes()

    points = [axes.point(mark.day, mark.value) for mark in marks if mark.value is not None]

    assert all(axes.box.left <= x <= axes.box.right for x, _ in points)
    assert all(axes.box.top - 0.01 <= y <= axes.box.bottom + 0.01 for _, y in points)
