from django.conf import settings
from django.db import migrations

# Triggers on other apps' tables may be created before these functions: their bodies are
# resolved when they first run.
CREATE_FUNCTIONS = """
CREATE FUNCTION audit_current_group() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    group_id text := current_setting('supportsuccess.audit_group', true);
BEGIN
    IF coalesce(group_id, '') = '' THEN
        RAISE EXCEPTION 'change outside an action' USING ERRCODE = 'SS001',
            HINT = 'Change rows through an action; its first line opens audit.group(...).';
    END IF;
    RETURN group_id::bigint;
END $$;

-- Simple enough to be inlined into the trigger's own statement, which halves its time.
CREATE FUNCTION audit_difference(
    old_image jsonb, new_image jsonb, personal text[], OUT before jsonb, OUT after jsonb
) RETURNS SETOF record LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_object_agg(key, CASE WHEN key = ANY (personal) THEN '{"personal": true}' ELSE value END),
           jsonb_object_agg(key, CASE WHEN key = ANY (personal) THEN '{"personal": true}' ELSE new_image -> key END)
    FROM jsonb_each(old_image)
    WHERE value IS DISTINCT FROM new_image -> key
$$;

CREATE FUNCTION audit_refuse_delete(table_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never deleted', table_name USING ERRCODE = 'SS002',
        HINT = 'Add a row that supersedes it, or withdraw its import.';
END $$;

CREATE FUNCTION audit_refuse_unless_redacting(table_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('supportsuccess.redacting', true), '') <> 'on' THEN
        RAISE EXCEPTION 'rows of % are never changed', table_name USING ERRCODE = 'SS002',
            HINT = 'Add a row that supersedes it, or withdraw its import.';
    END IF;
END $$;
"""
DROP_FUNCTIONS = """
DROP FUNCTION audit_refuse_unless_redacting(text);
DROP FUNCTION audit_refuse_delete(text);
DROP FUNCTION audit_difference(jsonb, jsonb, text[]);
DROP FUNCTION audit_current_group();
"""
RECORD_TABLES = "audit_eventgroup, audit_change"


def withhold_changing(apps, schema_editor):
    """The role of the application adds to the record and reads it, nothing else."""
    if role := _app_role(schema_editor.connection):
        schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {RECORD_TABLES} FROM {role}")


def allow_changing(apps, schema_editor):
    if role := _app_role(schema_editor.connection):
        schema_editor.execute(f"GRANT UPDATE, DELETE ON {RECORD_TABLES} TO {role}")


def _app_role(connection):
    role = settings.DATABASES["default"].get("USER")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(rolname) FROM pg_roles WHERE rolname = %s AND rolname <> current_user",
            [role],
        )
        found = cursor.fetchone()
    return found and found[0]


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_groups")]

    # that migration updates the people's table, whose triggers need these functions
    run_before = [("account", "0006_emailaddress_lower")]
    operations = [
        migrations.RunSQL(CREATE_FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunPython(withhold_changing, allow_changing),
    ]
