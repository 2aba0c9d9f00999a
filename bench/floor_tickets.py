"""Tickets by hand: lists with their counts, a search for words, a file, and one ticket's page."""

from bench.floor_sql import SEEN

VISIBLE = f"t.retired_at IS NULL AND {SEEN.format('t.customer_id')}"
NEWEST_FIRST = "ORDER BY t.opened_at DESC, t.id DESC"
COLUMNS = """
    t.id, t.number, t.subject, t.customer_id, c.name AS customer_name, t.channel, t.kind,
    t.priority, t.is_blocked, t.opened_at, t.labels_answered, t.learning_due_at,
    r.decision_point_on AS decision_on, coalesce(o.user_name, o.pool_name) AS owner_name,
    h.state AS handoff_state"""
# What a row says beyond its ticket.
BESIDE = """
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
        ORDER BY f.offered_at DESC LIMIT 1) h ON true"""


def _page(*, chosen: str, found: str = "tickets_ticket") -> str:
    """51 tickets, and how many there are up to 10,001."""
    return f"""
        SELECT {COLUMNS},
               (SELECT count(*) FROM (SELECT FROM {found} t WHERE {chosen} LIMIT 10001) counted)
        FROM (SELECT * FROM {found} t WHERE {chosen} {NEWEST_FIRST} LIMIT 51) t
        {BESIDE} {NEWEST_FIRST}"""  # noqa: S608 - constants of ours; what is asked is a parameter


INBOX = _page(chosen=f"t.learning = 'due' AND {VISIBLE}")
FILTERED = _page(chosen=f"t.priority = 'high' AND t.status = 'open' AND {VISIBLE}")
NAMED = """
    SELECT n.id FROM accounts_customer n
    WHERE upper(n.name) LIKE %(have)s OR upper(n.name) %%> %(text)s
       OR upper(n.name) LIKE ANY (%(turned)s) LIMIT 1000"""
WRITTEN = "SELECT w.ticket_id FROM written w"
SAID = """written AS MATERIALIZED (
    SELECT m.ticket_id FROM tickets_message m
    WHERE m.search @@ to_tsquery('simple', %(words)s))"""
HAS = "t.search @@ to_tsquery('simple', %(words)s)"
# Of a common word the newest are walked; the few tickets of a rare one are gathered first.
COMMON = f"WITH {SAID} " + _page(
    chosen=f"""({HAS} OR t.customer_id = ANY (ARRAY({NAMED})) OR t.id = ANY (ARRAY({WRITTEN})))
               AND {VISIBLE}"""
)
GATHERED = f"""
    WITH {SAID}, found AS MATERIALIZED (
        SELECT t.* FROM tickets_ticket t WHERE {HAS}
        UNION SELECT t.* FROM tickets_ticket t WHERE t.customer_id IN ({NAMED})
        UNION SELECT t.* FROM tickets_ticket t WHERE t.id IN ({WRITTEN}))"""  # noqa: S608 - constants of ours; what is asked is a parameter
RARE = GATHERED + _page(chosen=VISIBLE, found="found")
EXPORTED = f"""
    SELECT {COLUMNS} FROM tickets_ticket t {BESIDE}
    WHERE t.learning = 'exempt' AND {VISIBLE} {NEWEST_FIRST}"""  # noqa: S608 - constants of ours; what is asked is a parameter
HEAD = f"""
    SELECT json_build_object(
        'ticket', to_jsonb(t) - 'search', 'customer', c.name, 'contact', n.name, 'team', m.name,
        'assignee', u.name,
        'decision_on', (SELECT min(decision_point_on) FROM accounts_renewal r
                        WHERE r.customer_id = t.customer_id
                          AND r.state IN ('upcoming', 'in_review', 'committed', 'at_risk')),
        'owner', (SELECT row_to_json(o) FROM (
            SELECT a.cause, a.during, u.name, p.name AS pool, l.name AS lead,
                   EXISTS (SELECT FROM accounts_availability WHERE during @> now()) AS away
            FROM accounts_assignment a
            LEFT JOIN accounts_user u ON u.id = a.holder_user_id
            LEFT JOIN accounts_pool p ON p.id = a.holder_pool_id
            LEFT JOIN accounts_poollead k ON k.pool_id = p.id AND k.during @> now()
            LEFT JOIN accounts_user l ON l.id = k.user_id
            WHERE a.customer_id = t.customer_id AND a.during @> now()
              AND a.role_id = (SELECT id FROM accounts_assignmentrole WHERE key = 'owner')
            LIMIT 1) o),
        'labels', (SELECT json_agg(g) FROM (
            SELECT DISTINCT ON (g.dimension) g.dimension, v.name, v.definition, u.name AS by,
                   g.origin, g.occurred_at, g.revisit_on
            FROM tickets_labeling g JOIN tickets_labelvalue v ON v.id = g.value_id
            LEFT JOIN accounts_user u ON u.id = g.by_id
            LEFT JOIN imports_importbatch b ON b.id = g.batch_id
            WHERE g.ticket_id = t.id AND b.withdrawn_at IS NULL
            ORDER BY g.dimension, g.occurred_at DESC, g.id DESC) g),
        'handoffs', (SELECT json_agg(f) FROM (
            SELECT f.id, f.type, f.state, f.offered_at, s.name AS sender, r.name AS receiver
            FROM tickets_handoffticket h JOIN tickets_handoff f ON f.id = h.handoff_id
            JOIN accounts_user s ON s.id = f.sender_id
            LEFT JOIN accounts_user r ON r.id = f.receiver_id
            WHERE h.ticket_id = t.id ORDER BY f.offered_at DESC, f.id DESC) f)) AS head
    FROM tickets_ticket t
    LEFT JOIN accounts_customer c ON c.id = t.customer_id
    LEFT JOIN accounts_contact n ON n.id = t.contact_id
    LEFT JOIN accounts_team m ON m.id = t.team_id
    LEFT JOIN accounts_user u ON u.id = t.assignee_id
    WHERE t.id = %(pk)s AND {VISIBLE}"""  # noqa: S608 - constants of ours; what is asked is a parameter
DETAIL = f"""
    SELECT told.*, ({HEAD})
    FROM ((SELECT occurred_at, e.kind, e.status, e.source_status, e.priority, m.name,
                  assignee_label, by_label, '' AS body
           FROM tickets_ticketevent e LEFT JOIN accounts_team m ON m.id = e.team_id
           WHERE ticket_id = %(pk)s ORDER BY occurred_at DESC, sequence DESC, e.id DESC LIMIT 201)
          UNION ALL
          (SELECT occurred_at, direction, '', '', '', '', '', by_label, body
           FROM tickets_message
           WHERE ticket_id = %(pk)s ORDER BY occurred_at DESC, id DESC LIMIT 201)
          ORDER BY 1 DESC LIMIT 200) told"""  # noqa: S608 - constants of ours; what is asked is a parameter
