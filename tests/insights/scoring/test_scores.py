from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.scoring.scores import Reading, score_readings
from tests.insights.scoring.cards import AS_OF, card, cards, readings_of, weighed

TWO = card(weighed("reopen_rate", 30), weighed("resolution_speed", 10))


def score(made, values, *, last_sign_at=AS_OF):
    return score_readings(made, values, as_of=AS_OF, last_sign_at=last_sign_at)


def test_a_score_is_the_weighted_mean_of_what_is_known():
    found = score(
        TWO, {"reopen_rate": Reading(Decimal(0)), "resolution_speed": Reading(Decimal(1))}
    )

    assert found.score == 75
    assert found.coverage == 1


def test_a_missing_reading_is_not_a_low_one():
    found = score(TWO, {"reopen_rate": Reading(Decimal(0)), "resolution_speed": None})

    assert found.score == 100
    assert found.coverage == Decimal("0.75")
    assert found.contributions["resolution_speed"] is None


def test_a_reading_older_than_its_card_takes_is_missing():
    made = card(weighed("reopen_rate", max_age_days=90), weighed("resolution_speed"))
    old = Reading(Decimal(1), at=AS_OF - timedelta(days=91))

    found = score(made, {"reopen_rate": old, "resolution_speed": Reading(Decimal(0))})

    assert found.contributions["reopen_rate"] is None
    assert found.score == 100


def test_less_than_half_of_the_weight_is_not_known_enough():
    found = score(TWO, {"resolution_speed": Reading(Decimal(0))})

    assert found.is_unknown
    assert found.score == 100


@pytest.mark.parametrize(("days", "is_unknown"), [(90, False), (91, True), (None, True)])
def test_silence_of_ninety_days_is_unknown(days, is_unknown):
    last = None if days is None else AS_OF - timedelta(days=days)

    found = score(TWO, {"reopen_rate": Reading(Decimal(0))}, last_sign_at=last)

    assert found.is_unknown is is_unknown


def test_without_a_reading_there_is_no_score():
    found = score(TWO, {})

    assert found.score is None
    assert found.coverage == 0
    assert found.is_unknown


def test_what_is_not_connected_lowers_nobodys_coverage():
    connected = TWO.connected_to({"resolution_speed"})

    assert score(connected, {"resolution_speed": Reading(Decimal(0))}).coverage == 1


@given(st.data())
def test_contributions_sum_to_the_score(data):
    made = data.draw(cards())

    found = score(made, data.draw(readings_of(made)))

    known = [entry.contribution for entry in found.contributions.values() if entry]
    assert found.score == (sum(known) if known else None)


@given(st.data())
def test_a_score_is_never_more_than_its_best_measure_nor_less_than_its_worst(data):
    made = data.draw(cards())

    found = score(made, data.draw(readings_of(made)))

    known = [entry for entry in found.contributions.values() if entry]
    if known:
        assert min(e.score for e in known) <= found.score <= max(e.score for e in known)
        assert all(entry.contribution >= 0 for entry in known)
