"""The scorer: reads, scores and stores customers in sets, a few statements for each range.

Three runs share it. The nightly one writes the current score and the day's snapshot, one after a
change only the current score, one for a past day only the rows of its back-test run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from insights.queries import scorecards
from insights.scoring.sql import bands, changes, facts, readings, scores, sources, store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from insights.models import BacktestRun
    from insights.scoring.cards import Card
    from insights.scoring.sql.facts import Chosen

# What a session scores with, made once and emptied at each start.
PREPARE = f"""
    DO $$ BEGIN
        {readings.create_table_sql()};
        {scores.CREATE_TABLE};
        {changes.CREATE_TABLE};
        DELETE FROM health_reading; DELETE FROM health_score; DELETE FROM health_change;
    END $$"""  # noqa: S608 - names of our own


@dataclass(frozen=True)
class _Run:
    chosen: Chosen
    parameters: Mapping[str, Any]
    in_force: tuple[Card, ...]
    lately: tuple[Card, ...]

    def do(self, *statements: str) -> int:
        """Run statements in order; how many rows the last one wrote."""
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, self.parameters)
            return int(cursor.rowcount)


@transaction.atomic
def score_day(low: int, high: int, *, day: date, at: datetime) -> int:
    """Score the customers between two ids as they stand, for the daily history of `day`.

    Answers how many of them have a score. Writes nothing where nothing moved.
    """
    where = {**facts.of_range(low, high), "day": day}
    run = _prepare(facts.RANGE, where, as_of=at, known_at=at)
    run.do(readings.readings_now_sql(run.in_force, chosen=run.chosen))
    scored = run.do(bands.daily_scores_sql(run.in_force))
    _store_current(run)
    run.do(store.SNAPSHOT)
    return scored


@transaction.atomic
def score_changed(ids: Sequence[int], *, day: date, at: datetime) -> int:
    """Score these customers as they stand; bands stay those of the daily scores."""
    where = {**facts.of_picked(ids), "day": day}
    run = _prepare(facts.PICKED, where, as_of=at, known_at=at)
    run.do(readings.readings_now_sql(run.in_force, chosen=run.chosen))
    scored = run.do(bands.standing_scores_sql(run.in_force))
    _store_current(run)
    return scored


@transaction.atomic
def score_past(backtest: BacktestRun, low: int, high: int) -> int:
    """Score customers as of the run's moment, into the run; the current score stays as it is."""
    where = {**facts.of_range(low, high), "run_id": backtest.pk}
    run = _prepare(facts.RANGE, where, as_of=backtest.as_of, known_at=backtest.known_at)
    run.do(readings.readings_then_sql(run.in_force, chosen=run.chosen))
    scored = run.do(bands.lone_scores_sql(run.in_force))
    run.do(store.BACKTEST)
    return scored


@transaction.atomic
def replay_day(low: int, high: int, *, day: date, as_of: datetime, known_at: datetime) -> int:
    """Write the snapshot that the night after `day` would have left, for a story being loaded."""
    where = {**facts.of_range(low, high), "day": day}
    run = _prepare(facts.RANGE, where, as_of=as_of, known_at=known_at)
    run.do(readings.readings_then_sql(run.in_force, chosen=run.chosen))
    scored = run.do(bands.daily_scores_sql(run.in_force))
    run.do(store.SNAPSHOT)
    return scored


def _prepare(
    chosen: Chosen, where: Mapping[str, Any], *, as_of: datetime, known_at: datetime
) -> _Run:
    published = scorecards.cards_published_by(as_of)
    parameters = {**facts.moments(as_of=as_of, known_at=known_at), **where}
    keys = {measure.key for card in published for measure in card.measures}
    with connection.cursor() as cursor:
        cursor.execute(PREPARE)
        cursor.execute(sources.connected_sql(keys), parameters)
        connected = cursor.fetchone()[0]
    cards = [card.connected_to(connected) for card in published]
    lately = scorecards.in_force_lately(cards, at=as_of)
    return _Run(chosen, parameters, scorecards.in_force(cards), lately)


def _store_current(run: _Run) -> None:
    run.do(
        changes.changes_sql(run.lately),
        store.CURRENT,
        store.FORGET_GONE.format(chosen=run.chosen),
    )
