"""A customer's page by hand: its head and its story, one statement."""

from bench.floor_sql import HIDDEN

# By the day, as the page tells them; a customer's own tickets are read once for both.
TICKET_DAYS = """
    SELECT max(moment) AS at, kind, max(id) AS id, '' AS who,
           array_to_string((array_agg(coalesce(nullif(subject, ''), number)
                            ORDER BY moment DESC, id DESC))[1:3], E'\\n') AS title,
           '' AS body, count(*)::int AS number
    FROM (SELECT t.id, t.subject, t.number, moment, kind
          FROM own t, LATERAL (VALUES (t.opened_at, 'opened'), (t.last_solved_at, 'solved'))
                      AS happened (moment, kind)
          WHERE moment IS NOT NULL
          UNION ALL
          SELECT t.id, t.subject, t.number, e.occurred_at, 'reopened'
          FROM own t JOIN tickets_ticketevent e ON e.ticket_id = t.id
          LEFT JOIN imports_importbatch b ON b.id = e.batch_id
          WHERE t.reopen_count > 0 AND e.kind = 'reopened' AND b.withdrawn_at IS NULL) x
    GROUP BY kind, (moment AT TIME ZONE 'UTC')::date"""
FACTS = """
    SELECT e.occurred_at, 'touch', e.id, coalesce(u.name, ''), e.kind, e.note, e.is_two_way::int
    FROM accounts_touch e LEFT JOIN accounts_user u ON u.id = e.by_id
    LEFT JOIN imports_importbatch b ON b.id = e.batch_id
    WHERE e.customer_id = %(pk)s AND b.withdrawn_at IS NULL
    UNION ALL
    SELECT e.occurred_at, 'pulse', e.id, coalesce(u.name, ''), '', e.note, e.value::int
    FROM accounts_pulse e LEFT JOIN accounts_user u ON u.id = e.user_id
    WHERE e.customer_id = %(pk)s
    UNION ALL
    SELECT e.occurred_at, 'override', e.id, coalesce(u.name, ''), e.band, e.reason, NULL
    FROM accounts_healthoverride e LEFT JOIN accounts_user u ON u.id = e.by_id
    WHERE e.customer_id = %(pk)s
    UNION ALL
    SELECT e.occurred_at, 'handoff', e.id, coalesce(u.name, ''), f.type, e.text, NULL
    FROM tickets_handoffevent e JOIN tickets_handoff f ON f.id = e.handoff_id
    LEFT JOIN accounts_user u ON u.id = e.by_id WHERE f.customer_id = %(pk)s
    UNION ALL
    SELECT e.occurred_at, 'promise', e.id, coalesce(u.name, ''), p.text, e.note, NULL
    FROM tickets_promiseevent e JOIN tickets_promise p ON p.id = e.promise_id
    LEFT JOIN accounts_user u ON u.id = e.by_id WHERE p.customer_id = %(pk)s
    UNION ALL
    SELECT e.occurred_at, 'decision', e.id, coalesce(u.name, ''), e.call, e.next_step, NULL
    FROM accounts_renewaldecision e JOIN accounts_renewal r ON r.id = e.renewal_id
    LEFT JOIN accounts_user u ON u.id = e.by_id WHERE r.customer_id = %(pk)s
    UNION ALL
    SELECT e.closed_at, 'closed', e.id, '', e.state, e.loss_reason, NULL
    FROM accounts_renewal e WHERE e.closed_at IS NOT NULL AND e.customer_id = %(pk)s
    UNION ALL
    SELECT known_at, 'health', id, '', band, before, round(score)::int
    FROM (SELECT s.*, lag(s.band) OVER (ORDER BY s.day) AS before
          FROM insights_healthsnapshot s WHERE s.customer_id = %(pk)s) s
    WHERE band <> before"""
HEAD = """
    SELECT json_build_object(
        'customer', row_to_json(c), 'listed', row_to_json(l), 'profile', row_to_json(p),
        'scores', (SELECT json_agg(score) FROM (
            SELECT score FROM insights_healthsnapshot WHERE customer_id = c.id
            ORDER BY day DESC LIMIT 16) s),
        'renewal', (SELECT row_to_json(r) FROM (
            SELECT id, due_on, decision_point_on, state, next_step, next_step_on
            FROM accounts_renewal WHERE customer_id = c.id
              AND state IN ('upcoming', 'in_review', 'committed', 'at_risk')
            ORDER BY decision_point_on, id LIMIT 1) r),
        'override', (SELECT row_to_json(h) FROM (
            SELECT band, reason, u.name, expires_at FROM accounts_healthoverride o
            JOIN accounts_user u ON u.id = o.by_id
            WHERE o.customer_id = c.id AND o.expires_at > now()
            ORDER BY o.occurred_at DESC LIMIT 1) h),
        'contacts', (SELECT json_agg(k) FROM (
            SELECT k.contact_id, n.name, k.role, k.left_at FROM accounts_customercontact k
            JOIN accounts_contact n ON n.id = k.contact_id
            WHERE k.customer_id = c.id AND n.retired_at IS NULL
            ORDER BY k.left_at DESC NULLS FIRST, k.role, n.sort_name LIMIT 12) k),
        'people', (SELECT json_agg(a) FROM (
            SELECT r.name AS role, coalesce(u.name, l.name) AS name, lower(a.during) AS since
            FROM accounts_assignment a JOIN accounts_assignmentrole r ON r.id = a.role_id
            LEFT JOIN accounts_user u ON u.id = a.holder_user_id
            LEFT JOIN accounts_pool l ON l.id = a.holder_pool_id
            WHERE a.customer_id = c.id AND a.during @> now() ORDER BY r.position) a),
        'away', EXISTS (SELECT FROM accounts_availability WHERE during @> now()),
        'handoffs', (SELECT json_agg(f) FROM (
            SELECT f.id, f.type, f.state, f.due_at, u.name FROM tickets_handoff f
            JOIN accounts_user u ON u.id = f.receiver_id
            WHERE f.customer_id = c.id AND f.closed_at IS NULL ORDER BY f.due_at LIMIT 8) f),
        'promises', (SELECT json_agg(m) FROM (
            SELECT m.id, m.text, m.due_on, u.name FROM tickets_promise m
            JOIN accounts_user u ON u.id = m.owner_id
            WHERE m.customer_id = c.id AND m.state = 'open' ORDER BY m.due_on LIMIT 8) m),
        'tickets', (SELECT json_agg(t) FROM (
            SELECT id, number, subject, priority, is_blocked, reopen_count, opened_at FROM own
            WHERE status IN ('new', 'open', 'pending', 'on_hold')
            ORDER BY is_blocked DESC, opened_at DESC LIMIT 8) t),
        'organisation', (SELECT row_to_json(o) FROM accounts_organisation o LIMIT 1)) AS head
    FROM accounts_customer c
    LEFT JOIN insights_listedcustomer l ON l.customer_id = c.id
    LEFT JOIN accounts_customerprofile p ON p.customer_id = c.id AND p.during @> now()"""
CUSTOMER = f"""
    WITH own AS MATERIALIZED (
        SELECT id, number, subject, priority, status, is_blocked, reopen_count, opened_at,
               last_solved_at
        FROM tickets_ticket WHERE customer_id = %(pk)s AND retired_at IS NULL)
    SELECT story.*, ({HEAD} WHERE c.id = %(pk)s AND c.id <> ALL ({HIDDEN}))
    FROM ({TICKET_DAYS} UNION ALL {FACTS} ORDER BY 1 DESC, 2 DESC, 3 DESC LIMIT 41) story
    ORDER BY 1 DESC, 2 DESC, 3 DESC"""  # noqa: S608 - constants of ours; what is asked is a parameter
