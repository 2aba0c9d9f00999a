from decimal import Decimal

from insights.measures.base import TicketMeasure
from insights.scoring.changes import Wording
from supportsuccess.lists import cells


class OpenUrgent(TicketMeasure):
    """Open tickets that are critical or block the customer; none is a reading where tickets are."""

    key = "open_urgent"
    name = "Open critical or blocking tickets"
    wording = Wording("open critical tickets", "critical tickets solved")
    unit = "open now"
    direction = "down"
    drill_down = "tickets_open_urgent"
    relation = """SELECT u.customer_id, count(*) AS tickets, max(u.opened_at) AS opened_at
                  FROM urgent u GROUP BY u.customer_id"""
    value = """CASE WHEN tally.customer_id IS NOT NULL OR open_urgent.tickets > 0
                    THEN coalesce(open_urgent.tickets, 0) END"""
    at = "open_urgent.opened_at"
    starter_weight = "12"
    starter_curve = ((0, 100), (1, 50), (3, 20), (6, 0))

    @classmethod
    def figure(cls, reading: Decimal) -> str:
        return cells.number(reading)
