"""The best statement by hand for each page that is measured: one a page, all it shows in it."""

# Restricted customers that are hidden from a person, found first, as one array.
HIDDEN = """ARRAY(
    SELECT c.id FROM accounts_customer c
    WHERE c.is_restricted
      AND NOT EXISTS (SELECT FROM accounts_customeraccess x
                      WHERE x.customer_id = c.id AND x.user_id = %(user)s)
      AND NOT EXISTS (SELECT FROM accounts_assignment s
                      WHERE s.customer_id = c.id AND s.holder_user_id = %(user)s
                        AND s.during @> now()))"""
SEEN = f"({{0}} IS NULL OR {{0}} <> ALL ({HIDDEN}))"
DUE = f"""t.learning = 'due' AND t.retired_at IS NULL AND {SEEN.format("t.customer_id")}"""
INBOX = f"""
    SELECT t.id, t.number, t.subject, t.customer_id, c.name, t.channel, t.kind, t.priority,
           t.is_blocked, t.opened_at, t.labels_answered, t.learning_due_at, r.decision_point_on,
           coalesce(o.user_name, o.pool_name), h.state,
           (SELECT count(*) FROM (SELECT FROM tickets_ticket t WHERE {DUE} LIMIT 10001) counted)
    FROM (SELECT * FROM tickets_ticket t WHERE {DUE}
          ORDER BY t.opened_at DESC, t.id DESC LIMIT 51) t
    LEFT JOIN accounts_customer c ON c.id = t.customer_id
    LEFT JOIN LATERAL (
        SELECT decision_point_on FROM accounts_renewal r
        WHERE r.customer_id = t.customer_id
          AND r.state IN ('upcoming', 'in_review', 'committed', 'at_risk')
        ORDER BY decision_point_on LIMIT 1) r ON true
    LEFT JOIN LATERAL (
        SELECT u.name AS user_name, p.name AS pool_name
        FROM accounts_assignment a
        LEFT JOIN accounts_user u ON u.id = a.holder_user_id
        LEFT JOIN accounts_pool p ON p.id = a.holder_pool_id
        WHERE a.customer_id = t.customer_id AND upper(a.during) IS NULL
          AND a.role_id = (SELECT id FROM accounts_assignmentrole WHERE key = 'owner')) o ON true
    LEFT JOIN LATERAL (
        SELECT f.state FROM tickets_handoffticket ht JOIN tickets_handoff f ON f.id = ht.handoff_id
        WHERE ht.ticket_id = t.id AND f.closed_at IS NULL
        ORDER BY f.offered_at DESC LIMIT 1) h ON true
    ORDER BY t.opened_at DESC, t.id DESC"""  # noqa: S608 - texts of our own
QUEUED = f"""{SEEN.format("q.customer_id")}"""
RENEWALS = f"""
    SELECT q.renewal_id, q.customer_id, c.name, q.owner_id, u.name, q.segment, q.state, q.section,
           q.clearing, q.due_on, q.decision_point_on, q.decision_basis, q.snoozed_until,
           q.decided_at, q.arr, q.expected_loss, q.priority, q.band, q.score, q.change_sentence,
           q.open_handoffs, q.last_touch_at, r.next_step, r.next_step_on,
           (SELECT array_agg(part) FROM (
                SELECT row(section, clearing, count(*), sum(arr), sum(expected_loss)) AS part
                FROM insights_queuedrenewal q WHERE {QUEUED} GROUP BY section, clearing) parts)
    FROM (SELECT * FROM insights_queuedrenewal q
          WHERE {QUEUED} AND q.clearing = '' AND q.section <> 'locked'
          ORDER BY q.priority DESC, q.renewal_id DESC LIMIT 51) q
    JOIN accounts_customer c ON c.id = q.customer_id
    JOIN accounts_renewal r ON r.id = q.renewal_id
    LEFT JOIN accounts_user u ON u.id = q.owner_id
    ORDER BY q.priority DESC, q.renewal_id DESC"""  # noqa: S608 - texts of our own
FIELDS = """id, number, customer_id AS customer, contact_id AS contact, team_id AS team, subject,
    channel, kind, priority, status, source_status, handling_mode, is_blocked, learning,
    exempt_reason, learning_due_at, labels_answered, opened_at, first_response_at, first_solved_at,
    last_solved_at, closed_at, reopen_count, reassignment_count, source, external_id, url,
    version"""
TICKETS = f"""
    SELECT json_build_object('next', min(opened_at), 'results', json_agg(page))::text
    FROM (SELECT {FIELDS} FROM tickets_ticket t
          WHERE t.retired_at IS NULL AND {SEEN.format("t.customer_id")}
          ORDER BY t.opened_at DESC, t.id DESC LIMIT 50) page"""  # noqa: S608 - as above
