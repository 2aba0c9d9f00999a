"""Importing a ticket log, beside a COPY of the rows that it makes.

The floor is given those rows as CSV that is ready: nothing to read, to check, to find again or to
project. It writes them into the same tables, in one audit group, under the same triggers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from bench.figures import Figure, beside
from bench.incident_log import incident_log
from bench.visits import BY, BadAnswer
from supportsuccess import audit, outbox
from supportsuccess.imports.actions import check_import, run_import, upload_file
from supportsuccess.imports.models import BatchState
from supportsuccess.outbox import jobs

if TYPE_CHECKING:
    from supportsuccess.imports.models import ImportBatch

ROWS = 50_000
ROUNDS = 2
# What an import of a ticket log writes, in an order that foreign keys allow.
TABLES = (
    "accounts_businesscalendar",
    "accounts_source",
    "accounts_team",
    "accounts_customer",
    "accounts_customerprofile",
    "accounts_assignment",
    "accounts_contact",
    "accounts_customercontact",
    "tickets_ticket",
    "tickets_ticketevent",
    "accounts_customerchange",
)
COLUMNS = """
    SELECT string_agg(column_name, ', ' ORDER BY ordinal_position)
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'"""
CHECK_KEYS = "SET CONSTRAINTS ALL IMMEDIATE"


def figures() -> Iterator[Figure]:
    log = incident_log(rows=ROWS)
    with _rolled_back():
        kept = _uploaded(log)
        ready = _ready_csv(log, batch_id=kept.pk)
        checked = _checked(log)
        copied = partial(_copy, ready)
        yield beside(
            f"import {ROWS:,} rows, whole",
            partial(_import, log),
            copied,
            must=2,
            aim=1.43,
            rounds=ROUNDS,
        )
        yield beside(
            f"import {ROWS:,} rows, checked",
            partial(_run, checked),
            copied,
            must=2,
            aim=1.43,
            rounds=ROUNDS,
        )


def _import(log: bytes) -> None:
    with _rolled_back():
        _recorded(_checked(log))


def _run(batch: ImportBatch) -> None:
    with _rolled_back():
        _recorded(batch)


def _copy(ready: dict[str, bytes]) -> None:
    with _rolled_back(), audit.group("bench_import", by=BY), connection.cursor() as cursor:
        for target, rows in ready.items():
            with cursor.copy(f"COPY {target} FROM STDIN (FORMAT csv)") as copy:
                copy.write(rows)


def _uploaded(log: bytes) -> ImportBatch:
    return upload_file([log], file_name="incidents.csv", format="servicenow", options={}, by=BY)


def _checked(log: bytes) -> ImportBatch:
    batch = _uploaded(log)
    jobs.run_here(check_import(batch, by=BY, queue=outbox.HERE))
    batch.refresh_from_db()
    return batch


def _recorded(batch: ImportBatch) -> None:
    """Run a checked file. Raises BadAnswer when it was not imported."""
    jobs.run_here(run_import(batch, by=BY, at=timezone.now(), queue=outbox.HERE))
    batch.refresh_from_db()
    if batch.state != BatchState.DONE:
        raise BadAnswer(f"the import ended as {batch.state}")


def _ready_csv(log: bytes, *, batch_id: int) -> dict[str, bytes]:
    """The rows that an import makes, by table and columns, as of another file."""
    with _rolled_back(), connection.cursor() as cursor:
        before = {table: _newest(table) for table in TABLES}
        _recorded(_checked(log))
        ready = {}
        for table, newest in before.items():
            cursor.execute(COLUMNS, [table])
            [columns] = cursor.fetchone()
            wanted = columns.replace("batch_id", str(batch_id))
            made = f"SELECT {wanted} FROM {table} WHERE id > {newest} ORDER BY id"  # noqa: S608 - our own names
            with cursor.copy(f"COPY ({made}) TO STDOUT (FORMAT csv)") as copy:
                ready[f"{table} ({columns})"] = b"".join(map(bytes, copy))
    return ready


def _newest(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 - our own names
        return int(cursor.fetchone()[0])


@contextmanager
def _rolled_back() -> Iterator[None]:
    """Undo what happens inside, its foreign keys checked first, as a commit would."""
    with transaction.atomic():
        yield
        with connection.cursor() as cursor:
            cursor.execute(CHECK_KEYS)
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        transaction.set_rollback(True)
