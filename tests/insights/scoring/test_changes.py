from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from insights.scoring.changes import CONFIGURATION, MISSING, Part, Wording, parts_between, sentence
from insights.scoring.scores import Reading, score_readings
from tests.insights.scoring.cards import AS_OF, as_stored, card, cards, readings_of, weighed

WORDINGS = {
    "reopen_rate": Wording("reopens", "fewer reopens"),
    "champion": Wording("champion left", "champion found"),
}
TWO = card(weighed("reopen_rate", 60), weighed("champion", 40))


def test_a_reading_explains_its_own_fall():
    before = {"reopen_rate": Decimal(100), "champion": Decimal(100)}
    after = {"reopen_rate": Decimal(80), "champion": Decimal(50)}

    parts = parts_between(TWO, before, after, difference=Decimal(-32))

    assert parts == [Part("champion", Decimal(-20)), Part("reopen_rate", Decimal(-12))]


def test_what_is_no_longer_known_is_missing_data():
    before = {"reopen_rate": Decimal(50), "champion": Decimal(100)}
    after = {"reopen_rate": Decimal(50), "champion": None}

    parts = parts_between(TWO, before, after, difference=Decimal(-20))

    assert parts == [Part(MISSING, Decimal(-20))]


def test_what_the_new_card_changed_stands_apart():
    same = {"reopen_rate": Decimal(50), "champion": Decimal(100)}

    parts = parts_between(TWO, same, same, difference=Decimal(-7), configuration=Decimal(-7))

    assert parts == [Part(CONFIGURATION, Decimal(-7))]


def test_the_sentence_begins_with_the_sum_and_adds_up():
    effects = {"reopen_rate": "-10.6", "champion": "-8.2", "missing": "-2.4", "speed": "-1.4"}
    parts = [Part(key, Decimal(effect)) for key, effect in effects.items()]

    said = sentence(parts, difference=Decimal("-22.6"), wordings=WORDINGS)

    assert said == "−23: reopens −11, champion left −8, missing data −2, other −2"


def test_a_rise_has_words_of_its_own():
    parts = [Part("champion", Decimal(8)), Part("reopen_rate", Decimal(3))]

    said = sentence(parts, difference=Decimal(11), wordings=WORDINGS)

    assert said == "+11: champion found +8, fewer reopens +3"


def test_opposite_moves_are_said_though_the_score_stood_still():
    parts = [Part("champion", Decimal(-8)), Part("reopen_rate", Decimal(8))]

    said = sentence(parts, difference=Decimal(0), wordings=WORDINGS)

    assert said == "±0: champion left −8, fewer reopens +8"


def test_nothing_worth_a_point_needs_no_sentence():
    parts = [Part("champion", Decimal("-0.4"))]

    assert not sentence(parts, difference=Decimal("-0.4"), wordings=WORDINGS)


@given(st.data())
def test_parts_sum_to_the_difference_to_the_last_decimal(data):
    made = data.draw(cards())
    before, after = (
        score_readings(made, data.draw(readings_of(made)), as_of=AS_OF, last_sign_at=AS_OF)
        for _ in range(2)
    )
    difference = (after.score or Decimal(0)) - (before.score or Decimal(0))

    parts = parts_between(made, as_stored(before), as_stored(after), difference=difference)

    assert sum(part.effect for part in parts) == difference


@given(st.data())
def test_with_the_same_measures_known_nothing_is_missing_data(data):
    made = data.draw(cards())
    known = data.draw(st.lists(st.sampled_from(made.measures), unique=True, min_size=1))
    before, after = (
        score_readings(
            made,
            {measure.key: Reading(data.draw(st.decimals(-6, 60, places=6))) for measure in known},
            as_of=AS_OF,
            last_sign_at=AS_OF,
        )
        for _ in range(2)
    )

    parts = parts_between(
        made, as_stored(before), as_stored(after), difference=after.score - before.score
    )

    assert all(abs(part.effect) < Decimal("0.00002") for part in parts if part.key == MISSING)
