"""Published scorecards as the scorer reads them."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from insights.models import ScorecardMeasure
from insights.scoring.cards import Card, Weighed
from insights.scoring.curves import curve_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from insights.models import ScorecardVersion

# A score is compared with one of six weeks ago, which may have been stored a month before that.
RECENT_DAYS = 120


def cards_published_by(moment: datetime) -> list[Card]:
    """Every version published by then, oldest first, in one query."""
    measures = (
        ScorecardMeasure.objects.filter(version__published_at__lte=moment)
        .select_related("version__scorecard")
        .order_by("version__published_at", "version_id", "pk")
    )
    return [_card(version, rows) for version, rows in groupby(measures, key=lambda m: m.version)]


def in_force(cards: Iterable[Card]) -> tuple[Card, ...]:
    """The newest version of each scorecard, of cards in the order of their publication."""
    return tuple({card.scorecard_id: card for card in cards}.values())


def in_force_lately(cards: Iterable[Card], *, at: datetime) -> tuple[Card, ...]:
    """The versions that a score of the last months may cite."""
    since = at - timedelta(days=RECENT_DAYS)
    cards = list(cards)
    before = {card.version_id for card in in_force(c for c in cards if c.published_at <= since)}
    return tuple(card for card in cards if card.published_at > since or card.version_id in before)


def _card(version: ScorecardVersion, measures: Iterable[ScorecardMeasure]) -> Card:
    return Card(
        version_id=version.pk,
        scorecard_id=version.scorecard_id,
        number=version.number,
        published_at=version.published_at,
        name=version.scorecard.name,
        segment=version.scorecard.segment,
        stage=version.scorecard.stage,
        red_below=version.red_below,
        green_from=version.green_from,
        measures=tuple(
            Weighed(m.key, m.group, m.weight, curve_of(m.curve), m.max_age_days) for m in measures
        ),
    )
