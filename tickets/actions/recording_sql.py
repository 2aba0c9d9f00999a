"""The statements that record a section of staged events as one set.

`section_event` holds the section's rows, `section_ticket` one row per ticket they speak of. New
events come before their new tickets (foreign keys are checked at the end of the transaction), so
that a ticket is written once, as the projection of its events.
"""

from tickets.models import TicketStatus
from tickets.queries.projection import projected_tickets_sql

DONE = f"('{TicketStatus.SOLVED}', '{TicketStatus.CLOSED}')"

ORDER = "occurred_at, sequence, line"

FORGET = "DROP TABLE IF EXISTS section_event, section_ticket"
LAST_TICKET = """
    SELECT ticket FROM tickets_stagedevent WHERE batch_id = %(batch)s
    ORDER BY ticket OFFSET %(rows)s LIMIT 1
"""
MAKE = "CREATE TEMP TABLE section_event (LIKE tickets_stagedevent) ON COMMIT DROP"
TAKE = """
    WITH taken AS (
        DELETE FROM tickets_stagedevent
        WHERE batch_id = %(batch)s AND (%(last)s::text IS NULL OR ticket <= %(last)s)
        RETURNING *)
    INSERT INTO section_event SELECT * FROM taken
"""
SHIFT = """
    UPDATE section_event
    SET occurred_at = occurred_at + %(weeks)s * interval '168 hours',
        opened_at = opened_at + %(weeks)s * interval '168 hours'
"""
COUNT = "ANALYZE section_event"
NAMED = """
    SELECT array_agg(DISTINCT customer) FILTER (WHERE customer <> ''),
           array_agg(DISTINCT contact) FILTER (WHERE contact <> ''),
           array_agg(DISTINCT team) FILTER (WHERE team <> '')
    FROM section_event
"""
TICKETS = """
    CREATE TEMP TABLE section_ticket ON COMMIT DROP AS
    WITH said AS (
        SELECT ticket,
               coalesce(min(opened_at), min(occurred_at)) AS opened_at,
               max(occurred_at) AS last_said_at,
               array_agg(customer ORDER BY occurred_at DESC, sequence DESC, line DESC)
                   FILTER (WHERE customer <> '') AS customers,
               array_agg(contact ORDER BY occurred_at DESC, sequence DESC, line DESC)
                   FILTER (WHERE contact <> '') AS contacts,
               array_agg(subject ORDER BY occurred_at DESC, sequence DESC, line DESC)
                   FILTER (WHERE subject <> '') AS subjects,
               max(channel) AS channel, max(ticket_kind) AS kind, max(url) AS url
        FROM section_event GROUP BY ticket)
    SELECT coalesce(t.id, nextval(pg_get_serial_sequence('tickets_ticket', 'id'))) AS id,
           t.id IS NULL AS is_new,
           t.retired_at IS NOT NULL AND b.withdrawn_at IS NOT NULL AS is_back,
           coalesce(said.last_said_at >= t.last_event_at, true) AS is_newest,
           said.ticket AS external_id, said.opened_at, NULL::timestamptz AS retired_at,
           customer.id AS customer_id, contact.id AS contact_id,
           t.customer_id AS old_customer_id,
           CASE WHEN b.withdrawn_at IS NULL THEN t.status END AS old_status,
           coalesce(said.subjects[1], '') AS subject,
           said.channel, said.kind, 'human' AS handling_mode, said.url
    FROM said
    LEFT JOIN tickets_ticket t ON t.source = %(source)s AND t.external_id = said.ticket
    LEFT JOIN imports_importbatch b ON b.id = t.batch_id
    LEFT JOIN unnest(%(customers)s::text[], %(customer_ids)s::bigint[]) AS customer (name, id)
           ON customer.name = said.customers[1]
    LEFT JOIN unnest(%(contacts)s::text[], %(contact_ids)s::bigint[]) AS contact (name, id)
           ON contact.name = said.contacts[1]
"""
# The projection groups by the ticket's key.
TICKETS_KEY = "ALTER TABLE section_ticket ADD PRIMARY KEY (id)"
EVENTS = f"""
    WITH fresh AS (
        SELECT DISTINCT ON (e.ticket, e.key)
               e.*, t.id AS ticket_id, t.is_new OR t.is_back AS is_new, t.old_status,
               team.id AS team_id
        FROM section_event e
        JOIN section_ticket t ON t.external_id = e.ticket
        LEFT JOIN unnest(%(teams)s::text[], %(team_ids)s::bigint[]) AS team (name, id)
               ON team.name = e.team
        LEFT JOIN LATERAL (
            SELECT true AS found FROM tickets_ticketevent same
            LEFT JOIN imports_importbatch b ON b.id = same.batch_id
            WHERE NOT t.is_new AND same.ticket_id = t.id AND same.key = e.key
              AND b.withdrawn_at IS NULL
            LIMIT 1) known ON true
        WHERE known.found IS NULL
        ORDER BY e.ticket, e.key, e.line),
    placed AS (
        SELECT *,
               is_new AND row_number() OVER (PARTITION BY ticket_id ORDER BY {ORDER}) = 1
                   AS is_first,
               coalesce(
                   lag(status) OVER (PARTITION BY ticket_id, status = '' ORDER BY {ORDER}),
                   old_status, '') AS before
        FROM fresh),
    recorded AS (
        INSERT INTO tickets_ticketevent
               (ticket_id, kind, key, sequence, status, source_status, priority, team_id,
                assignee_label, is_blocked, reopen_count, reassignment_count, by_label,
                occurred_at, recorded_at, batch_id)
        SELECT ticket_id,
               CASE WHEN is_first THEN 'opened'
                    WHEN status = '{TicketStatus.SOLVED}' THEN 'solved'
                    WHEN status = '{TicketStatus.CLOSED}' THEN 'closed'
                    WHEN status <> '' AND before IN {DONE} THEN 'reopened'
                    ELSE 'changed' END,
               key, sequence, status, source_status, priority, team_id,
               assignee_label, is_blocked, reopen_count, reassignment_count, by_label,
               occurred_at, CASE WHEN %(is_event_log)s THEN occurred_at ELSE %(at)s END, %(batch)s
        FROM placed ORDER BY line
        RETURNING ticket_id)
    SELECT count(*), array_agg(DISTINCT s.id), array_agg(DISTINCT s.id) FILTER (WHERE NOT s.is_new)
    FROM recorded JOIN section_ticket s ON s.id = recorded.ticket_id
"""  # noqa: S608 - names of our own
NEW_TICKETS = f"""
    INSERT INTO tickets_ticket
           (id, number, customer_id, contact_id, team_id, subject, channel, kind, priority, status,
            source_status, handling_mode, is_blocked, assignee_label, learning, exempt_reason,
            learning_due_at, labels_answered, opened_at, first_response_at, first_solved_at,
            last_solved_at, closed_at, reopen_count, reassignment_count, last_event_at, source,
            external_id, url, batch_id, version)
    SELECT s.id, s.external_id, s.customer_id, s.contact_id, p.team_id, s.subject, s.channel,
           s.kind, p.priority, p.status, p.source_status, s.handling_mode, p.is_blocked,
           p.assignee_label, 'due', '',
           CASE WHEN p.status IN {DONE} THEN coalesce(d.due_at, %(due_at)s) END,
           0, s.opened_at, p.first_response_at, p.first_solved_at, p.last_solved_at, p.closed_at,
           p.reopen_count, p.reassignment_count, p.last_event_at, %(source)s, s.external_id, s.url,
           %(batch)s, 1
    FROM section_ticket s
    JOIN ({projected_tickets_sql(scope="t.is_new", tickets="section_ticket")}) p ON p.id = s.id
    LEFT JOIN unnest(%(due_teams)s::bigint[], %(due_ats)s::timestamptz[]) AS d (team_id, due_at)
           ON d.team_id = p.team_id
"""  # noqa: S608 - names of our own
KNOWN_TICKETS = """
    UPDATE tickets_ticket t
    SET customer_id = coalesce(s.customer_id, t.customer_id),
        contact_id = coalesce(s.contact_id, t.contact_id),
        subject = coalesce(nullif(s.subject, ''), t.subject),
        opened_at = CASE WHEN s.is_back THEN s.opened_at ELSE t.opened_at END,
        retired_at = CASE WHEN NOT s.is_back THEN t.retired_at END,
        batch_id = CASE WHEN s.is_back THEN %(batch)s ELSE t.batch_id END,
        version = t.version + 1
    FROM section_ticket s
    WHERE s.id = t.id AND (s.is_newest OR s.is_back)
      AND (s.is_back OR coalesce(s.customer_id, t.customer_id) IS DISTINCT FROM t.customer_id
           OR coalesce(s.contact_id, t.contact_id) IS DISTINCT FROM t.contact_id
           OR coalesce(nullif(s.subject, ''), t.subject) <> t.subject)
    RETURNING t.id
"""
LEARNING_DUE = f"""
    UPDATE tickets_ticket t
    SET learning_due_at = coalesce(d.due_at, %(due_at)s), version = t.version + 1
    FROM tickets_ticket same
    LEFT JOIN unnest(%(due_teams)s::bigint[], %(due_ats)s::timestamptz[]) AS d (team_id, due_at)
           ON d.team_id = same.team_id
    WHERE same.id = t.id AND t.id = ANY(%(ids)s) AND t.learning = 'due'
      AND t.learning_due_at IS NULL AND t.status IN {DONE}
"""  # noqa: S608 - names of our own
LINKS = """
    INSERT INTO accounts_customercontact (customer_id, contact_id, role)
    SELECT DISTINCT customer_id, contact_id, 'other' FROM section_ticket
    WHERE customer_id IS NOT NULL AND contact_id IS NOT NULL
    ON CONFLICT (customer_id, contact_id) DO NOTHING
"""
CHANGED_CUSTOMERS = """
    INSERT INTO accounts_customerchange (customer_id)
    SELECT DISTINCT c.id
    FROM section_ticket s, unnest(ARRAY[s.customer_id, s.old_customer_id]) AS c (id)
    WHERE s.id = ANY(%(ids)s) AND c.id IS NOT NULL
"""
COUNT_TICKETS = """
    SELECT count(*) FILTER (WHERE is_new OR is_back),
           count(*) FILTER (WHERE NOT is_new AND NOT is_back AND id = ANY(%(ids)s)),
           count(*)
    FROM section_ticket
"""
