from decimal import Decimal

from insights.measures.base import Measure
from insights.models import MeasureGroup
from insights.scoring.changes import Wording

# A contact's role is not an interval: on a past day it is what the first recorded change of the row
# after that day says stood before.
ROLE_THEN = """coalesce((
    SELECT c.before ->> 'role' FROM audit_change c JOIN audit_eventgroup g ON g.id = c.group_id
    WHERE c.row_id = k.id AND c.table_name = 'accounts_customercontact' AND c.operation = 'update'
      AND g.created_at > %(as_of)s AND g.created_at <= %(known_at)s
      AND c.before ->> 'role' IS NOT NULL
    ORDER BY c.id LIMIT 1), k.role)"""

CHAMPIONS = """
    SELECT k.customer_id,
           bool_or(k.recorded_left_at IS NULL OR k.recorded_left_at > %(as_of)s) AS is_present
    FROM accounts_customercontact k
    WHERE {{chosen:k.customer_id}} AND k.recorded_at <= %(as_of)s AND k.stored_at <= %(known_at)s
      AND {role} = 'champion'
    GROUP BY k.customer_id"""


class ChampionPresent(Measure):
    """Whether somebody at the customer stands up for us; missing where nobody ever did."""

    key = "champion"
    name = "Champion present"
    wording = Wording("champion left", "champion found")
    unit = "stands up for us"
    direction = "up"
    group = MeasureGroup.RELATIONSHIP
    drill_down = "contacts_champions"
    relation = CHAMPIONS.format(role="k.role")
    past_relation = CHAMPIONS.format(role=ROLE_THEN)
    value = "CASE WHEN champion.is_present THEN 1 WHEN champion.customer_id IS NOT NULL THEN 0 END"
    at = "NULL::timestamptz"
    is_connected = """EXISTS (SELECT FROM accounts_customercontact k
        WHERE k.role = 'champion' AND k.stored_at <= %(known_at)s)"""
    starter_weight = "10"
    starter_curve = ((0, 20), (1, 100))

    @classmethod
    def figure(cls, reading: Decimal) -> str:
        return "somebody" if reading else "nobody"
