"""Cards and readings for tests of the scorer, made by hand or by hypothesis."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from insights.measures import MEASURES
from insights.scoring.cards import Card, Weighed
from insights.scoring.scores import Reading

AS_OF = datetime(2026, 9, 1, 6, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def card(*measures, version_id=1, red_below=50, green_from=75, number=1):
    return Card(
        version_id=version_id,
        scorecard_id=1,
        number=number,
        published_at=LONG_AGO,
        name="Test",
        segment="",
        stage="",
        red_below=red_below,
        green_from=green_from,
        measures=measures,
    )


def weighed(key, weight=10, *, curve=((0, 100), (1, 0)), max_age_days=None):
    return Weighed(key, "support", Decimal(weight), curve, max_age_days)


points = st.lists(
    st.tuples(
        st.floats(-5, 50, allow_nan=False).map(lambda x: round(x, 3)),
        st.floats(0, 100).map(lambda y: round(y, 2)),
    ),
    min_size=1,
    max_size=5,
).map(lambda found: tuple(sorted(found, key=lambda point: point[0])))
weights = st.decimals("0.001", "99", places=3)
keys = st.lists(st.sampled_from(sorted(MEASURES)), min_size=1, unique=True)
ages = st.none() | st.integers(1, 200)
readings = st.none() | st.builds(
    Reading,
    st.decimals(-6, 60, places=6),
    st.none() | st.floats(0, 300).map(lambda days: AS_OF - timedelta(days=days)),
)


@st.composite
def cards(draw, version_id=1):
    found = [Weighed(key, "support", draw(weights), draw(points), draw(ages)) for key in draw(keys)]
    return card(*found, version_id=version_id)


@st.composite
def readings_of(draw, *made):
    known = sorted({measure.key for one in made for measure in one.measures})
    return {key: draw(readings) for key in known}


def as_stored(found):
    """The measures' scores of a scored customer, missing ones as None."""
    return {key: entry.score if entry else None for key, entry in found.contributions.items()}
