"""Why scores moved, for every chosen customer at once: the arithmetic of `scoring.changes`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from insights.measures import MEASURES
from insights.scoring.changes import (
    CONFIGURATION,
    MISSING,
    OTHER,
    OWN_WORDINGS,
    SHOWN_PARTS,
    Wording,
)
from insights.scoring.sql.scores import contributions_sql, known_sql, total_sql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from insights.scoring.cards import Card, Weighed

CREATE_TABLE = """CREATE TEMPORARY TABLE IF NOT EXISTS health_change (
    customer_id bigint PRIMARY KEY, change jsonb) ON COMMIT DELETE ROWS"""
# What would not be written again needs no words either.
NEEDED = """
    (SELECT r.*, s.score AS new_score, s.version_id AS new_version_id, s.base_id, s.base_day,
            h.score AS old_score, h.contributions AS old
     FROM health_score s
     JOIN health_reading r ON r.customer_id = s.customer_id
     JOIN insights_healthsnapshot h ON h.id = s.base_id AND h.version_id = {version}
     LEFT JOIN insights_currenthealth c ON c.customer_id = s.customer_id
     WHERE c.customer_id IS NULL OR c.inputs_hash <> s.inputs_hash
        OR (c.change ->> 'base')::bigint IS DISTINCT FROM s.base_id OFFSET 0) needed"""
POINTS = "CASE WHEN {0} > 0 THEN '+' WHEN {0} < 0 THEN '−' ELSE '±' END || abs({0})"
WORDS = f"""
    SELECT jsonb_agg(jsonb_build_object('key', p.key, 'effect', p.effect) ORDER BY p.place)
               AS parts,
           string_agg(p.words || ' ' || {POINTS.format("p.points")}, ', ' ORDER BY p.place)
               FILTER (WHERE p.place <= {SHOWN_PARTS} AND p.points <> 0) AS shown,
           coalesce(sum(p.points) FILTER (WHERE p.place <= {SHOWN_PARTS}), 0) AS points
    FROM (SELECT v.key, v.effect, round(v.effect) AS points,
                 CASE WHEN v.effect < 0 THEN v.down ELSE v.up END AS words,
                 row_number() OVER (ORDER BY abs(v.effect) DESC, v.key COLLATE "C") AS place
          FROM (VALUES {{parts}}) v (key, effect, down, up) WHERE v.effect <> 0) p"""
SENTENCE = f"""
    CASE WHEN round(difference) = 0 AND shown IS NULL THEN ''
         ELSE {POINTS.format("round(difference)")} || ': ' || concat_ws(', ', shown,
              CASE WHEN round(difference) <> points
                   THEN '{OTHER} ' || {POINTS.format("(round(difference) - points)")} END) END"""
CHANGE = f"""
    jsonb_build_object('sentence', {SENTENCE}, 'since', base_day, 'from', old_score,
                       'base', base_id, 'parts', coalesce(parts, '[]'))"""


@lru_cache(maxsize=16)
def changes_sql(cards: tuple[Card, ...]) -> str:
    """Fill the table of changes, each against the card its base was scored on."""
    explained = " UNION ALL ".join(f"({_explained_on(card)})" for card in cards)
    return f"INSERT INTO health_change (customer_id, change) {explained}"


def _explained_on(card: Card) -> str:
    measures = card.measures
    rows = NEEDED.format(version=card.version_id)
    old = "".join(f", (old -> '{m.key}' ->> 'score')::numeric AS o_{m.key}" for m in measures)
    effects = "".join(f", {_effect(m)} AS e_{m.key}" for m in measures)
    is_other = f"new_version_id <> {card.version_id}"
    under = f"CASE WHEN {is_other} THEN {total_sql(measures)} ELSE new_score END"
    own = " + ".join(["0", *(f"e_{m.key}" for m in measures)])
    return f"""
        SELECT customer_id, {CHANGE} FROM (
            SELECT *, difference - configuration - ({own}) AS missing FROM (
                SELECT *, new_score - old_score AS difference,
                       new_score - coalesce({under}, new_score) AS configuration{effects}
                FROM (SELECT *, {known_sql(measures, prefix="o")} AS old_known
                      FROM (SELECT *{old} FROM ({_contributed(card, rows)}) now OFFSET 0) days
                      OFFSET 0) weighed OFFSET 0) moved OFFSET 0) explained
        CROSS JOIN LATERAL ({WORDS.format(parts=", ".join(_parts(measures)))}) words"""


def _contributed(card: Card, rows: str) -> str:
    if card.measures:
        return contributions_sql(card, rows=rows)
    return f"SELECT *, 0::float8 AS known FROM {rows}"


def _effect(measure: Weighed) -> str:
    """The mean of both weights times the difference of the scores; none if either is missing."""
    key, weight = measure.key, f"'{float(measure.weight)!r}'::float8"
    return f"""CASE WHEN o_{key} IS NULL OR s_{key} IS NULL THEN 0 ELSE
        round((({weight} / old_known + {weight} / known) / 2
               * (s_{key} - o_{key})::float8)::numeric, 6) END"""


def _parts(measures: Iterable[Weighed]) -> list[str]:
    parts = [
        (
            m.key,
            f"e_{m.key}",
            MEASURES[m.key].wording if m.key in MEASURES else Wording(m.key, m.key),
        )
        for m in measures
    ]
    parts += [(key, key, OWN_WORDINGS[key]) for key in (MISSING, CONFIGURATION)]
    return [f"('{key}', {value}, '{words.down}', '{words.up}')" for key, value, words in parts]
