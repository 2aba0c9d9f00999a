from insights.measures.base import HAS_TOUCHES, Measure
from insights.models import MeasureGroup
from insights.scoring.changes import Wording

# Days between two conversations that a touch model promises.
RHYTHM_DAYS = "CASE e.touch_model WHEN 'high' THEN 30 WHEN 'low' THEN 90 ELSE 180 END"
DAYS_SINCE = "floor(date_part('epoch', %(as_of)s - touch.two_way_at) / 86400)"


class TouchRhythm(Measure):
    """Days since the customer last talked with us, against the rhythm of its touch model."""

    key = "touch_rhythm"
    name = "Days since the last two-way touch"
    wording = Wording("no touch lately", "recent touch")
    unit = "times the days its touch model allows"
    direction = "down"
    group = MeasureGroup.RELATIONSHIP
    drill_down = "touches_two_way"
    value = f"CASE WHEN touch.two_way_at IS NOT NULL THEN {DAYS_SINCE} / ({RHYTHM_DAYS}) END"
    at = "touch.two_way_at"
    is_connected = HAS_TOUCHES
    starter_weight = "8"
    starter_curve = ((0.5, 100), (1, 80), (2, 30), (3, 0))
    starter_max_age_days = 730
