"""Health beside the best single statement for the same scorecards and the same written rows.

Both sides are rolled back, so that every round meets the same tables. A day ahead of the last run
most readings differ, so that nearly everything is written: the dearest night there is.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench.figures import Figure, alone, beside
from insights.actions import health
from insights.queries import scorecards
from insights.queries.customer_ranges import customer_ranges
from insights.scoring.sql import bands, changes, facts, sources, store
from insights.scoring.sql.facts import PICKED, RANGE, Chosen

ROUNDS = 5
SHARE = 100
EVERYONE = facts.of_range(0, 2**62)
# What the scorer reads, written by hand: each table once, each customer's tickets in one pass.
READINGS = """
    e AS MATERIALIZED (
        SELECT c.id AS customer_id, p.seats, p.touch_model,
               CASE WHEN p.stage = 'onboarding' THEN {onboarding} ELSE {general} END AS version_id
        FROM accounts_customer c
        JOIN accounts_customerprofile p ON p.customer_id = c.id AND {chosen:p.customer_id}
             AND p.during @> %(as_of)s::timestamptz AND p.stage <> 'former'
        WHERE {chosen:c.id} AND c.kind IN ('customer', 'trial') AND c.retired_at IS NULL),
    ticket AS (
        SELECT id, customer_id, contact_id, opened_at, first_solved_at, reopen_count, last_event_at,
               labels_answered > 0 AS is_labelled,
               CASE priority WHEN 'critical' THEN 8 WHEN 'high' THEN 24 WHEN 'low' THEN 120
                             ELSE 72 END * 3600 AS target
        FROM tickets_ticket t
        WHERE {chosen:t.customer_id} AND opened_at > %(ago_210)s AND opened_at <= %(as_of)s
          AND retired_at IS NULL),
    tally AS (
        SELECT customer_id, max(last_event_at) AS last_event_at, max(opened_at) AS opened_at,
               max(first_solved_at) AS solved_at,
               count(*) FILTER (WHERE opened_at > %(ago_90)s) AS opened,
               count(*) FILTER (WHERE opened_at > %(ago_30)s) AS lately,
               count(*) FILTER (WHERE opened_at <= %(ago_30)s)::float8 AS before,
               date_part('epoch', %(ago_30)s - min(opened_at)) / 86400 AS days,
               count(*) FILTER (WHERE first_solved_at > %(ago_90)s) AS solved,
               count(*) FILTER (WHERE first_solved_at > %(ago_90)s AND reopen_count > 0)::float8
                   AS reopened,
               percentile_cont(0.5) WITHIN GROUP (
                   ORDER BY date_part('epoch', first_solved_at - opened_at) / target)
                   FILTER (WHERE first_solved_at > %(ago_90)s) AS speed
        FROM ticket GROUP BY customer_id),
    urgent AS (
        SELECT customer_id, count(*) AS tickets, max(opened_at) AS opened_at,
               max(last_event_at) AS last_event_at
        FROM tickets_ticket t
        WHERE {chosen:t.customer_id} AND status IN ('new', 'open', 'pending', 'on_hold')
          AND (priority = 'critical' OR is_blocked) AND retired_at IS NULL
        GROUP BY customer_id),
    repeats AS (
        SELECT customer_id, max(opened_at) AS opened_at,
               count(*) FILTER (WHERE tickets > 1)::float8 / count(*) AS share
        FROM (SELECT customer_id, count(*) AS tickets, max(opened_at) AS opened_at FROM ticket
              WHERE opened_at > %(ago_30)s AND contact_id IS NOT NULL
              GROUP BY customer_id, contact_id) contact
        GROUP BY customer_id HAVING count(*) >= 3),
    labelled AS MATERIALIZED (
        SELECT t.customer_id, l.value_id, l.occurred_at,
               power(0.5::float8, date_part('epoch', %(as_of)s - l.occurred_at) / 2592000) AS weight
        FROM ticket t
        CROSS JOIN LATERAL (
            SELECT f.value_id, f.occurred_at FROM tickets_labeling f
            WHERE f.ticket_id = t.id AND f.dimension = 'sentiment'
            ORDER BY f.occurred_at DESC, f.id DESC LIMIT 1) l
        WHERE t.is_labelled AND t.opened_at > %(ago_120)s AND l.occurred_at > %(ago_90)s),
    mood AS (
        SELECT l.customer_id, max(l.occurred_at) AS occurred_at,
               sum(v.mood * l.weight) / sum(l.weight) AS mood
        FROM labelled l
        JOIN (SELECT id, CASE slug WHEN 'delighted' THEN 1 WHEN 'pleased' THEN 0.5
                                   WHEN 'neutral' THEN 0 WHEN 'frustrated' THEN -0.5
                                   ELSE -1 END::float8 AS mood
              FROM tickets_labelvalue WHERE dimension = 'sentiment') v ON v.id = l.value_id
        GROUP BY l.customer_id),
    touched AS (
        SELECT customer_id, max(occurred_at) AS last_at,
               max(occurred_at) FILTER (WHERE is_two_way) AS two_way_at
        FROM accounts_touch t WHERE {chosen:t.customer_id} GROUP BY customer_id),
    champions AS (
        SELECT customer_id, bool_or(left_at IS NULL) AS is_present
        FROM accounts_customercontact k WHERE {chosen:k.customer_id} AND role = 'champion'
        GROUP BY customer_id),
    health_reading AS MATERIALIZED (
        SELECT e.customer_id, e.version_id,
               GREATEST(tally.last_event_at, urgent.last_event_at, touched.last_at) AS last_sign_at,
               CASE WHEN opened > 0 AND seats > 0 THEN 100 * opened::float8 / seats
                    END::numeric(18, 6) AS r_volume_per_seat,
               tally.opened_at AS at_volume_per_seat,
               CASE WHEN before >= 4 AND days >= 30
                    THEN (lately + 2) / (30 * (before - 1) / days + 2)
                    END::numeric(18, 6) AS r_volume_against_baseline,
               tally.opened_at AS at_volume_against_baseline,
               CASE WHEN solved >= 3 THEN speed END::numeric(18, 6) AS r_resolution_speed,
               tally.solved_at AS at_resolution_speed,
               CASE WHEN solved >= 3 THEN reopened / solved END::numeric(18, 6) AS r_reopen_rate,
               tally.solved_at AS at_reopen_rate,
               CASE WHEN tally.customer_id IS NOT NULL OR urgent.tickets > 0
                    THEN coalesce(urgent.tickets, 0) END::numeric(18, 6) AS r_open_urgent,
               urgent.opened_at AS at_open_urgent,
               repeats.share::numeric(18, 6) AS r_repeat_rate, repeats.opened_at AS at_repeat_rate,
               mood.mood::numeric(18, 6) AS r_sentiment, mood.occurred_at AS at_sentiment,
               CASE WHEN two_way_at IS NOT NULL
                    THEN floor(date_part('epoch', %(as_of)s - two_way_at) / 86400)
                         / CASE touch_model WHEN 'high' THEN 30 WHEN 'low' THEN 90 ELSE 180 END
                    END::numeric(18, 6) AS r_touch_rhythm, two_way_at AS at_touch_rhythm,
               champions.is_present::int::numeric(18, 6) AS r_champion,
               NULL::timestamptz AS at_champion
        FROM e LEFT JOIN tally USING (customer_id) LEFT JOIN urgent USING (customer_id)
               LEFT JOIN repeats USING (customer_id) LEFT JOIN mood USING (customer_id)
               LEFT JOIN touched USING (customer_id) LEFT JOIN champions USING (customer_id))"""
WHOLE = """
    WITH {readings},
         health_score (customer_id, version_id, score, coverage, is_unknown, contributions,
                       inputs_hash, band, plain_band, base_id, base_day) AS MATERIALIZED ({scores}),
         health_change (customer_id, change) AS ({changes}),
         stored AS ({current} RETURNING 1), {snapshots}
         gone AS ({gone} RETURNING 1)
    SELECT (SELECT count(*) FROM stored), (SELECT count(*) FROM gone)"""


def figures() -> Iterator[Figure]:
    at = timezone.now() + timedelta(days=1)
    some = _one_in(SHARE)
    if not some:
        return
    full, changed = partial(night, at=at), partial(change, some, at=at)
    floors = Floors(at)
    yield beside("health, all customers", full, floors.night, must=2.5, aim=1.4, rounds=ROUNDS)
    yield beside("health, 1 % changed", changed, floors.change(some), must=2.5, aim=1.4)
    yield beside("health, 1 % beside all", changed, full, must=0.06, aim=0.04, rounds=ROUNDS)
    yield alone("health, one customer", partial(change, some[:1], at=at))


def night(*, at: datetime) -> None:
    with _rolled_back():
        for low, high in customer_ranges():
            health.score_day(low, high, day=at.date(), at=at)


def change(ids: list[int], *, at: datetime) -> None:
    with _rolled_back():
        health.score_changed(ids, day=at.date(), at=at)


def _one_in(share: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM accounts_customer WHERE id %% %s = 0", [share])
        return [pk for (pk,) in cursor.fetchall()]


class Floors:
    """The same rows from one statement each, its text made before the clock starts."""

    def __init__(self, at: datetime) -> None:
        moments = facts.moments(as_of=at, known_at=at)
        self.parameters: dict[str, Any] = {**moments, "day": at.date()}
        published = scorecards.cards_published_by(at)
        keys = {measure.key for card in published for measure in card.measures}
        with connection.cursor() as cursor:
            cursor.execute(sources.connected_sql(keys), self.parameters)
            connected = cursor.fetchone()[0]
        self.cards = tuple(card.connected_to(connected) for card in published)

    def night(self) -> None:
        statement = self._statement(RANGE, bands.daily_scores_sql(self.cards), store.SNAPSHOT)
        self._run(statement, EVERYONE)

    def change(self, ids: list[int]) -> Callable[[], None]:
        statement = self._statement(PICKED, bands.standing_scores_sql(self.cards), "")
        return partial(self._run, statement, facts.of_picked(ids))

    def _statement(self, chosen: Chosen, scores: str, snapshot: str) -> str:
        cards = {card.stage: card.version_id for card in self.cards}
        return WHOLE.format(
            readings=READINGS.format(
                chosen=chosen, general=cards[""], onboarding=cards["onboarding"]
            ),
            scores=_select_of(scores),
            changes=_select_of(changes.changes_sql(self.cards)),
            current=store.CURRENT,
            snapshots=f"snapshots AS ({snapshot} RETURNING 1)," if snapshot else "",
            gone=store.FORGET_GONE.format(chosen=chosen),
        )

    def _run(self, statement: str, where: dict[str, Any]) -> None:
        with _rolled_back(), connection.cursor() as cursor:
            cursor.execute(f"SELECT {sources.SETTINGS}")
            cursor.execute(statement, {**self.parameters, **where})


def _select_of(insert: str) -> str:
    """What an INSERT would insert."""
    return insert[insert.index(")") + 1 :]


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
