"""Runs of the scorer for a past moment, kept apart from the current score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from insights.models import BacktestRun
from insights.queries import scorecards
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

FINISH = """
    WITH bands AS (
        SELECT b.band, count(*) AS customers FROM insights_backtestscore b
        WHERE b.run_id = %(run_id)s GROUP BY b.band),
    told AS (
        SELECT count(*) AS events, count(*) FILTER (WHERE s.is_event_log) AS by_source
        FROM tickets_ticketevent e
        JOIN tickets_ticket t ON t.id = e.ticket_id AND t.customer_id IS NOT NULL
        LEFT JOIN accounts_source s ON s.key = t.source
        WHERE e.recorded_at <= %(as_of)s AND e.stored_at <= %(known_at)s
          AND t.opened_at > %(as_of)s::timestamptz - interval '210 days')
    UPDATE insights_backtestrun r
    SET finished_at = %(at)s, summary = jsonb_build_object(
        'customers', (SELECT coalesce(sum(customers), 0) FROM bands),
        'bands', (SELECT coalesce(jsonb_object_agg(band, customers), '{}') FROM bands),
        'told_by_source', (SELECT round(by_source / nullif(events, 0)::numeric, 4) FROM told))
    WHERE r.id = %(run_id)s"""


def start_backtest(*, as_of: datetime, known_at: datetime, at: datetime) -> BacktestRun:
    """Open a run for a past moment. Raises Refused when no scorecard was published by then."""
    published = scorecards.cards_published_by(as_of)
    general = [card for card in published if not card.segment and not card.stage]
    if not general:
        raise Refused("No scorecard was published by that day.")
    return BacktestRun.objects.create(
        as_of=as_of, known_at=known_at, version_id=general[-1].version_id, started_at=at
    )


def finish_backtest(run: BacktestRun, *, at: datetime) -> None:
    """Sum a run up: customers by band, and how much of it rests on the source's own clock."""
    moments: dict[str, Any] = {
        "as_of": run.as_of,
        "known_at": run.known_at,
        "run_id": run.pk,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(FINISH, moments)
