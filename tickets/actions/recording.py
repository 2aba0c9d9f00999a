"""Recording what happened elsewhere: staged events become tickets, a section at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models.functions import Now

from accounts.actions.discovery import (
    discover_contacts,
    discover_customers,
    discover_teams,
    usual_calendar,
)
from accounts.models import Source, Team
from accounts.queries.calendars import add_business_days, hours_of
from accounts.queries.external_ids import contacts_named, customers_named, teams_named
from supportsuccess import audit
from tickets.actions import recording_sql as sql
from tickets.queries.projection import project_tickets
from tickets.queries.staged import shift_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from accounts.models import User
    from supportsuccess.imports.models import ImportBatch

ROWS_PER_SECTION = 10_000
DAYS_TO_LEARN = 2
FIRST_SEEN = """
    SELECT customer, min(least(coalesce(opened_at, occurred_at), occurred_at))
                     + %(weeks)s * interval '168 hours'
    FROM tickets_stagedevent WHERE batch_id = %(batch)s AND customer <> '' GROUP BY customer
"""


@dataclass(frozen=True)
class Names:
    """What we call the customers, contacts and teams that a section names."""

    customers: Mapping[str, int]
    contacts: Mapping[str, int]
    teams: Mapping[str, int]

    def as_parameters(self) -> dict[str, Any]:
        return {
            "customers": list(self.customers),
            "customer_ids": list(self.customers.values()),
            "contacts": list(self.contacts),
            "contact_ids": list(self.contacts.values()),
            "teams": list(self.teams),
            "team_ids": list(self.teams.values()),
        }


@transaction.atomic
def open_source(
    batch: ImportBatch, *, key: str, name: str, is_event_log: bool, by: User | audit.System
) -> Source:
    """The source a file comes from, locked and moved in time as the file is. Raises Refused."""
    with audit.group("import_tickets", batch, by=by):
        Source.objects.get_or_create(key=key, defaults={"name": name, "is_event_log": is_event_log})
        source = lock_source(key)
        weeks = shift_of(batch, source=key)
        if weeks != source.shifted_weeks:
            source.shifted_weeks, source.version = weeks, source.version + 1
            source.save(update_fields=["shifted_weeks", "version"])
    return source


def lock_source(key: str) -> Source:
    """A source, locked until the end of the transaction.

    What is known of its tickets is read and then written, so a source has one writer at a time.
    """
    return Source.objects.select_for_update(no_key=True).get(key=key)


@transaction.atomic
def close_source(batch: ImportBatch, *, key: str, by: User | audit.System) -> None:
    """Note that a source was heard of."""
    with audit.group("import_tickets", batch, by=by):
        Source.objects.filter(key=key).update(last_received_at=Now())


@transaction.atomic
def record_customers(batch: ImportBatch, *, source: Source, by: User | audit.System) -> int:
    """Take on the customers that staged events name; how many are new."""
    with audit.group("import_tickets", batch, by=by):
        rows = _rows(FIRST_SEEN, {"batch": batch.pk, "weeks": source.shifted_weeks})
        return discover_customers(dict(rows), source=source.key, batch=batch)


@transaction.atomic
def record_section(
    batch: ImportBatch, *, source: Source, by: User | audit.System
) -> dict[str, dict[str, int]]:
    """Record the next staged tickets with all their events: counts, empty when none was left.

    It is not a transition: it passes no guard and tells nobody. `source` is locked.
    """
    with audit.group("import_tickets", batch, by=by):
        taken = _take(batch, source=source)
        return _record(batch, source=source, rows=taken) if taken else {}


def _take(batch: ImportBatch, *, source: Source) -> int:
    _execute(sql.FORGET)
    _execute(sql.MAKE)
    last = _rows(sql.LAST_TICKET, {"batch": batch.pk, "rows": ROWS_PER_SECTION - 1})
    taken = _execute(sql.TAKE, {"batch": batch.pk, "last": last[0][0] if last else None})
    if source.shifted_weeks:
        _execute(sql.SHIFT, {"weeks": source.shifted_weeks})
    _execute(sql.COUNT)
    return taken


def _record(batch: ImportBatch, *, source: Source, rows: int) -> dict[str, dict[str, int]]:
    customers, contacts, teams = (names or [] for names in _rows(sql.NAMED)[0])
    new_contacts = discover_contacts(contacts, source=source.key, batch=batch)
    discover_teams(teams, source=source.key)
    names = Names(
        customers_named(customers, source=source.key),
        contacts_named(contacts, source=source.key),
        teams_named(teams, source=source.key),
    )
    at = _clock()
    values = {
        "batch": batch.pk,
        "source": source.key,
        "is_event_log": source.is_event_log,
        "at": at,
        **names.as_parameters(),
        **_learning_due(list(names.teams.values()), at=at),
    }
    _execute(sql.TICKETS, values)
    _execute(sql.TICKETS_KEY)
    events, with_events, known = _rows(sql.EVENTS, values)[0]
    # by the clock of the rows just stored
    values |= {"as_of": (stored_at := _clock()), "known_at": stored_at}
    _execute(sql.NEW_TICKETS, values)
    changed = sorted({*(with_events or ()), *_update_known(known or [], values)})
    _execute(sql.LINKS)
    _execute(sql.CHANGED_CUSTOMERS, {"ids": changed})
    created, updated, tickets = _rows(sql.COUNT_TICKETS, {"ids": changed})[0]
    return {
        "events": {"created": events, "unchanged": rows - events},
        "tickets": {
            "created": created,
            "updated": updated,
            "unchanged": tickets - created - updated,
        },
        "contacts": {"created": new_contacts},
    }


def _update_known(with_events: Sequence[int], values: Mapping[str, Any]) -> set[int]:
    """Bring tickets known before up to date; those the section changed."""
    renamed = [pk for (pk,) in _rows(sql.KNOWN_TICKETS, values)]
    project_tickets(with_events, as_of=values["as_of"], known_at=values["known_at"])
    changed = {*with_events, *renamed}
    _execute(sql.LEARNING_DUE, {**values, "ids": list(changed)})
    return changed


def _learning_due(team_ids: Sequence[int], *, at: datetime) -> dict[str, Any]:
    """When what is solved by now has to be learned: by team, and for tickets of no team."""
    start = at.astimezone(UTC)
    calendars = {}
    due = {}
    for team in Team.objects.filter(pk__in=team_ids).select_related("calendar"):
        if team.calendar_id not in calendars:
            hours = hours_of(team.calendar)
            calendars[team.calendar_id] = add_business_days(hours, start, DAYS_TO_LEARN)
        due[team.pk] = calendars[team.calendar_id]
    usual = add_business_days(hours_of(usual_calendar()), start, DAYS_TO_LEARN)
    return {"due_teams": list(due), "due_ats": list(due.values()), "due_at": usual}


def _clock() -> datetime:
    moment: datetime = _rows("SELECT clock_timestamp()")[0][0]
    return moment


def _execute(statement: str, parameters: Mapping[str, Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def _rows(statement: str, parameters: Mapping[str, Any] | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
