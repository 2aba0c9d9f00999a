"""Who and what a helpdesk names before we know them: customers, contacts and teams of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from psycopg.types.range import TimestamptzRange

from accounts.models import (
    BusinessCalendar,
    Contact,
    Contract,
    Customer,
    CustomerProfile,
    Stage,
    Team,
    TeamKind,
    sort_name_of,
)
from accounts.queries.external_ids import contacts_named, customers_named, teams_named

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from supportsuccess.imports.models import ImportBatch

WEEKDAYS = [[["09:00", "17:00"]]] * 5 + [[], []]
BRING_BACK = """
    UPDATE {table} r SET retired_at = NULL, batch_id = %(batch)s, version = r.version + 1
    FROM imports_importbatch b
    WHERE b.id = r.batch_id AND b.withdrawn_at IS NOT NULL AND r.retired_at IS NOT NULL
      AND r.id = ANY(%(ids)s)
    RETURNING r.id
"""


def discover_customers(
    first_seen: Mapping[str, datetime], *, source: str, batch: ImportBatch
) -> int:
    """Take on the customers a source names and we don't know, as discovered; how many are new."""
    known = customers_named(first_seen, source=source)
    back = bring_back(Customer, known.values(), batch=batch)
    customers = Customer.objects.bulk_create(
        Customer(
            name=name, sort_name=sort_name_of(name), source=source, external_id=name, batch=batch
        )
        for name in sorted(first_seen.keys() - known.keys())
    )
    CustomerProfile.objects.bulk_create(
        CustomerProfile(
            customer=customer,
            during=TimestamptzRange(first_seen[customer.external_id], None),
            stage=Stage.DISCOVERED,
        )
        for customer in customers
    )
    return len(back) + len(customers)


def discover_contacts(names: Collection[str], *, source: str, batch: ImportBatch) -> int:
    """Take on the people a source names and we don't know; how many are new."""
    known = contacts_named(names, source=source)
    back = bring_back(Contact, known.values(), batch=batch)
    contacts = Contact.objects.bulk_create(
        Contact(
            name=name, sort_name=sort_name_of(name), source=source, external_id=name, batch=batch
        )
        for name in sorted(set(names) - known.keys())
    )
    return len(back) + len(contacts)


def discover_teams(names: Collection[str], *, source: str) -> int:
    """Take on the support groups a source names, so that an inbox can filter by them."""
    missing = sorted(set(names) - teams_named(names, source=source).keys())
    if not missing:
        return 0
    calendar = usual_calendar()
    taken = set(Team.objects.filter(name__in=missing).values_list("name", flat=True))
    Team.objects.bulk_create(
        Team(
            name=f"{name} ({source})" if name in taken else name,
            kind=TeamKind.SUPPORT,
            calendar=calendar,
            source=source,
            external_id=name,
        )
        for name in missing
    )
    return len(missing)


def usual_calendar() -> BusinessCalendar:
    """The calendar of whoever has none of their own: the first one made, else weekdays 9 to 5."""
    calendar = BusinessCalendar.objects.order_by("pk").first()
    return calendar or BusinessCalendar.objects.create(
        name="Weekdays 9 to 17", timezone="UTC", weekly_hours=WEEKDAYS
    )


def bring_back(
    model: type[Customer | Contact | Contract], ids: Collection[int], *, batch: ImportBatch
) -> set[int]:
    """Undo the retirement of what a withdrawn file made, for another file names it again."""
    with connection.cursor() as cursor:
        cursor.execute(
            BRING_BACK.format(table=model._meta.db_table), {"ids": list(ids), "batch": batch.pk}
        )
        return {pk for (pk,) in cursor.fetchall()}
