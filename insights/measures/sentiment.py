from insights.measures.base import KNOWN, Measure
from insights.models import MeasureGroup
from insights.scoring.changes import Wording

HALF_LIFE_DAYS = 30
MOODS = {
    "delighted": 1,
    "pleased": 0.5,
    "neutral": 0,
    "frustrated": -0.5,
    "angry": -1,
    "leaving": -1,
}
MOOD = " ".join(f"WHEN '{slug}' THEN {mood}" for slug, mood in MOODS.items())


class SentimentAtEnd(Measure):
    """How customers left their conversations, newer ones counting more."""

    key = "sentiment"
    name = "Sentiment at end"
    wording = Wording("sentiment", "sentiment")
    unit = "on average, from −1 to 1"
    direction = "up"
    group = MeasureGroup.RELATIONSHIP
    drill_down = "tickets_with_sentiment_90_days"
    relation = f"""
        SELECT m.customer_id, max(m.occurred_at) AS occurred_at,
               sum(m.mood * m.weight) / sum(m.weight) AS mood
        FROM (SELECT l.customer_id, l.occurred_at, v.mood,
                     power(0.5::float8, date_part('epoch', %(as_of)s - l.occurred_at)
                                        / (86400 * {HALF_LIFE_DAYS})) AS weight
              FROM (SELECT t.customer_id, n.value_id, n.occurred_at
                    FROM ticket t
                    CROSS JOIN LATERAL (
                        SELECT f.value_id, f.occurred_at FROM tickets_labeling f
                        WHERE f.ticket_id = t.id AND f.dimension = 'sentiment'
                          AND {KNOWN.format("f")}
                        ORDER BY f.occurred_at DESC, f.id DESC LIMIT 1) n
                    WHERE t.is_labelled AND t.opened_at > %(ago_120)s
                      AND n.occurred_at > %(ago_90)s OFFSET 0) l
              JOIN (SELECT o.id, CASE coalesce(i.slug, o.slug) {MOOD} END::float8 AS mood
                    FROM tickets_labelvalue o
                    LEFT JOIN tickets_labelvalue i ON i.id = o.merged_into_id) v
                ON v.id = l.value_id AND v.mood IS NOT NULL) m
        GROUP BY m.customer_id"""  # noqa: S608 - constants of our own
    value = "sentiment.mood"
    at = "sentiment.occurred_at"
    is_connected = f"""EXISTS (SELECT FROM tickets_labeling f
        WHERE f.dimension = 'sentiment' AND f.value_id IS NOT NULL AND {KNOWN.format("f")})"""
    starter_weight = "8"
    starter_curve = ((-1, 0), (-0.5, 25), (0, 70), (0.5, 100))
    starter_max_age_days = 90
