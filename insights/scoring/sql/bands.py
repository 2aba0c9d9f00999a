"""The band of a score, by the rules of `scoring.bands`, from the stored daily scores."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from insights.scoring.bands import CLEAR_POINTS
from insights.scoring.sql.scores import scored_sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insights.scoring.cards import Card

# Six weeks back, or as far as the history goes.
COMPARED_DAYS = 42
LATEST = """
    LEFT JOIN LATERAL (
        SELECT h.band, h.score FROM insights_healthsnapshot h
        WHERE h.customer_id = s.customer_id AND h.day <= %(day)s::date - {days}
        ORDER BY h.day DESC LIMIT 1) {name} ON true"""
# The one in force six weeks ago; of a shorter history the oldest.
FROM_SNAPSHOTS = f"""
    (SELECT h.id, %(day)s::date - {COMPARED_DAYS} AS day, h.score
     FROM insights_healthsnapshot h
     WHERE h.customer_id = s.customer_id AND h.day <= %(day)s::date - {COMPARED_DAYS}
     ORDER BY h.day DESC LIMIT 1)
    UNION ALL
    (SELECT h.id, h.day, h.score FROM insights_healthsnapshot h
     WHERE h.customer_id = s.customer_id
       AND h.day > %(day)s::date - {COMPARED_DAYS} AND h.day < %(day)s::date
     ORDER BY h.day LIMIT 1)"""
# What the night compared with; between two nights only facts may change what is said.
FROM_NIGHT = """
    (SELECT h.id, (c.change ->> 'since')::date AS day, h.score
     FROM insights_currenthealth c
     JOIN insights_healthsnapshot h ON h.id = (c.change ->> 'base')::bigint
     WHERE c.customer_id = s.customer_id)"""
BASE = """
    LEFT JOIN LATERAL ({found} LIMIT 1) base
        ON base.score IS NOT NULL AND s.score IS NOT NULL"""
NIGHTS_BASE = BASE.format(found=FROM_SNAPSHOTS)
STANDING_BASE = BASE.format(found=f"{FROM_NIGHT} UNION ALL {FROM_SNAPSHOTS}")
UNKNOWN = "s.is_unknown OR s.score IS NULL"
PLAIN = """CASE WHEN s.score >= s.green_from THEN 'green'
                WHEN s.score >= s.red_below THEN 'yellow' ELSE 'red' END"""
# Whether today stands above an edge: as before, unless it passed clearly or for the third day.
ABOVE = f"""
    (({{was_above}}) <> ((s.score >= {{edge}}) <> ({{was_above}})
        AND (abs(s.score - {{edge}}) >= {CLEAR_POINTS}
             OR coalesce(before.band <> 'unknown'
                         AND (yesterday.score >= {{edge}}) <> ({{was_above}})
                         AND (before.score >= {{edge}}) <> ({{was_above}}), false))))"""
ABOVE_RED = ABOVE.format(edge="s.red_below", was_above="yesterday.band <> 'red'")
ABOVE_YELLOW = ABOVE.format(edge="s.green_from", was_above="yesterday.band = 'green'")
DAILY_BAND = f"""
    CASE WHEN {UNKNOWN} THEN 'unknown'
         WHEN coalesce(yesterday.band, 'unknown') = 'unknown' THEN {PLAIN}
         ELSE (ARRAY['red', 'yellow', 'green'])[1 + {ABOVE_RED}::int + {ABOVE_YELLOW}::int] END"""
# Between two nights the band stays that of the daily scores; only not knowing shows at once.
STANDING_BAND = f"""
    CASE WHEN {UNKNOWN} THEN 'unknown'
         WHEN coalesce(latest.band, 'unknown') = 'unknown' THEN {PLAIN}
         ELSE latest.band END"""
PLAIN_BAND = f"CASE WHEN {UNKNOWN} THEN 'unknown' ELSE {PLAIN} END"
FILL = """
    INSERT INTO health_score (customer_id, version_id, score, coverage, is_unknown, contributions,
                              inputs_hash, band, plain_band, base_id, base_day)
    SELECT s.customer_id, s.version_id, s.score, s.coverage, s.is_unknown, s.contributions,
           s.inputs_hash, {band}, {plain}, {base}
    FROM ({scored}) s {joins}"""


@lru_cache(maxsize=16)
def daily_scores_sql(cards: tuple[Card, ...]) -> str:
    """Fill the table of scores with the bands of a nightly run."""
    days = LATEST.format(days=1, name="yesterday") + LATEST.format(days=2, name="before")
    return _fill(cards, band=DAILY_BAND, joins=days + NIGHTS_BASE)


@lru_cache(maxsize=16)
def standing_scores_sql(cards: tuple[Card, ...]) -> str:
    """Fill the table of scores, and leave the bands to the last nightly run."""
    latest = LATEST.format(days=0, name="latest")
    return _fill(cards, band=STANDING_BAND, joins=latest + STANDING_BASE)


@lru_cache(maxsize=16)
def lone_scores_sql(cards: tuple[Card, ...]) -> str:
    """Fill the table of scores of one past day by itself: each in the band it lies in."""
    return FILL.format(
        scored=scored_sql(cards), band=PLAIN_BAND, plain=PLAIN, base="NULL, NULL", joins=""
    )


def _fill(cards: Sequence[Card], *, band: str, joins: str) -> str:
    return FILL.format(
        scored=scored_sql(cards), band=band, plain=PLAIN, base="base.id, base.day", joins=joins
    )
