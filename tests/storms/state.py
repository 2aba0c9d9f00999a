"""What the database says in the end, told so that two runs can be compared.

Ids become what they point to, moments of the run become "now", and what depends on either is left
out.
"""

import zlib
from datetime import UTC, date, datetime
from uuid import UUID

from django.apps import apps
from django.db import models
from psycopg.types.range import Range

# how often it was tried, and the answer kept for repeats, are nothing that people see
LEFT_OUT_TABLES = {"audit_operationresult", "outbox_tick", "django_session"}
LEFT_OUT_COLUMNS = {
    "accounts_user": {"password"},
    "accounts_apitoken": {"prefix", "key_hash"},
    "accounts_notification": {"path", "answer_path", "key"},
    "audit_eventgroup": {"request_id", "body_hash"},
    "insights_currenthealth": {"change"},
    "outbox_delivery": {"attempts", "lease", "leased_until", "last_error", "run_at"},
    "tickets_handoffpacket": {"content", "sha256"},
}
# columns with ids that are no foreign keys, by the table they point to
IDS = {
    ("audit_eventgroup", "actor_id"): "accounts_user",
    ("bulk_bulkrow", "row_id"): "accounts_renewal",
    ("outbox_job", "audit_group_id"): "audit_eventgroup",
}
IDS_BY_ROW = {
    ("audit_change", "row_id"): "table_name",
    ("audit_eventgroup", "object_id"): "object_table",
}
KEYS_ALONE = {
    ("audit_change", "before"),
    ("audit_change", "after"),
    ("bulk_bulkrow", "before"),
    ("bulk_bulkrow", "after"),
    ("outbox_job", "arguments"),
    ("outbox_delivery", "arguments"),
}


class Told:
    """The rows of all tables without their ids: a row that points to another says what that says.

    So it does not matter in which order the rows of one statement got their ids.
    """

    def __init__(self, *, since):
        self.since = since
        models_found = [model for model in apps.get_models() if model._meta.managed]
        self.models = {model._meta.db_table: model for model in models_found}
        self.rows = {
            # in order: where rows point in a circle, it matters where one begins
            table: {
                row[model._meta.pk.attname]: row for row in model.objects.order_by("pk").values()
            }
            for table, model in self.models.items()
        }
        self.known = {}

    def tables(self):
        return {
            table: sorted((self.row(table, pk) for pk in rows), key=repr)
            for table, rows in self.rows.items()
            if table not in LEFT_OUT_TABLES
        }

    def row(self, table, pk):
        if (table, pk) not in self.known:
            self.known[table, pk] = "itself"
            row, left_out = self.rows[table][pk], LEFT_OUT_COLUMNS.get(table, ())
            self.known[table, pk] = {
                field.attname: self.value(field, row)
                for field in self.models[table]._meta.concrete_fields
                if field.attname not in left_out and not isinstance(field, models.AutoField)
            }
        return self.known[table, pk]

    def value(self, field, row):
        value, target = row[field.attname], _target(field, row)
        if target is not None and value is not None:
            there = self.row(target, value) if value in self.rows[target] else "gone"
            return f"{target} {zlib.crc32(repr(there).encode()):08x}"
        if (field.model._meta.db_table, field.attname) in KEYS_ALONE:
            return sorted(value) if isinstance(value, dict) else value and len(value)
        return _plain(value, self.since)


def told(*, since):
    """All rows of all tables, but for ids and the moments after `since`."""
    return Told(since=since).tables()


def _target(field, row):
    table = field.model._meta.db_table
    if field.is_relation:
        return field.remote_field.model._meta.db_table
    if (table, field.attname) in IDS_BY_ROW:
        return row[IDS_BY_ROW[table, field.attname]] or None
    return IDS.get((table, field.attname))


def _plain(value, since):
    match value:
        case datetime():
            return "now" if value >= since else value.astimezone(UTC).isoformat()
        case date():
            return "today" if value >= since.date() else value.isoformat()
        case Range():
            return _plain(value.lower, since), _plain(value.upper, since)
        case UUID():
            return "uuid"
        case memoryview() | bytes():
            return len(value)
        case _:
            return value
