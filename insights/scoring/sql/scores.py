"""Readings become scores: the same arithmetic as `scoring.scores`, in the same order of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.scoring.cards import ENOUGH_COVERAGE
from insights.scoring.curves import curve_sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insights.scoring.cards import Card, Weighed

CREATE_TABLE = """CREATE TEMPORARY TABLE IF NOT EXISTS health_score (
    customer_id bigint PRIMARY KEY, version_id bigint NOT NULL, score numeric, coverage numeric,
    is_unknown boolean, contributions jsonb, inputs_hash text, band text, plain_band text,
    base_id bigint, base_day date) ON COMMIT DELETE ROWS"""
MISSING = """'{"missing": true}'::jsonb"""


def scored_sql(cards: Sequence[Card]) -> str:
    """A SELECT of every customer in the table of readings with its score on its own card."""
    return " UNION ALL ".join(
        f"({_scored_on(card) if card.measures else _nothing_on(card)})" for card in cards
    )


def contributions_sql(card: Card, *, rows: str) -> str:
    """A SELECT of `rows` with f_, s_ and u_ columns: fresh reading, score, rounded sum up to it.

    And known, the weight of what is known. Each step is fenced, or the planner would repeat every
    curve wherever its score is used.
    """
    measures = card.measures
    fresh = "".join(f", {_fresh(m)} AS f_{m.key}" for m in measures)
    scores = "".join(f", {curve_sql(m.curve, f'f_{m.key}')} AS s_{m.key}" for m in measures)
    points = [f"{_weight(m)} * coalesce(s_{m.key}::float8, 0)" for m in measures]
    sums = "".join(
        f", round((({' + '.join(points[: place + 1])}) / nullif(known, 0))::numeric, 6)"
        f" AS u_{m.key}"
        for place, m in enumerate(measures)
    )
    known = known_sql(measures, prefix="s")
    return f"""
        SELECT *{sums} FROM (
            SELECT *, {known} AS known FROM (
                SELECT *{scores} FROM (
                    SELECT *{fresh} FROM {rows} OFFSET 0) fresh OFFSET 0) scored
            OFFSET 0) shared OFFSET 0"""


def known_sql(measures: Sequence[Weighed], *, prefix: str) -> str:
    """The weight of the measures that have a score in these columns."""
    weights = [f"CASE WHEN {prefix}_{m.key} IS NULL THEN 0 ELSE {m.weight} END" for m in measures]
    return f"({' + '.join(['0', *weights])})::float8"


def total_sql(measures: Sequence[Weighed]) -> str:
    """The sum of contributions: the score; NULL where nothing is known."""
    return f"u_{measures[-1].key}" if measures else "NULL::numeric"


def _scored_on(card: Card) -> str:
    rows = f"(SELECT * FROM health_reading WHERE version_id = {card.version_id} OFFSET 0) reading"
    connected = float(sum(m.weight for m in card.measures))
    coverage = f"round((known / '{connected!r}'::float8)::numeric, 6)"
    unknown = f"""({coverage} < {ENOUGH_COVERAGE} OR last_sign_at IS NULL
                   OR last_sign_at < %(ago_90)s)"""
    return f"""
        SELECT customer_id, version_id, {total_sql(card.measures)} AS score,
               {coverage} AS coverage, {unknown} AS is_unknown,
               {_as_json(card.measures)} AS contributions,
               {_inputs_hash(card, unknown)} AS inputs_hash,
               {card.red_below} AS red_below, {card.green_from} AS green_from
        FROM ({contributions_sql(card, rows=rows)}) contributed"""


def _nothing_on(card: Card) -> str:
    """Nothing that the card weighs is connected."""
    return f"""
        SELECT customer_id, version_id, NULL::numeric AS score, 0.000000 AS coverage,
               true AS is_unknown, '{{}}'::jsonb AS contributions,
               md5('{card.version_id}:') AS inputs_hash,
               {card.red_below} AS red_below, {card.green_from} AS green_from
        FROM health_reading WHERE version_id = {card.version_id}"""


def _fresh(measure: Weighed) -> str:
    reading = f'"r_{measure.key}"'
    if measure.max_age_days is None:
        return reading
    too_old = f"%(as_of)s::timestamptz - interval '{measure.max_age_days * 24} hours'"
    return f'CASE WHEN "at_{measure.key}" < {too_old} THEN NULL ELSE {reading} END'


def _weight(measure: Weighed) -> str:
    return f"'{float(measure.weight)!r}'::float8"


def _as_json(measures: Sequence[Weighed]) -> str:
    sums = ["0", *(f"u_{m.key}" for m in measures)]
    entries = ", ".join(
        f"'{m.key}', {_entry(m, before)}" for m, before in zip(measures, sums, strict=False)
    )
    return f"jsonb_build_object({entries})"


def _entry(measure: Weighed, sum_before: str) -> str:
    key = measure.key
    return f"""CASE WHEN s_{key} IS NULL THEN {MISSING} ELSE jsonb_build_object(
        'reading', f_{key}, 'score', s_{key},
        'weight', round(({_weight(measure)} / known)::numeric, 6),
        'contribution', u_{key} - {sum_before}, 'at', "at_{key}"::date) END"""


def _inputs_hash(card: Card, unknown: str) -> str:
    """Card, connected measures, their readings and days: the same ones hash the same."""
    head = f"'{card.version_id}:{','.join(m.key for m in card.measures)}'"
    inputs = "".join(
        f""", coalesce(f_{m.key}::text, '-'), coalesce("at_{m.key}"::date::text, '-')"""
        for m in card.measures
    )
    return f"md5(concat_ws('|', {head}, {unknown}{inputs}))"
