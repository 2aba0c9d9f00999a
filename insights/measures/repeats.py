from decimal import Decimal

from insights.measures.base import HAS_NEW_TICKETS, TicketMeasure
from insights.scoring.changes import Wording
from supportsuccess.lists import cells

ENOUGH_CONTACTS = 3


class RepeatRate(TicketMeasure):
    """Of the contacts with a ticket in 30 days, the share that had to come back."""

    key = "repeat_rate"
    name = "Contacts who came back"
    wording = Wording("repeat contacts", "fewer repeat contacts")
    unit = "of the contacts with tickets in 30 days"
    direction = "down"
    drill_down = "contacts_repeating_30_days"
    relation = f"""
        SELECT c.customer_id, max(c.opened_at) AS opened_at,
               count(*) FILTER (WHERE c.tickets > 1)::float8 / count(*) AS share
        FROM (SELECT t.customer_id, count(*) AS tickets, max(t.opened_at) AS opened_at
              FROM ticket t WHERE t.opened_at > %(ago_30)s AND t.contact_id IS NOT NULL
              GROUP BY t.customer_id, t.contact_id) c
        GROUP BY c.customer_id HAVING count(*) >= {ENOUGH_CONTACTS}"""  # noqa: S608 - a number
    value = "repeat_rate.share"
    at = "repeat_rate.opened_at"
    is_connected = HAS_NEW_TICKETS
    starter_weight = "8"
    starter_curve = ((0.2, 100), (0.5, 70), (0.8, 30), (1, 10))

    @classmethod
    def figure(cls, reading: Decimal) -> str:
        return cells.percent(reading)
