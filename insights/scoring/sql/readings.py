"""One statement that reads every measure of the chosen customers, rounded to six decimals.

Its text depends on the cards alone and is kept: for one customer, writing it would cost as much as
running it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from insights.measures import MEASURES, TicketMeasure
from insights.scoring.sql import facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from insights.measures import Measure
    from insights.scoring.cards import Card
    from insights.scoring.sql.facts import Chosen

LATEST_SIGN = {"last_event_at": "max(t.last_event_at)"}
URGENT_SIGN = """
    urgent_sign AS (SELECT u.customer_id, max(u.last_event_at) AS last_event_at
                    FROM urgent u GROUP BY u.customer_id)"""
# Of signs of life any one will do: here GREATEST is right to skip what is not known.
LAST_SIGN = "GREATEST(tally.last_event_at, urgent_sign.last_event_at, touch.last_at)"

type Measures = Sequence[type[Measure]]


def create_table_sql() -> str:
    """The session's table of readings: one row per customer, two columns per measure."""
    columns = ", ".join(
        f'"r_{key}" numeric(18, 6), "at_{key}" timestamptz' for key in sorted(MEASURES)
    )
    return f"""CREATE TEMPORARY TABLE IF NOT EXISTS health_reading (
        customer_id bigint PRIMARY KEY, version_id bigint NOT NULL, last_sign_at timestamptz,
        {columns}) ON COMMIT DELETE ROWS"""


@lru_cache(maxsize=16)
def readings_now_sql(cards: tuple[Card, ...], *, chosen: Chosen) -> str:
    """Fill the table of readings from things as they stand."""
    measures = _used(cards)
    own = [(m.key, m.relation) for m in measures if m.relation]
    relations = facts.relations_now(chosen=chosen) + _relations(own, chosen=chosen)
    return _insert(cards, measures, relations, chosen=chosen)


@lru_cache(maxsize=16)
def readings_then_sql(cards: tuple[Card, ...], *, chosen: Chosen) -> str:
    """Fill the table of readings from what the company knew at a past moment."""
    measures = _used(cards)
    own = [(m.key, m.past_relation or m.relation) for m in measures if m.relation]
    relations = facts.relations_then(chosen=chosen) + _relations(own, chosen=chosen)
    return _insert(cards, measures, relations, chosen=chosen)


def _used(cards: Iterable[Card]) -> Measures:
    keys = {weighed.key for card in cards for weighed in card.measures}
    return [MEASURES[key] for key in sorted(keys) if key in MEASURES]


def _relations(own: Iterable[tuple[str, str]], *, chosen: Chosen) -> list[str]:
    return [f"{key} AS ({sql.format(chosen=chosen)})" for key, sql in own]


def _insert(
    cards: Sequence[Card], measures: Measures, relations: list[str], *, chosen: Chosen
) -> str:
    customers = facts.CUSTOMERS.format(
        chosen=chosen, version=_version_of(cards), was_seen=facts.WAS_SEEN
    )
    columns = "".join(f', "r_{m.key}", "at_{m.key}"' for m in measures)
    values = "".join(f", ({m.value})::float8::numeric, {m.at}" for m in measures)
    joins = "".join(
        f" LEFT JOIN {name} ON {name}.customer_id = e.customer_id"
        for name in ("tally", "urgent_sign", "touch", *(m.key for m in measures if m.relation))
    )
    return f"""
        WITH {", ".join([customers, *relations, _tally(measures), URGENT_SIGN])}
        INSERT INTO health_reading (customer_id, version_id, last_sign_at{columns})
        SELECT e.customer_id, e.version_id, {LAST_SIGN}{values}
        FROM e{joins} WHERE e.version_id IS NOT NULL"""


def _tally(measures: Measures) -> str:
    tallies = dict(LATEST_SIGN)
    for measure in measures:
        if issubclass(measure, TicketMeasure):
            tallies.update(measure.tallies)
    aggregates = "".join(f", {sql} AS {name}" for name, sql in tallies.items())
    return f"tally AS (SELECT t.customer_id{aggregates} FROM ticket t GROUP BY t.customer_id)"


def _version_of(cards: Sequence[Card]) -> str:
    """The card for a customer: that of its stage and segment, of either, or the general one."""
    closest = sorted(
        cards, key=lambda card: (card.stage == "", card.segment == "", card.version_id)
    )
    whens = " ".join(f"WHEN {_applies(card)} THEN {card.version_id}" for card in closest)
    return f"CASE {whens} END"


def _applies(card: Card) -> str:
    conditions = [
        f"p.{column} = '{value}'"
        for column, value in (("stage", card.stage), ("segment", card.segment))
        if value
    ]
    return " AND ".join(conditions) or "true"
