"""The scorecards a company starts with."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from insights.measures import MEASURES, TicketMeasure
from insights.models import ScorecardMeasure
from insights.queries import scorecards
from tests.insights.scoring.cards import card

pytestmark = pytest.mark.django_db
LOG_ALONE = {
    key
    for key, measure in MEASURES.items()
    if issubclass(measure, TicketMeasure) and key != "volume_per_seat"
}


@pytest.fixture
def first():
    return {m.key: m for m in ScorecardMeasure.objects.filter(version__scorecard__slug="first")}


def test_the_first_card_is_what_the_measures_propose(first):
    assert set(first) == set(MEASURES)
    for key, measure in MEASURES.items():
        installed = first[key]
        assert installed.weight == Decimal(measure.starter_weight)
        assert installed.group == measure.group
        assert tuple(map(tuple, installed.curve)) == measure.starter_curve
        assert installed.max_age_days == measure.starter_max_age_days


def test_its_weights_total_a_hundred(first):
    assert sum(measure.weight for measure in first.values()) == 100


def test_a_ticket_log_alone_answers_most_of_it(first):
    assert sum(first[key].weight for key in LOG_ALONE) >= 60


def test_both_cards_are_in_force_on_any_past_day():
    published = scorecards.cards_published_by(datetime(2010, 1, 1, tzinfo=UTC))

    cards = scorecards.in_force(published)

    assert [(card.stage, sum(m.weight for m in card.measures)) for card in cards] == [
        ("", 100),
        ("onboarding", 100),
    ]


def test_a_superseded_version_stays_known_while_scores_may_cite_it():
    day = datetime(2026, 5, 1, tzinfo=UTC)
    old, newer, newest = (
        card_of(version_id, published_at=datetime(2026, month, 1, tzinfo=UTC))
        for version_id, month in ((1, 1), (2, 2), (3, 4))
    )
    first = card_of(0, published_at=datetime(2025, 1, 1, tzinfo=UTC))

    lately = scorecards.in_force_lately([first, old, newer, newest], at=day)

    assert lately == (old, newer, newest)


def card_of(version_id, *, published_at):
    return replace(card(version_id=version_id), published_at=published_at)
