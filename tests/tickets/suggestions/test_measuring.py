import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportsuccess.rates import Rate
from tickets.suggestions.figures import (
    AIM,
    FEWEST_LABELS,
    ValueFigures,
    figures_from,
)
from tickets.suggestions.measuring import (
    FEWEST_ABOVE,
    Measured,
    Said,
    calibration_error,
    lowest_threshold,
    measure,
    reliability,
)

SPEAKING = {
    "labels": FEWEST_LABELS,
    "held_out": 40,
    "threshold": 0.7,
    "suggested": 30,
    "right": 24,
    "calibration_error": 0.02,
}


def said(*groups):
    """So many statements of each probability, of which so many are right."""
    return [
        Said(probability, place < right)
        for probability, count, right in groups
        for place in range(count)
    ]


def test_threshold_is_the_lowest_probability_that_reaches_the_precision():
    rows = said((0.9, 30, 30), (0.7, 10, 5), (0.5, 10, 0))

    assert lowest_threshold(rows, precision=0.85) == 0.7


def test_threshold_is_none_where_no_probability_reaches_it():
    assert lowest_threshold(said((0.9, 30, 20), (0.8, 30, 20)), precision=0.85) is None


def test_a_few_right_ones_on_top_set_no_threshold():
    rows = said((0.99, FEWEST_ABOVE - 1, FEWEST_ABOVE - 1), (0.5, 100, 0))

    assert lowest_threshold(rows) is None


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.9]), st.booleans()), max_size=12))
def test_what_is_above_a_threshold_has_the_precision(rows):
    rows = [Said(*row) for row in rows]
    threshold = lowest_threshold(rows, fewest=3)

    if threshold is not None:
        above = [one.is_right for one in rows if one.probability >= threshold]
        assert sum(above) >= AIM * len(above)
        assert len(above) >= 3


def test_reliability_puts_what_was_said_beside_what_was_right():
    [low, high] = reliability(said((0.25, 10, 2), (1.0, 10, 10)))

    assert (low.low, low.high, low.n, low.right, low.expected) == (0.2, 0.3, 10, 2, 0.25)
    assert (high.low, high.n, high.right) == (0.9, 10, 10)


def test_calibration_error_is_the_mean_distance_weighed_by_rows():
    bins = reliability(said((0.25, 10, 2), (0.95, 30, 27)))

    assert calibration_error(bins) == pytest.approx((10 * 0.05 + 30 * 0.05) / 40)


def test_calibration_error_of_nothing_is_nought():
    assert calibration_error(()) == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"labels": FEWEST_LABELS - 1}, "1 of 200 labels are missing"),
        (
            {"threshold": None},
            "right less often than 85\N{NO-BREAK SPACE}%",
        ),
        ({"suggested": 9, "right": 9}, "only 9 held-out suggestions, too few to tell"),
        ({"right": 23}, "right in 23 of 30, less than 80\N{NO-BREAK SPACE}%"),
    ],
)
def test_a_value_is_silent_for_a_reason(changes, words):
    value = ValueFigures(**SPEAKING | changes)

    assert value.silence == words
    assert value.is_speaking is not bool(words)


def test_rates_have_wilsons_interval():
    low, high = Rate(8, 10).interval

    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert Rate(0, 0).interval is Rate(0, 0).share is None


def test_measure_counts_right_ones_beside_the_commonest_value():
    held_out = Measured(["a", "b"], [[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]], ["a", "b", "b"])

    figures = measure(held_out, labels={"a": 300, "b": 50}, commonest="a", above={"a": 0.7})

    assert (figures.accuracy, figures.baseline) == (Rate(2, 3), Rate(1, 3))
    assert figures.values["a"].precision == Rate(1, 1)
    assert figures.values["a"].recall == Rate(1, 1)
    assert figures.values["b"].suggested == 0


def test_a_value_that_no_fitted_row_has_is_counted_too():
    figures = measure(
        Measured(["a", "b"], [[0.9, 0.1]], ["c"]), labels={"a": 9, "c": 1}, commonest="a", above={}
    )

    assert figures.values["c"].held_out == 1
    assert figures.values["c"].calibration_error is None


def test_only_speaking_values_are_suggested():
    held_out = Measured(["a", "b"], [[0.9, 0.1]] * 20 + [[0.1, 0.9]] * 20, ["a"] * 20 + ["b"] * 20)
    above = {"a": 0.5, "b": 0.5}

    figures = measure(held_out, labels={"a": 300, "b": 199}, commonest="a", above=above)

    assert figures.speaking == {"a": 0.5}
    assert figures.suggested == Rate(20, 40)
    assert figures.suggested_right == Rate(20, 20)


def test_figures_are_the_same_once_stored():
    held_out = Measured(["a", "b"], [[0.9, 0.1], [0.2, 0.8]], ["a", "b"])
    figures = measure(held_out, labels={"a": 300, "b": 199}, commonest="a", above={"a": 0.5})

    assert figures_from(figures.as_json()) == figures
