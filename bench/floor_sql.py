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
    ORDER BY q.priority DESC, q.renewal_id DESC"""  # noqa: S608 - constants of ours; what is asked is a parameter
LISTED = SEEN.format("l.customer_id")
CUSTOMERS = f"""
    SELECT l.customer_id, c.name, l.sort_name, u.name, l.segment, l.stage, l.arr, l.band, l.score,
           l.change_sentence, l.open_tickets, l.open_handoffs, l.last_touch_at,
           (SELECT count(*) FROM (SELECT FROM insights_listedcustomer l WHERE {LISTED}
                                  LIMIT 10001) counted)
    FROM (SELECT * FROM insights_listedcustomer l WHERE {LISTED}
          ORDER BY l.sort_name, l.customer_id LIMIT 51) l
    JOIN accounts_customer c ON c.id = l.customer_id
    LEFT JOIN accounts_user u ON u.id = l.owner_id
    ORDER BY l.sort_name, l.customer_id"""  # noqa: S608 - constants of ours; what is asked is a parameter
FIELDS = """id, number, customer_id AS customer, contact_id AS contact, team_id AS team, subject,
    channel, kind, priority, status, source_status, handling_mode, is_blocked, learning,
    exempt_reason, learning_due_at, labels_answered, opened_at, first_response_at, first_solved_at,
    last_solved_at, closed_at, reopen_count, reassignment_count, source, external_id, url,
    version"""
TICKETS = f"""
    SELECT json_build_object('next', min(opened_at), 'results', json_agg(page))::text
    FROM (SELECT {FIELDS} FROM tickets_ticket t
          WHERE t.retired_at IS NULL AND {SEEN.format("t.customer_id")}
          ORDER BY t.opened_at DESC, t.id DESC LIMIT 50) page"""  # noqa: S608 - constants of ours; what is asked is a parameter
