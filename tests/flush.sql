-- How a test that commits is undone: delete what it wrote, put back what the migrations had written.
-- Run in the template by a role that may set session_replication_role, so that no trigger refuses
-- it; the app role may call it, and it runs in the test's own connection.
CREATE SCHEMA test_baseline;

-- Rows that migrations wrote, kept aside.
DO $$
DECLARE
    found record;
    filled boolean;
BEGIN
    FOR found IN
        SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'django_migrations'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', found.tablename) INTO filled;
        IF filled THEN
            EXECUTE format(
                'CREATE TABLE test_baseline.%1$I AS TABLE public.%1$I', found.tablename
            );
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION test_baseline.flush() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET session_replication_role = replica
SET search_path = pg_catalog
AS $$
DECLARE
    found record;
    filled boolean;
    columns text;
BEGIN
    FOR found IN
        SELECT here.tablename, kept.tablename IS NOT NULL AS was_filled
        FROM pg_tables here
        LEFT JOIN pg_tables kept
            ON kept.schemaname = 'test_baseline' AND kept.tablename = here.tablename
        WHERE here.schemaname = 'public' AND here.tablename <> 'django_migrations'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', found.tablename) INTO filled;
        IF filled THEN
            EXECUTE format('DELETE FROM public.%I', found.tablename);
        END IF;
        IF found.was_filled THEN
            SELECT string_agg(quote_ident(attname), ', ') INTO columns
            FROM pg_attribute
            WHERE attrelid = format('public.%I', found.tablename)::regclass
                AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
            EXECUTE format(
                'INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE '
                'SELECT %2$s FROM test_baseline.%1$I', found.tablename, columns
            );
        END IF;
    END LOOP;
END $$;

GRANT USAGE ON SCHEMA test_baseline TO PUBLIC;
