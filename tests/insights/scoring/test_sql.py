"""The set-based SQL says what the pure functions say, on whatever cards and readings."""

import json
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Band
from insights.actions.health import PREPARE
from insights.measures import MEASURES
from insights.models import HealthSnapshot, ScorecardVersion
from insights.scoring.bands import Day, next_band, plain_band
from insights.scoring.changes import parts_between, sentence
from insights.scoring.scores import Reading, score_readings
from insights.scoring.sql import bands, changes, facts
from tests.factories.customers import CustomerFactory
from tests.insights.scoring.cards import AS_OF, as_stored, card, cards, readings_of, weighed

pytestmark = pytest.mark.django_db
SOME = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PARAMETERS = {**facts.moments(as_of=AS_OF, known_at=AS_OF), "day": AS_OF.date()}
WORDINGS = {key: measure.wording for key, measure in MEASURES.items()}
scores = st.decimals(0, 100, places=6)
known_bands = st.sampled_from([Band.RED, Band.YELLOW, Band.GREEN])


@pytest.fixture
def customer(db):
    return CustomerFactory()


@pytest.fixture
def version(db):
    return ScorecardVersion.objects.get(scorecard__slug="first")


@contextmanager
def undone():
    """Whatever is written inside goes again, so that every example starts alike."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fill_reading(customer, version_id, readings, *, last_sign_at=AS_OF):
    known = {key: reading for key, reading in readings.items() if reading}
    columns = "".join(f', "r_{key}", "at_{key}"' for key in known)
    values = [value for reading in known.values() for value in (reading.value, reading.at)]
    with connection.cursor() as cursor:
        cursor.execute(PREPARE)
        cursor.execute(
            f"INSERT INTO health_reading (customer_id, version_id, last_sign_at{columns})"  # noqa: S608 - our own names
            f" VALUES (%s, %s, %s{', %s' * len(values)})",
            [customer.pk, version_id, last_sign_at, *values],
        )


def in_sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement, PARAMETERS)
        cursor.execute(
            "SELECT score, coverage, is_unknown, contributions, inputs_hash, band FROM health_score"
        )
        row = cursor.fetchone()
    return {
        "score": row[0],
        "coverage": row[1],
        "is_unknown": row[2],
        "contributions": json.loads(row[3], parse_float=Decimal),
        "hash": row[4],
        "band": row[5],
    }


def snapshot(customer, version_id, *, days_ago, score, band=Band.YELLOW, contributions=None):
    return HealthSnapshot.objects.create(
        customer=customer,
        day=AS_OF.date() - timedelta(days=days_ago),
        version_id=version_id,
        known_at=AS_OF,
        score=score,
        coverage=1,
        band=band,
        contributions=contributions or {},
        inputs_hash="",
    )


@SOME
@given(data=st.data())
def test_sql_scores_as_the_functions_do(customer, data):
    made = data.draw(cards())
    readings = data.draw(readings_of(made))
    last_sign_at = data.draw(
        st.none() | st.integers(0, 100).map(lambda days: AS_OF - timedelta(days=days))
    )
    said = score_readings(made, readings, as_of=AS_OF, last_sign_at=last_sign_at)
    fill_reading(customer, made.version_id, readings, last_sign_at=last_sign_at)

    stored = in_sql(bands.lone_scores_sql((made,)))

    assert stored["score"] == said.score
    assert stored["coverage"] == said.coverage
    assert stored["is_unknown"] == said.is_unknown
    for key, entry in said.contributions.items():
        in_row = stored["contributions"][key]
        if entry is None:
            assert in_row == {"missing": True}
        else:
            assert {name: in_row[name] for name in vars(entry)} == vars(entry)


@SOME
@given(data=st.data())
def test_sql_contributions_sum_to_the_score(customer, data):
    made = data.draw(cards())
    fill_reading(customer, made.version_id, data.draw(readings_of(made)))

    stored = in_sql(bands.lone_scores_sql((made,)))

    parts = [entry.get("contribution", 0) for entry in stored["contributions"].values()]
    assert abs(sum(parts) - (stored["score"] or 0)) <= Decimal("1e-9")


@SOME
@given(data=st.data())
def test_the_same_inputs_have_the_same_hash_and_others_another(customer, data):
    made = data.draw(cards())
    readings, others = data.draw(readings_of(made)), data.draw(readings_of(made))
    hashes = []
    for given_readings in (readings, readings, others):
        fill_reading(customer, made.version_id, given_readings)
        stored = in_sql(bands.lone_scores_sql((made,)))
        entries = {
            key: (entry.get("reading"), entry.get("at"))
            for key, entry in stored["contributions"].items()
        }
        hashes.append((stored["hash"], entries))

    assert hashes[0][0] == hashes[1][0]
    if hashes[0][1] != hashes[2][1]:
        assert hashes[0][0] != hashes[2][0]


@SOME
@given(
    today=scores,
    before=st.lists(st.tuples(scores, known_bands | st.just(Band.UNKNOWN)), max_size=2),
    edges=st.tuples(st.integers(1, 60), st.integers(61, 100)),
)
def test_sql_bands_follow_the_daily_scores(customer, version, *, today, before, edges):
    made = straight_card(version.pk, edges)
    days = [Day(score, is_unknown=band == Band.UNKNOWN) for score, band in before]
    previous = before[0][1] if before else None
    expected = next_band(previous, today=Day(today), before=days, edges=edges)
    with undone():
        for place, (score, band) in enumerate(before, start=1):
            snapshot(customer, version.pk, days_ago=place, score=score, band=band)
        fill_reading(customer, version.pk, {"champion": reading(today)})

        stored = in_sql(bands.daily_scores_sql((made,)))

    assert stored["score"] == today
    assert stored["band"] == expected


@SOME
@given(today=scores, latest=st.none() | known_bands | st.just(Band.UNKNOWN))
def test_between_nights_the_band_stays_that_of_the_days(customer, version, *, today, latest):
    made = straight_card(version.pk, (50, 75))
    with undone():
        if latest:
            snapshot(customer, version.pk, days_ago=0, score=60, band=latest)
        fill_reading(customer, version.pk, {"champion": reading(today)})

        stored = in_sql(bands.standing_scores_sql((made,)))

    stands = latest if latest and latest != Band.UNKNOWN else plain_band(today, edges=(50, 75))
    assert stored["band"] == stands


@SOME
@given(data=st.data(), same_card=st.booleans())
def test_sql_explains_a_change_as_the_functions_do(customer, version, *, data, same_card):
    other = ScorecardVersion.objects.get(scorecard__slug="onboarding").pk
    old_card = data.draw(cards(version_id=version.pk))
    new_card = old_card if same_card else data.draw(cards(version_id=other))
    before, after = (data.draw(readings_of(old_card, new_card)) for _ in range(2))
    was, under, now = (
        score_readings(one, readings, as_of=AS_OF, last_sign_at=AS_OF)
        for one, readings in ((old_card, before), (old_card, after), (new_card, after))
    )
    with undone():
        base = snapshot(customer, version.pk, days_ago=42, score=was.score, contributions=kept(was))
        fill_reading(customer, new_card.version_id, after)
        in_sql(bands.standing_scores_sql((new_card,)))

        change = change_in_sql((old_card,) if same_card else (old_card, new_card))

    if was.score is None or now.score is None:
        assert change is None
        return
    difference = now.score - was.score
    configuration = now.score - under.score if under.score is not None else Decimal(0)
    parts = parts_between(
        old_card,
        as_stored(was),
        as_stored(under),
        difference=difference,
        configuration=configuration,
    )
    assert change["parts"] == [{"key": p.key, "effect": p.effect} for p in parts]
    assert sum(p["effect"] for p in change["parts"]) == difference
    assert change["sentence"] == sentence(parts, difference=difference, wordings=WORDINGS)
    since = AS_OF.date() - timedelta(days=42)
    assert (change["since"], change["from"], change["base"]) == (str(since), was.score, base.pk)


def straight_card(version_id, edges):
    """A card on which a reading is its own score."""
    straight = weighed("champion", curve=((0, 0), (100, 100)))
    return card(straight, version_id=version_id, red_below=edges[0], green_from=edges[1])


def reading(value):
    return Reading(value)


def kept(found):
    return {
        key: {"missing": True} if entry is None else {"score": float(entry.score)}
        for key, entry in found.contributions.items()
    }


def change_in_sql(made):
    with connection.cursor() as cursor:
        cursor.execute(changes.changes_sql(made), PARAMETERS)
        cursor.execute("SELECT change FROM health_change")
        row = cursor.fetchone()
    return json.loads(row[0], parse_float=Decimal, parse_int=Decimal) if row else None
