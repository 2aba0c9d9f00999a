"""One customer's events as one statement: a branch for each kind of thing that happens.

A branch gives (at, source, id, kind, who, title, body, number, ref), the newest first, and begins
after the cursor's place by itself, so that no branch reads more than a page.
"""

PLACE = "(NOT %(goes_on)s OR ({at}, '{source}', {id}) < (%(at)s, %(source)s::text, %(id)s))"
NEWEST = "ORDER BY 1 DESC, 3 DESC LIMIT %(limit)s"
# Tickets are told by the day: how many, and the newest three by name.
NAMES = """array_to_string((array_agg(coalesce(nullif(t.subject, ''), t.number)
           ORDER BY {at} DESC, t.id DESC))[1:3], E'\\n')"""
NEWEST_ID = "(array_agg(t.id ORDER BY {at} DESC, t.id DESC))[1]"


def _tickets_by_day(source: str, *, at: str, rows: str, marks: str = "''") -> str:
    values = {"at": f"max({at})", "source": source, "id": "max(t.id)"}
    return " ".join(
        (
            f"(SELECT max({at}) AS at, '{source}' AS source, max(t.id) AS id, {marks} AS kind,",
            f"'' AS who, {NAMES.format(at=at)} AS title, '' AS body, count(*)::int AS number,",
            f"{NEWEST_ID.format(at=at)} AS ref",
            f"FROM {rows} AND t.customer_id = %(customer_id)s AND t.retired_at IS NULL",
            f"GROUP BY ({at} AT TIME ZONE %(zone)s)::date",
            f"HAVING {PLACE.format(**values)} {NEWEST})",
        )
    )


def _facts(source: str, *, at: str, columns: str, rows: str) -> str:
    place = PLACE.format(at=at, source=source, id="e.id")
    return " ".join(
        (
            f"(SELECT {at} AS at, '{source}' AS source, e.id, {columns}",
            f"FROM {rows} AND {place} {NEWEST})",
        )
    )


UNDONE = """LEFT JOIN imports_importbatch b ON b.id = e.batch_id
    LEFT JOIN accounts_user u ON u.id = e.{by}
    WHERE b.withdrawn_at IS NULL"""
BRANCHES = {
    "opened": _tickets_by_day(
        "opened",
        at="t.opened_at",
        rows="tickets_ticket t WHERE true",
        marks="CASE WHEN bool_or(t.is_blocked) THEN 'blocked' ELSE '' END",
    ),
    "solved": _tickets_by_day(
        "solved",
        at="t.last_solved_at",
        rows="tickets_ticket t WHERE t.last_solved_at IS NOT NULL",
    ),
    "reopened": _tickets_by_day(
        "reopened",
        at="x.occurred_at",
        rows="tickets_ticket t JOIN tickets_ticketevent x ON x.ticket_id = t.id"
        " LEFT JOIN imports_importbatch b ON b.id = x.batch_id"
        " WHERE t.reopen_count > 0 AND x.kind = 'reopened' AND b.withdrawn_at IS NULL",
    ),
    "touch": _facts(
        "touch",
        at="e.occurred_at",
        columns="""e.kind, coalesce(u.name, ''),
            CASE WHEN %(sees_contacts)s THEN coalesce(
                (SELECT string_agg(c.name, ', ' ORDER BY c.sort_name, c.id)
                 FROM accounts_touchcontact tc JOIN accounts_contact c ON c.id = tc.contact_id
                 WHERE tc.touch_id = e.id), '') ELSE '' END,
            e.note, e.is_two_way::int, NULL::bigint""",
        rows="accounts_touch e "
        + UNDONE.format(by="by_id")
        + " AND e.customer_id = %(customer_id)s",
    ),
    "pulse": _facts(
        "pulse",
        at="e.occurred_at",
        columns="'pulse', coalesce(u.name, ''), '', e.note, e.value::int, NULL::bigint",
        rows="accounts_pulse e "
        + UNDONE.format(by="user_id")
        + " AND e.customer_id = %(customer_id)s",
    ),
    "override": _facts(
        "override",
        at="e.occurred_at",
        columns="e.band, coalesce(u.name, ''), '', e.reason, NULL::int, NULL::bigint",
        rows="accounts_healthoverride e "
        + UNDONE.format(by="by_id")
        + " AND e.customer_id = %(customer_id)s",
    ),
    "handoff": _facts(
        "handoff",
        at="e.occurred_at",
        columns="""e.kind, coalesce(u.name, ''), f.type,
            CASE WHEN e.kind = 'offered' AND e.text = '' THEN f.need ELSE e.text END,
            NULL::int, f.id""",
        rows="tickets_handoffevent e JOIN tickets_handoff f ON f.id = e.handoff_id "
        + UNDONE.format(by="by_id")
        + " AND f.customer_id = %(customer_id)s",
    ),
    "promise": _facts(
        "promise",
        at="e.occurred_at",
        columns="e.kind, coalesce(u.name, ''), p.text, e.note, NULL::int, p.handoff_id",
        rows="tickets_promiseevent e JOIN tickets_promise p ON p.id = e.promise_id "
        + UNDONE.format(by="by_id")
        + " AND p.customer_id = %(customer_id)s",
    ),
    "decision": _facts(
        "decision",
        at="e.occurred_at",
        columns="""CASE WHEN e.undoes_id IS NULL THEN e.call ELSE 'undone' END,
            coalesce(u.name, ''), e.next_step,
            coalesce(e.next_step_on::text, ''),
            NULL::int, e.renewal_id""",
        rows="accounts_renewaldecision e JOIN accounts_renewal r ON r.id = e.renewal_id"
        " LEFT JOIN accounts_user u ON u.id = e.by_id WHERE r.customer_id = %(customer_id)s",
    ),
    "closed": _facts(
        "closed",
        at="e.closed_at",
        columns="e.state, '', '', e.loss_reason, NULL::int, e.id",
        rows="accounts_renewal e WHERE e.closed_at IS NOT NULL AND e.customer_id = %(customer_id)s",
    ),
    "health": _facts(
        "health",
        # the last second that belongs to the day, whenever its score was computed
        at="((e.day + 1)::timestamp - interval '1 second') AT TIME ZONE %(zone)s",
        columns="e.band, '', e.before, '', round(e.score)::int, NULL::bigint",
        rows="(SELECT s.*, lag(s.band) OVER (ORDER BY s.day) AS before"
        " FROM insights_healthsnapshot s WHERE s.customer_id = %(customer_id)s) e"
        " WHERE e.band <> e.before",
    ),
}
