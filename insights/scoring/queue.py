"""The renewal queue as SQL over sets of customers: what is expected of each, and the rows."""

from insights.scoring.loss import NOTICE_LOST

HORIZON_DAYS = 180
DECIDE_WITHIN_DAYS = 90

# Renewals decided so far, by segment and band as both stood when they were decided.
DECIDED_COUNTS = """
    WITH decided AS (
        SELECT r.state, coalesce(p.segment, 'unknown') AS segment, coalesce(h.band, '') AS band,
               CASE WHEN r.state <> 'lost' AND m.shrunk > 0
                    THEN m.shrunk / (r.final_amount + m.shrunk) END AS contraction
        FROM accounts_renewal r
        LEFT JOIN accounts_customerprofile p
               ON p.customer_id = r.customer_id AND p.during @> r.closed_at
        LEFT JOIN LATERAL (
            SELECT s.band FROM insights_healthsnapshot s
            WHERE s.customer_id = r.customer_id AND s.day <= r.decision_point_on
            ORDER BY s.day DESC LIMIT 1) h ON true
        LEFT JOIN LATERAL (
            SELECT -sum(v.amount) AS shrunk FROM accounts_arrmovement v
            LEFT JOIN imports_importbatch b ON b.id = v.batch_id
            WHERE v.customer_id = r.customer_id AND v.kind = 'contraction'
              AND v.currency = r.currency AND b.withdrawn_at IS NULL
              AND NOT EXISTS (SELECT FROM accounts_arrmovement c WHERE c.reverses_id = v.id)
              AND v.effective_on BETWEEN r.due_on - 31 AND r.due_on + 31) m ON true
        WHERE r.state IN ('won', 'auto_renewed', 'lost')
    )
    SELECT segment, band, count(*), count(*) FILTER (WHERE state = 'lost'),
           count(contraction), coalesce(sum(contraction), 0)
    FROM decided GROUP BY segment, band
"""

# One unit of a currency in the company's own: the newest rate by that day, else the next.
RATES = """
    SELECT DISTINCT ON (x.currency) x.currency, x.rate FROM accounts_exchangerate x
    ORDER BY x.currency, (x.on > %(day)s), abs(x.on - %(day)s)
"""
CHOSEN = """
    SELECT r.id, r.customer_id, r.decision_point_on, r.due_on, r.state, r.next_step_on,
           r.snoozed_until
    FROM accounts_renewal r
    JOIN accounts_customer c ON c.id = r.customer_id AND c.retired_at IS NULL
    WHERE r.state = ANY(%(open_states)s)
      AND (%(customer_ids)s::bigint[] IS NULL OR r.customer_id = ANY(%(customer_ids)s::bigint[]))
"""
# ARR of contract lines in the company's currency; unknown without lines or without a rate.
ARR = """CASE WHEN NOT bool_or(l.id IS NOT NULL AND k.currency <> %(currency)s AND x.rate IS NULL)
                 THEN round(sum(l.arr * CASE WHEN k.currency = %(currency)s THEN 1
                                             ELSE x.rate END), 2) END"""
# Looked up for each renewal by its keys: no plan of this can grow faster than the renewals do.
KNOWN = f"""
    SELECT r.*, t.notice_on, t.arr, coalesce(p.segment, 'unknown') AS segment,
           least(r.decision_point_on, t.notice_on) AS decided_on,
           CASE WHEN t.notice_on IS NOT NULL THEN 'notice_received'
                WHEN t.auto_renews AND t.notice_is_assumed THEN 'assumed_deadline'
                WHEN t.auto_renews THEN 'notice_deadline'
                WHEN t.contracts > 0 THEN 'procurement' ELSE '' END AS decision_basis,
           t.notice_on IS NULL AND coalesce(t.auto_renews, false)
               AND r.decision_point_on < %(day)s::date AS is_locked
    FROM chosen r
    CROSS JOIN LATERAL (
        SELECT count(*) AS contracts, bool_and(k.auto_renew) AS auto_renews,
               bool_or(k.auto_renew AND k.notice_days IS NULL) AS notice_is_assumed,
               min(k.notice_received_on) AS notice_on, {ARR} AS arr
        FROM accounts_renewalcontract rk
        JOIN accounts_contract k ON k.id = rk.contract_id AND k.retired_at IS NULL
        LEFT JOIN accounts_contractline l ON l.contract_id = k.id
        LEFT JOIN rates x ON x.currency = k.currency
        WHERE rk.renewal_id = r.id) t
    LEFT JOIN accounts_customerprofile p ON p.customer_id = r.customer_id AND p.during @> %(at)s
"""
LIKELY = f"""
    SELECT k.*, h.score, coalesce(h.band, 'unknown') AS computed_band, h.change,
           CASE WHEN k.is_locked THEN 0 WHEN k.notice_on IS NOT NULL
                THEN greatest({NOTICE_LOST}, e.p_lost) ELSE e.p_lost END AS p_lost,
           CASE WHEN k.is_locked OR k.notice_on IS NOT NULL THEN 0
                ELSE e.p_contracted END AS p_contracted,
           e.mean_contraction,
           CASE WHEN k.is_locked THEN 'Locked: the notice deadline passed, it renews by itself'
                WHEN k.notice_on IS NOT NULL THEN 'Notice received: assumed lost at '
                     || round(100 * greatest({NOTICE_LOST}, e.p_lost)) || '%%'
                ELSE e.basis END AS basis
    FROM known k
    LEFT JOIN insights_currenthealth h ON h.customer_id = k.customer_id
    JOIN insights_lossrate e ON e.segment = k.segment AND e.band = coalesce(h.band, 'unknown')
"""
EXPECTED = """
    SELECT l.*, round(l.arr * (l.p_lost + l.p_contracted * l.mean_contraction), 2) AS expected_loss
    FROM likely l
"""
OUTLOOK_COLUMNS = (
    "p_lost", "p_contracted", "mean_contraction", "renewable_arr", "expected_loss", "basis",
)  # fmt: skip
OUTLOOKS = """
    SELECT id, p_lost, p_contracted, mean_contraction, arr, expected_loss, basis, now()
    FROM expected ORDER BY id
"""

# Beside any rows `e` that name a customer: who answers on paper, the last touch, a person's band.
OWNER = """LEFT JOIN LATERAL (
        SELECT coalesce(a.holder_user_id, pl.user_id) AS user_id
        FROM accounts_assignment a
        JOIN accounts_assignmentrole ar
          ON ar.id = a.role_id AND ar.key IN ('renewal_owner', 'owner')
        LEFT JOIN accounts_poollead pl ON pl.pool_id = a.holder_pool_id AND pl.during @> %(at)s
        WHERE a.customer_id = e.customer_id AND a.during @> %(at)s
        ORDER BY ar.key = 'owner' LIMIT 1) o ON true"""
LAST_TOUCH = """LEFT JOIN LATERAL (
        SELECT w.occurred_at FROM accounts_touch w
        LEFT JOIN imports_importbatch b ON b.id = w.batch_id
        WHERE w.customer_id = e.customer_id AND w.occurred_at <= %(at)s AND b.withdrawn_at IS NULL
        ORDER BY w.occurred_at DESC LIMIT 1) t ON true"""
OVERRIDE = """LEFT JOIN LATERAL (
        SELECT s.band FROM accounts_healthoverride s
        WHERE s.customer_id = e.customer_id AND s.occurred_at <= %(at)s AND s.expires_at > %(at)s
        ORDER BY s.occurred_at DESC LIMIT 1) v ON true"""
OPEN_HANDOFFS = """(SELECT count(*) FROM tickets_handoff f
            WHERE f.customer_id = e.customer_id AND f.state = ANY(%(open_handoffs)s))"""

# Mondays to Fridays after one day up to and with another; scoring.loss.urgency of it.
WEEKDAYS_SINCE_2001 = (
    "(({d} - DATE '2001-01-01') / 7 * 5 + least(({d} - DATE '2001-01-01') %% 7, 4))"
)
URGENCY = (
    "(1 + 60 / (greatest("
    + WEEKDAYS_SINCE_2001.format(d="e.decided_on")
    + " - "
    + WEEKDAYS_SINCE_2001.format(d="%(day)s::date")
    + ", 0) + 10.0))"
)
QUEUE_COLUMNS = (
    "customer_id", "owner_id", "segment", "state", "section", "clearing", "due_on",
    "decision_point_on", "decision_basis", "snoozed_until", "decided_at", "arr", "expected_loss",
    "priority", "band", "score", "change_sentence", "open_handoffs", "last_touch_at",
    "notice_received_on",
)  # fmt: skip
QUEUED = f"""
    SELECT e.id, e.customer_id, o.user_id, e.segment, e.state,
           CASE WHEN e.notice_on IS NOT NULL THEN 'notice' WHEN e.is_locked THEN 'locked'
                WHEN e.decided_on <= %(day)s::date + {DECIDE_WITHIN_DAYS} THEN 'decide'
                ELSE 'later' END,
           CASE WHEN e.snoozed_until > %(day)s THEN 'snoozed'
                WHEN e.state <> 'upcoming' AND (e.next_step_on > %(day)s) IS NOT FALSE
                     AND (e.notice_on <= d.occurred_at::date) IS NOT FALSE
                     AND (e.notice_on IS NULL OR d.occurred_at IS NOT NULL) THEN 'decided'
                ELSE '' END,
           e.due_on, e.decided_on, e.decision_basis, e.snoozed_until, d.occurred_at, e.arr,
           e.expected_loss, round(coalesce(e.expected_loss, 0) * {URGENCY}, 6),
           coalesce(v.band, e.computed_band), e.score,
           left(coalesce(e.change->>'sentence', ''), 300),
           {OPEN_HANDOFFS},
           t.occurred_at, e.notice_on, now()
    FROM expected e
    {OWNER}
    LEFT JOIN LATERAL (
        SELECT n.occurred_at FROM accounts_renewaldecision n
        WHERE n.renewal_id = e.id AND n.undoes_id IS NULL
          AND NOT EXISTS (SELECT FROM accounts_renewaldecision u WHERE u.undoes_id = n.id)
        ORDER BY n.occurred_at DESC LIMIT 1) d ON true
    {LAST_TOUCH}
    {OVERRIDE}
    WHERE e.decided_on <= %(day)s::date + {HORIZON_DAYS}
    ORDER BY e.id
"""


# Customers as their list shows them; what is not known comes last in every order.
LISTED_COLUMNS = (
    "sort_name", "owner_id", "segment", "stage", "arr", "arr_rank", "band", "score", "score_rank",
    "change_sentence", "open_tickets", "open_handoffs", "last_touch_at",
)  # fmt: skip
# the queue asks the renewal owner, the list the customer's
OWNER_FIRST = OWNER.replace("ar.key = 'owner'", "ar.key <> 'owner'")
LISTED = f"""
    SELECT e.customer_id, e.sort_name, o.user_id, coalesce(p.segment, 'unknown'),
           coalesce(p.stage, 'discovered'), m.arr, coalesce(m.arr, -1),
           coalesce(v.band, h.band, 'unknown'), h.score, coalesce(h.score, 101),
           left(coalesce(h.change->>'sentence', ''), 300),
           (SELECT count(*) FROM tickets_ticket i
            WHERE i.customer_id = e.customer_id AND i.retired_at IS NULL
              AND i.status = ANY(%(unsolved)s)),
           {OPEN_HANDOFFS}, t.occurred_at, now()
    FROM (SELECT c.id AS customer_id, c.sort_name FROM accounts_customer c
          WHERE c.retired_at IS NULL AND (%(customer_ids)s::bigint[] IS NULL
                                          OR c.id = ANY(%(customer_ids)s::bigint[]))) e
    LEFT JOIN accounts_customerprofile p ON p.customer_id = e.customer_id AND p.during @> %(at)s
    LEFT JOIN insights_currenthealth h ON h.customer_id = e.customer_id
    CROSS JOIN LATERAL (
        SELECT {ARR} AS arr FROM accounts_contract k
        LEFT JOIN accounts_contractline l ON l.contract_id = k.id
        LEFT JOIN rates x ON x.currency = k.currency
        WHERE k.customer_id = e.customer_id AND k.retired_at IS NULL AND k.starts_on <= %(day)s
          AND (k.ends_on IS NULL OR k.ends_on >= %(day)s)) m
    {OWNER_FIRST}
    {LAST_TOUCH}
    {OVERRIDE}
    ORDER BY e.customer_id
"""

OUTLOOK, QUEUE = "insights_renewaloutlook", "insights_queuedrenewal"
LISTING = "insights_listedcustomer"


def _upsert(table: str, *, key: str, columns: tuple[str, ...], source: str) -> str:
    """Write rows that begin with their key; those that say nothing new are left alone."""
    names = ", ".join(columns)
    new = ", ".join(f"excluded.{name}" for name in columns)
    old = ", ".join(f"{table}.{name}" for name in columns)
    return f"""
        INSERT INTO {table} ({key}, {names}, computed_at) {source}
        ON CONFLICT ({key}) DO UPDATE
        SET ({names}, computed_at) = ROW({new}, excluded.computed_at)
        WHERE ({old}) IS DISTINCT FROM ({new})
    """


OUTLOOK_ROWS = _upsert(OUTLOOK, key="renewal_id", columns=OUTLOOK_COLUMNS, source=OUTLOOKS)
QUEUE_ROWS = _upsert(QUEUE, key="renewal_id", columns=QUEUE_COLUMNS, source=QUEUED)
LISTING_ROWS = _upsert(LISTING, key="customer_id", columns=LISTED_COLUMNS, source=LISTED)
# Outlook of every open renewal, and the queue of those inside the horizon, in one statement.
REFRESH = f"""
    WITH rates AS MATERIALIZED ({RATES}), chosen AS MATERIALIZED ({CHOSEN}),
         known AS ({KNOWN}), likely AS ({LIKELY}), expected AS MATERIALIZED ({EXPECTED}),
         outlooks AS ({OUTLOOK_ROWS})
    {QUEUE_ROWS}
"""
LIST = f"WITH rates AS ({RATES}) {LISTING_ROWS}"
FORGET_RETIRED = f"""
    DELETE FROM {LISTING} q USING accounts_customer c
    WHERE c.id = q.customer_id AND c.retired_at IS NOT NULL
      AND (%(customer_ids)s::bigint[] IS NULL OR q.customer_id = ANY(%(customer_ids)s::bigint[]))
"""
FORGET_GONE = f"""
    DELETE FROM {QUEUE} q
    WHERE (%(customer_ids)s::bigint[] IS NULL OR q.customer_id = ANY(%(customer_ids)s::bigint[]))
      AND NOT EXISTS (
          SELECT FROM ({CHOSEN}) r
          LEFT JOIN accounts_renewalcontract rk ON rk.renewal_id = r.id
          LEFT JOIN accounts_contract k ON k.id = rk.contract_id AND k.retired_at IS NULL
          WHERE r.id = q.renewal_id
            AND least(r.decision_point_on, k.notice_received_on)
                <= %(day)s::date + {HORIZON_DAYS})
"""
