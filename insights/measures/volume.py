from insights.measures.base import HAS_NEW_TICKETS, TicketMeasure
from insights.scoring.changes import Wording

# Both counts are drawn towards each other by as many imagined tickets: four instead of two says
# little, forty instead of twenty much.
CALM = 2
ENOUGH_BEFORE = 4
# Tickets of the 180 days before the last 30, as many as that is in 30 days. The first one starts
# the clock and is not counted: who came within those days is not measured against earlier ones.
EXPECTED = "(30 * (tally.opened_before - 1) / tally.days_before)"


class VolumePerSeat(TicketMeasure):
    """Tickets of 90 days per 100 seats: both silence and flood are worth less than use."""

    key = "volume_per_seat"
    name = "Tickets per 100 seats"
    wording = Wording("tickets per seat", "tickets per seat")
    unit = "tickets per 100 seats in 90 days"
    direction = "range"
    drill_down = "tickets_opened_90_days"
    tallies = {
        "opened": "count(*) FILTER (WHERE t.opened_at > %(ago_90)s)",
        "opened_at": "max(t.opened_at)",
    }
    value = """CASE WHEN tally.opened > 0 AND e.seats > 0
                    THEN 100 * tally.opened::float8 / e.seats END"""
    at = "tally.opened_at"
    is_connected = """EXISTS (SELECT FROM accounts_customerprofile p
        WHERE p.seats > 0 AND p.stored_at <= %(known_at)s)"""
    starter_weight = "6"
    starter_curve = ((0, 50), (2, 85), (4, 100), (20, 100), (50, 50), (100, 0))
    starter_max_age_days = 90


class VolumeAgainstBaseline(TicketMeasure):
    """Tickets of 30 days against what the 180 days before let expect of this customer."""

    key = "volume_against_baseline"
    name = "Tickets against the usual"
    wording = Wording("unusual ticket volume", "ticket volume as usual")
    unit = "times the usual number in 30 days"
    direction = "range"
    drill_down = "tickets_opened_30_days"
    tallies = {
        "opened_lately": "count(*) FILTER (WHERE t.opened_at > %(ago_30)s)",
        "opened_before": "count(*) FILTER (WHERE t.opened_at <= %(ago_30)s)::float8",
        "days_before": """date_part('epoch', %(ago_30)s - min(t.opened_at)
                                    FILTER (WHERE t.opened_at <= %(ago_30)s)) / 86400""",
        "opened_at": "max(t.opened_at)",
    }
    value = f"""CASE WHEN tally.opened_before >= {ENOUGH_BEFORE} AND tally.days_before >= 30
                     THEN (tally.opened_lately + {CALM}) / ({EXPECTED} + {CALM}) END"""
    at = "tally.opened_at"
    is_connected = HAS_NEW_TICKETS
    starter_weight = "14"
    starter_curve = ((0, 30), (0.5, 80), (0.8, 100), (1.25, 100), (2, 50), (3, 0))
