from decimal import Decimal

from insights.measures.base import TicketMeasure
from insights.scoring.changes import Wording
from supportsuccess.lists import cells

# Hours in which a ticket of this priority should be solved for the first time.
TARGET_HOURS = """CASE t.priority WHEN 'critical' THEN 8 WHEN 'high' THEN 24
                                  WHEN 'low' THEN 120 ELSE 72 END"""
# Of fewer, a median or a share says nothing yet.
ENOUGH_SOLVED = 3
SOLVED = {
    "solved": "count(*) FILTER (WHERE t.first_solved_at > %(ago_90)s)",
    "solved_at": "max(t.first_solved_at)",
}


class ResolutionSpeed(TicketMeasure):
    """The median ticket's hours until first solved, against the target of its priority."""

    key = "resolution_speed"
    name = "Resolution time against target"
    wording = Wording("slower resolution", "faster resolution")
    unit = "times the target"
    direction = "down"
    drill_down = "tickets_solved_90_days"
    tallies = SOLVED | {
        "speed": f"""percentile_cont(0.5) WITHIN GROUP (
            ORDER BY date_part('epoch', t.first_solved_at - t.opened_at)
                     / (3600 * {TARGET_HOURS})) FILTER (WHERE t.first_solved_at > %(ago_90)s)""",
    }
    value = f"CASE WHEN tally.solved >= {ENOUGH_SOLVED} THEN tally.speed END"
    at = "tally.solved_at"
    starter_weight = "20"
    starter_curve = ((0.25, 100), (1, 70), (2, 35), (4, 0))
    starter_max_age_days = 90


class ReopenRate(TicketMeasure):
    """Of the tickets first solved in 90 days, the share that was opened again."""

    key = "reopen_rate"
    name = "Reopened tickets"
    wording = Wording("reopens", "fewer reopens")
    unit = "of the tickets solved in 90 days"
    direction = "down"
    drill_down = "tickets_reopened_90_days"
    tallies = SOLVED | {
        "reopened": """count(*) FILTER (WHERE t.first_solved_at > %(ago_90)s
                                          AND t.reopen_count > 0)::float8""",
    }
    value = f"CASE WHEN tally.solved >= {ENOUGH_SOLVED} THEN tally.reopened / tally.solved END"
    at = "tally.solved_at"
    starter_weight = "14"
    starter_curve = ((0, 100), (0.05, 80), (0.15, 45), (0.3, 10), (0.4, 0))
    starter_max_age_days = 90

    @classmethod
    def figure(cls, reading: Decimal) -> str:
        return cells.percent(reading)
