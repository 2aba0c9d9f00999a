"""A ticket's five answers by hand: one statement for all the rows, under the same triggers."""

from bench.floor_tickets import VISIBLE

# The setting is read by the triggers, which run when all of the statement is done.
ANSWER = f"""
    WITH opened AS (
        INSERT INTO audit_eventgroup (action, actor_id, actor_label, object_table, object_id,
                                      reason, request_id, body_hash, operation_id)
        VALUES ('answer_dimensions', %(user)s, %(name)s, 'tickets_ticket', %(pk)s, '',
                %(request)s, %(body)s, %(operation)s)
        RETURNING id, set_config('supportsuccess.audit_group', id::text, true)),
    ticket AS (
        UPDATE tickets_ticket t
        SET learning = 'answered', labels_answered = 5, version = version + 1
        FROM opened
        WHERE t.id = %(pk)s AND t.learning = 'due' AND {VISIBLE}
        RETURNING t.id, t.customer_id, opened.id AS group_id),
    answered AS (
        INSERT INTO tickets_labeling (ticket_id, dimension, value_id, by_id, origin,
                                      taxonomy_version_id, audit_group, occurred_at, recorded_at)
        SELECT ticket.id, v.dimension, v.id, %(user)s, 'person',
               (SELECT id FROM tickets_taxonomyversion ORDER BY number DESC LIMIT 1),
               ticket.group_id, now(), now()
        FROM ticket, tickets_labelvalue v WHERE v.id = ANY (%(values)s) AND v.is_active),
    marked AS (
        INSERT INTO accounts_customerchange (customer_id) SELECT customer_id FROM ticket)
    SELECT group_id FROM ticket"""  # noqa: S608 - constants of ours; what is asked is a parameter
