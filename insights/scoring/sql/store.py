"""What becomes of scores: the current one, the day's snapshot, a back-test's row. Or nothing."""

from insights.scoring.cards import ENOUGH_COVERAGE
from insights.scoring.scores import SILENT_AFTER_DAYS

# What is not known has not moved: it is said why it is not known.
WHY_UNKNOWN = f"""
    jsonb_build_object('base', s.base_id, 'since', s.base_day, 'sentence', CASE
        WHEN s.coverage < {ENOUGH_COVERAGE}
        THEN 'Unknown: ' || round(100 * s.coverage) || ' %% of what counts is known'
        ELSE 'Unknown: no event and no touch in {SILENT_AFTER_DAYS} days' END)"""
# Where inputs, band and what is compared with are the same, not even the row is touched.
CURRENT = f"""
    INSERT INTO insights_currenthealth AS c (customer_id, version_id, as_of, score, coverage, band,
                                             contributions, change, inputs_hash, computed_at)
    SELECT s.customer_id, s.version_id, %(as_of)s, s.score, s.coverage, s.band, s.contributions,
           CASE WHEN s.band = 'unknown' THEN {WHY_UNKNOWN}
                WHEN old.inputs_hash = s.inputs_hash
                 AND (old.change ->> 'base')::bigint IS NOT DISTINCT FROM s.base_id
                THEN old.change ELSE coalesce(w.change, '{{}}') END,
           s.inputs_hash, clock_timestamp()
    FROM health_score s
    LEFT JOIN insights_currenthealth old ON old.customer_id = s.customer_id
    LEFT JOIN health_change w ON w.customer_id = s.customer_id
    WHERE old.customer_id IS NULL OR old.inputs_hash <> s.inputs_hash OR old.band <> s.band
       OR (old.change ->> 'base')::bigint IS DISTINCT FROM s.base_id
    ORDER BY s.customer_id
    ON CONFLICT (customer_id) DO UPDATE
    SET version_id = excluded.version_id, as_of = excluded.as_of, score = excluded.score,
        coverage = excluded.coverage, band = excluded.band, contributions = excluded.contributions,
        change = excluded.change, inputs_hash = excluded.inputs_hash,
        computed_at = excluded.computed_at
    WHERE c.as_of <= excluded.as_of"""
# Former, retired or partner by now: no score is kept of them.
FORGET_GONE = """
    DELETE FROM insights_currenthealth c
    WHERE {chosen:c.customer_id}
      AND NOT EXISTS (SELECT FROM health_score s WHERE s.customer_id = c.customer_id)"""
MOVED = """
    h.id IS NULL OR h.band <> s.band OR h.coverage <> s.coverage
    OR abs(h.score - s.score) >= 0.1 OR (h.score IS NULL) <> (s.score IS NULL)"""
# A score that crossed an edge by less is stored too: the bands of later days count its side.
CROSSED = """
    (h.score >= v.green_from) <> (s.score >= v.green_from)
    OR (h.score >= v.red_below) <> (s.score >= v.red_below)"""
SNAPSHOT = f"""
    INSERT INTO insights_healthsnapshot AS d (customer_id, day, version_id, known_at, score,
                                              coverage, band, contributions, inputs_hash)
    SELECT s.customer_id, %(day)s, s.version_id, %(known_at)s, s.score, s.coverage, s.band,
           s.contributions, s.inputs_hash
    FROM health_score s
    JOIN insights_scorecardversion v ON v.id = s.version_id
    LEFT JOIN LATERAL (
        SELECT h.id, h.band, h.coverage, h.score FROM insights_healthsnapshot h
        WHERE h.customer_id = s.customer_id AND h.day < %(day)s
        ORDER BY h.day DESC LIMIT 1) h ON true
    WHERE date_part('day', %(day)s::date) = 1 OR {MOVED} OR {CROSSED}
       OR EXISTS (SELECT FROM insights_healthsnapshot t
                  WHERE t.customer_id = s.customer_id AND t.day = %(day)s)
    ON CONFLICT (customer_id, day) DO UPDATE
    SET version_id = excluded.version_id, known_at = excluded.known_at, score = excluded.score,
        coverage = excluded.coverage, band = excluded.band, contributions = excluded.contributions,
        inputs_hash = excluded.inputs_hash
    WHERE d.inputs_hash <> excluded.inputs_hash OR d.band <> excluded.band"""
BACKTEST = """
    INSERT INTO insights_backtestscore (run_id, customer_id, score, coverage, band, contributions,
                                        inputs_hash)
    SELECT %(run_id)s, s.customer_id, s.score, s.coverage, s.band, s.contributions, s.inputs_hash
    FROM health_score s
    ON CONFLICT (run_id, customer_id) DO UPDATE
    SET score = excluded.score, coverage = excluded.coverage, band = excluded.band,
        contributions = excluded.contributions, inputs_hash = excluded.inputs_hash"""
