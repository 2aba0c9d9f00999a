"""What every measure says of itself, and the words its SQL may use.

A measure's SQL is an expression over one row per customer:

    e        the customer's profile at the moment: seats, segment, touch_model, stage
    tally    the tallies that ticket measures ask for, over tickets of the last 210 days
    touch    last_at and two_way_at, of the last two years
    <key>    the measure's own relation, if it has one: a SELECT with a column customer_id

Parameters are %(as_of)s, %(known_at)s and %(ago_30)s, %(ago_90)s and so on; inside a relation,
`ticket` holds those tickets, `urgent` the open critical or blocked ones of any age, and
`{chosen:column}` limits a table to the customers being scored. NULL means that nothing is known:
GREATEST and LEAST skip it, so guard them with CASE.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from insights.models import MeasureGroup
from insights.scoring.changes import Wording
from supportsuccess.lists import cells

DAYS_AGO = (14, 30, 90, 120, 210, 730)
# A fact counts when the company knew it by then, it was stored by then, and no undo withdrew it.
KNOWN = """{0}.recorded_at <= %(as_of)s AND {0}.stored_at <= %(known_at)s
    AND ({0}.batch_id IS NULL OR {0}.batch_id <> ALL (ARRAY(
        SELECT b.id FROM imports_importbatch b WHERE b.withdrawn_at <= %(known_at)s)))"""
# Whether the company has this source at all; what it lacks lowers nobody's coverage. Tickets as
# they stand speak for themselves, those of a past day must have been told by then.
TOLD = f"""(%(as_of)s::timestamptz = %(known_at)s OR EXISTS (
    SELECT FROM tickets_ticketevent v WHERE v.ticket_id = t.id AND {KNOWN.format("v")}))"""
HAS_TICKETS = f"""EXISTS (SELECT FROM tickets_ticket t
    WHERE t.customer_id IS NOT NULL AND t.retired_at IS NULL
      AND t.opened_at <= %(as_of)s AND {TOLD})"""
# Where nobody at all wrote for two weeks the source has stopped, not the customers.
HAS_NEW_TICKETS = f"""EXISTS (SELECT FROM tickets_ticket t
    WHERE t.customer_id IS NOT NULL AND t.retired_at IS NULL
      AND t.opened_at > %(ago_14)s AND t.opened_at <= %(as_of)s AND {TOLD})"""
HAS_TOUCHES = f"EXISTS (SELECT FROM accounts_touch f WHERE {KNOWN.format('f')})"


class Measure:
    """One reading of a customer, missing where nothing is known."""

    key: ClassVar[str]
    name: ClassVar[str]
    # what the sentence calls it when it pulled the score down, and when it pushed it up
    wording: ClassVar[Wording]
    # what follows the figure
    unit: ClassVar[str]
    # "up", "down" or "range": where the good readings are
    direction: ClassVar[str]
    group: ClassVar[MeasureGroup]
    # the list that shows the rows behind a reading
    drill_down: ClassVar[str]
    # SQL: the reading, the newest fact behind it, whether the company has the source
    value: ClassVar[str]
    at: ClassVar[str]
    is_connected: ClassVar[str]
    relation: ClassVar[str] = ""
    # where a past day is read from elsewhere
    past_relation: ClassVar[str] = ""
    # what a new scorecard proposes
    starter_weight: ClassVar[str]
    starter_curve: ClassVar[tuple[tuple[float, float], ...]]
    starter_max_age_days: ClassVar[int | None] = None

    @classmethod
    def figure(cls, reading: Decimal) -> str:
        """A reading as a page writes it, before its unit."""
        return cells.number(reading, places=1)


class TicketMeasure(Measure):
    """A measure that needs nothing but a ticket log."""

    group = MeasureGroup.SUPPORT
    is_connected = HAS_TICKETS
    # name -> aggregate over `ticket t`; measures may share one
    tallies: ClassVar[Mapping[str, str]] = {}
