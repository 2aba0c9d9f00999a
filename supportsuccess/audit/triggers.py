"""Statement-level triggers that record who changed what, declared in a model's `Meta.triggers`."""

from collections.abc import Iterable
from typing import Any

import pgtrigger
from django.db import models
from pgtrigger import compiler

RECORD_INSERT = """
    INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, after)
    SELECT (SELECT audit_current_group()), TG_TABLE_NAME, n.id, 'insert', 1,
           to_jsonb(n) - {left_out}
    FROM new_rows n;
    RETURN NULL;
"""
RECORD_UPDATE = """
    INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before, after)
    SELECT (SELECT audit_current_group()), TG_TABLE_NAME, c.id, 'update', 1, d.before, d.after
    FROM (SELECT coalesce(n.id, o.id) AS id,
                 to_jsonb(o) - {computed} AS before, to_jsonb(n) - {computed} AS after
          FROM old_rows o FULL JOIN new_rows n ON n.id = o.id
          WHERE n IS DISTINCT FROM o OFFSET 0) c,
         audit_difference(c.before, c.after, {personal}) d;
    RETURN NULL;
"""
RECORD_DELETE = """
    INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before)
    SELECT (SELECT audit_current_group()), TG_TABLE_NAME, o.id, 'delete', 1,
           to_jsonb(o) - {left_out}
    FROM old_rows o;
    RETURN NULL;
"""
COUNT_INSERT = """
    INSERT INTO audit_change (group_id, table_name, operation, rows)
    SELECT audit_current_group(), TG_TABLE_NAME, 'insert', count(*)
    FROM new_rows HAVING count(*) > 0;
    RETURN NULL;
"""
COUNT_REDACTION = """
    PERFORM audit_refuse_unless_redacting(TG_TABLE_NAME);
    INSERT INTO audit_change (group_id, table_name, operation, rows)
    SELECT audit_current_group(), TG_TABLE_NAME, 'update', count(*)
    FROM new_rows HAVING count(*) > 0;
    RETURN NULL;
"""
REFUSE_DELETE = "PERFORM audit_refuse_delete(TG_TABLE_NAME); RETURN NULL;"


# The package gives no types for these.
OLD_ROWS = pgtrigger.Referencing(old="old_rows")  # type: ignore[no-untyped-call]  # pgtrigger has no types
NEW_ROWS = pgtrigger.Referencing(new="new_rows")  # type: ignore[no-untyped-call]  # pgtrigger has no types
BOTH_ROWS = pgtrigger.Referencing(old="old_rows", new="new_rows")  # type: ignore[no-untyped-call]  # pgtrigger has no types


class StatementTriggerSql(compiler.UpsertTriggerSql):
    """The trigger's SQL as migrations keep it; unlike the package's own it can't be ignored."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS TRIGGER AS $$
                BEGIN {func} END;
            $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE TRIGGER {pgid} AFTER {operation} ON {table} {referencing}
                FOR EACH STATEMENT EXECUTE FUNCTION {pgid}();
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class StatementTrigger(pgtrigger.Trigger):
    """One of our triggers: its body names the model's personal and computed columns."""

    level = pgtrigger.Statement
    when = pgtrigger.After

    def __init__(self, *, personal: Iterable[str] = (), **options: Any) -> None:
        super().__init__(**options)
        self.personal = tuple(personal)

    def compile(self, model: models.Model) -> compiler.Trigger:
        return compiler.Trigger(
            name=self.name,
            sql=StatementTriggerSql(
                pgid=self.get_pgid(model),
                func=self._body(model),
                table=model._meta.db_table,
                when=self.when,
                operation=self.operation,
                referencing=self.referencing or "",
            ),
        )

    def _body(self, model: models.Model) -> str:
        personal = [_column(model, name) for name in self.personal]
        computed = [str(field.column) for field in model._meta.fields if field.generated]
        filled = str(self.func).format(
            personal=_text_array(personal),
            computed=_text_array(computed),
            left_out=_text_array([*personal, *computed]),
        )
        return " ".join(filled.split())


class Unaudited(list[pgtrigger.Trigger]):
    """No triggers, on purpose."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


def recorded(*, personal: Iterable[str] = ()) -> list[pgtrigger.Trigger]:
    """Record every row change with its images; of personal columns only that they changed."""
    return [
        StatementTrigger(
            name="audit_insert",
            operation=pgtrigger.Insert,
            referencing=NEW_ROWS,
            func=RECORD_INSERT,
            personal=personal,
        ),
        StatementTrigger(
            name="audit_update",
            operation=pgtrigger.Update,
            referencing=BOTH_ROWS,
            func=RECORD_UPDATE,
            personal=personal,
        ),
        StatementTrigger(
            name="audit_delete",
            operation=pgtrigger.Delete,
            referencing=OLD_ROWS,
            func=RECORD_DELETE,
            personal=personal,
        ),
    ]


def append_only() -> list[pgtrigger.Trigger]:
    """Count inserted rows per statement; refuse every change but a redaction."""
    new, insert, update = NEW_ROWS, pgtrigger.Insert, pgtrigger.Update
    return [
        StatementTrigger(name="audit_insert", operation=insert, referencing=new, func=COUNT_INSERT),
        StatementTrigger(
            name="audit_update", operation=update, referencing=new, func=COUNT_REDACTION
        ),
        StatementTrigger(name="audit_delete", operation=pgtrigger.Delete, func=REFUSE_DELETE),
    ]


def unaudited(reason: str) -> list[pgtrigger.Trigger]:
    """Declare a technical or computed table that needs no audit, and say why."""
    return Unaudited(reason)


def _column(model: models.Model, name: str) -> str:
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} is no column of {model._meta.label}.")
    return str(field.column)


def _text_array(columns: list[str]) -> str:
    return "'{" + ",".join(columns) + "}'::text[]"
