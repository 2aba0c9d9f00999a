"""The palette by hand: one statement for all that it finds, a later part only when it is needed."""

from bench.floor_sql import HIDDEN

SEEN = "({0} IS NULL OR {0} <> ALL (hidden.ids))"
TICKETS = f"t.retired_at IS NULL AND {SEEN.format('t.customer_id')}"
NAMED = "n.retired_at IS NULL AND {0}"
CUSTOMERS_SEEN = NAMED.format("n.id <> ALL (hidden.ids)")
CONTACTS_SEEN = NAMED.format(
    "NOT EXISTS (SELECT FROM accounts_customercontact l"
    " WHERE l.contact_id = n.id AND l.customer_id = ANY (hidden.ids))"
)
# The names that begin so, then those that have it, then those that nearly have it.
BEST_NAMED = """(
    (SELECT n.id, n.name FROM {table} n WHERE {seen} AND n.sort_name LIKE %(begin)s
     ORDER BY n.sort_name, n.id LIMIT {size})
    UNION ALL
    (SELECT id, name FROM (
        SELECT n.id, n.name, n.sort_name FROM {table} n
        WHERE {seen} AND upper(n.name) LIKE %(have)s AND n.sort_name NOT LIKE %(begin)s
        LIMIT 200) found
     ORDER BY word_similarity(%(text)s, upper(name)) DESC, sort_name, id LIMIT {size})
    UNION ALL
    (SELECT id, name FROM (
        SELECT n.id, n.name, n.sort_name FROM {table} n
        WHERE {seen} AND (upper(n.name) %%> %(text)s OR upper(n.name) LIKE ANY (%(turned)s))
          AND n.sort_name NOT LIKE %(begin)s AND upper(n.name) NOT LIKE %(have)s
        LIMIT 200) found
     ORDER BY word_similarity(%(text)s, upper(name)) DESC, sort_name, id LIMIT {size})
    LIMIT {size})"""
CUSTOMERS = BEST_NAMED.format(table="accounts_customer", seen=CUSTOMERS_SEEN, size=20)
CONTACTS = BEST_NAMED.format(table="accounts_contact", seen=CONTACTS_SEEN, size=6)
FOUND = f"""(
    (SELECT t.id, t.number, t.subject, t.customer_id, 2 AS place FROM tickets_ticket t
     WHERE {TICKETS} AND t.search @@ words.query AND t.opened_at >= edge.at
     ORDER BY t.opened_at DESC, t.id DESC LIMIT 6)
    UNION ALL
    (SELECT t.id, t.number, t.subject, t.customer_id, 2 FROM (
        SELECT * FROM tickets_ticket t WHERE {TICKETS} AND t.search @@ words.query LIMIT 1000) t
     WHERE t.opened_at < edge.at ORDER BY t.opened_at DESC, t.id DESC LIMIT 6)
    UNION ALL
    (SELECT t.id, t.number, t.subject, t.customer_id, 3 FROM (
        SELECT DISTINCT ticket_id FROM (
            SELECT m.ticket_id FROM tickets_message m WHERE m.search @@ words.query
            ORDER BY m.id DESC LIMIT 1000) newest) m
     JOIN tickets_ticket t ON t.id = m.ticket_id
     WHERE {TICKETS} AND NOT t.search @@ words.query
     ORDER BY now() - t.opened_at, t.id DESC LIMIT 6)
    LIMIT 6)"""  # noqa: S608 - constants of ours; what is asked is a parameter
PALETTE = f"""
    WITH hidden AS MATERIALIZED (SELECT {HIDDEN} AS ids),
         words AS (SELECT to_tsquery('simple', %(words)s) AS query),
         edge AS MATERIALIZED (
             SELECT coalesce((SELECT opened_at FROM tickets_ticket
                              ORDER BY opened_at DESC, id DESC OFFSET 5000 LIMIT 1),
                             '-infinity') AS at),
         customer AS MATERIALIZED (SELECT found.* FROM hidden, LATERAL {CUSTOMERS} found)
    (SELECT 'customer', id, name, '' FROM customer LIMIT 6)
    UNION ALL
    SELECT 'ticket', found.id, found.subject, concat_ws(' · ', found.number, c.name, place)
    FROM hidden, words, edge, LATERAL {FOUND} found
    LEFT JOIN accounts_customer c ON c.id = found.customer_id
    UNION ALL
    (SELECT 'handoff', h.id, c.name, h.type || h.state FROM hidden, tickets_handoff h
     JOIN accounts_customer c ON c.id = h.customer_id
     WHERE h.customer_id IN (SELECT id FROM customer) AND {SEEN.format("h.customer_id")}
     ORDER BY h.closed_at DESC NULLS FIRST, h.id DESC LIMIT 6)
    UNION ALL
    SELECT 'person', found.id, found.name, c.name FROM hidden, LATERAL {CONTACTS} found
    JOIN accounts_customercontact l ON l.contact_id = found.id AND l.left_at IS NULL
    JOIN accounts_customer c ON c.id = l.customer_id"""  # noqa: S608 - constants of ours; what is asked is a parameter
