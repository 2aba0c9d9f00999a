"""The statements that fill the benchmark company's tables; `pg_temp.roll` is their only chance."""

TABLES = (
    *("accounts_customer", "accounts_customerprofile", "accounts_contact"),
    *("accounts_customercontact", "accounts_contract", "accounts_contractline"),
    *("accounts_renewal", "accounts_renewalcontract", "accounts_assignment", "accounts_touch"),
    *("accounts_product", "tickets_ticket", "tickets_ticketevent", "tickets_message"),
)
ANALYZE = f"ANALYZE {', '.join(TABLES)}"
# A number from 0 to 1 out of a number and a name: the same each time.
ROLL = """
    CREATE FUNCTION pg_temp.roll(number bigint, name text) RETURNS float8 LANGUAGE sql IMMUTABLE
    RETURN (hashint8extended(number, hashtext(name)) & 1048575) / 1048576.0"""
# One of 20,000 invented words: a few are everywhere, most are rare, as in any language.
WORD = """
    CREATE FUNCTION pg_temp.word(number bigint, name text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN (
        SELECT parts[1 + rank %% 20] || parts[1 + rank / 20 %% 20] || parts[1 + rank / 400 %% 50]
        FROM (SELECT (20000 * power(pg_temp.roll(number, name), 4))::int AS rank,
                     string_to_array('be,ca,di,fo,gu,ha,je,ki,lo,mu,na,pe,qui,ro,su,ta,ve,wi,xo,zu,'
                         'bar,cel,dim,fon,gul,har,jet,kin,lom,mur,nas,pel,qua,ron,sul,tam,ven,win,'
                         'xan,zur,bra,cle,dri,flo,gru,kla,pre,sti,tro,vla', ',') AS parts) r)"""
# One in a hundred is large, nine are middling; the large write much more.
MADE = """
    CREATE TEMP TABLE made ON COMMIT DROP AS
    SELECT n, seats, segment, 0::bigint AS id,
           CASE segment WHEN 'enterprise' THEN 'high' WHEN 'mid_market' THEN 'low'
                        ELSE 'pooled' END AS touch_model
    FROM generate_series(1, %(customers)s) AS n,
    LATERAL (SELECT CASE WHEN n %% 100 = 1 THEN 'enterprise' WHEN n %% 10 = 2 THEN 'mid_market'
                         ELSE 'small' END AS segment) s,
    LATERAL (SELECT (CASE segment WHEN 'enterprise' THEN 250 WHEN 'mid_market' THEN 50 ELSE 6 END
                     * (1 + 2 * pg_temp.roll(n, 'seats')))::int AS seats) w"""
CUSTOMERS = """
    INSERT INTO accounts_customer (name, sort_name, kind, timezone, is_restricted, is_fictional,
                                   source, external_id, version)
    SELECT 'Customer ' || n, 'customer ' || lpad(n::text, 9, '0'), 'customer', 'Europe/Dublin',
           false, true, 'benchmark', n::text, 1
    FROM made ORDER BY n"""
IDS = """
    UPDATE made SET id = c.id FROM accounts_customer c
    WHERE c.source = 'benchmark' AND c.external_id = made.n::text"""
INDEX = "CREATE UNIQUE INDEX ON made (n)"
COUNT = "ANALYZE made"
PROFILES = """
    INSERT INTO accounts_customerprofile (customer_id, during, seats, segment, touch_model, stage,
                                          desired_outcome, outcome_status)
    SELECT id, tstzrange(%(now)s::timestamptz - interval '1000 days', NULL), seats, segment,
           touch_model, CASE WHEN n %% 50 = 7 THEN 'onboarding' ELSE 'live' END, '', 'unknown'
    FROM made"""
CONTACTS = """
    INSERT INTO accounts_contact (name, sort_name, email, phone, source, external_id, version)
    SELECT 'Person ' || n || '-' || k, 'person ' || n || '-' || k, '', '', 'benchmark',
           n || '-' || k, 1
    FROM made, generate_series(0, 2) AS k"""
LINKS = """
    INSERT INTO accounts_customercontact (customer_id, contact_id, role, recorded_at)
    SELECT made.id, p.id,
           CASE WHEN split_part(p.external_id, '-', 2) = '0' AND touch_model <> 'pooled'
                THEN 'champion' ELSE 'other' END,
           %(now)s::timestamptz - interval '900 days'
    FROM accounts_contact p JOIN made ON made.n = split_part(p.external_id, '-', 1)::int
    WHERE p.source = 'benchmark'"""
PRODUCT = "INSERT INTO accounts_product (key, name) VALUES ('go', 'Go'), ('plan', 'Plan')"
CONTRACTS = """
    INSERT INTO accounts_contract (customer_id, kind, starts_on, ends_on, auto_renew, notice_days,
                                   currency, source, external_id, version)
    SELECT id, 'fixed', ends_on - 364, ends_on, n %% 5 < 2,
           CASE WHEN n %% 5 < 2 THEN 30 END, 'EUR', 'benchmark', n::text, 1
    FROM made,
    LATERAL (SELECT %(day)s::date + 5 + (360 * pg_temp.roll(n, 'end'))::int AS ends_on) e"""
LINES = """
    INSERT INTO accounts_contractline (contract_id, product_id, quantity, arr)
    SELECT k.id, p.id, made.seats, round((made.seats * 320 * s.share)::numeric, 2)
    FROM accounts_contract k JOIN made ON made.id = k.customer_id
    JOIN (VALUES ('go', 0.6), ('plan', 0.4)) AS s (key, share) ON true
    JOIN accounts_product p ON p.key = s.key"""
RENEWALS = """
    INSERT INTO accounts_renewal (customer_id, due_on, decision_point_on, state, currency,
                                  loss_reason, next_step, version)
    SELECT customer_id, ends_on, ends_on - coalesce(notice_days, 30), 'upcoming', currency, '', '',
           1
    FROM accounts_contract WHERE source = 'benchmark'"""
PLACES = """
    INSERT INTO accounts_renewalcontract (renewal_id, contract_id)
    SELECT r.id, k.id FROM accounts_renewal r
    JOIN accounts_contract k ON k.customer_id = r.customer_id AND k.ends_on = r.due_on"""
OWNERS = """
    INSERT INTO accounts_assignment (customer_id, role_id, holder_user_id, holder_pool_id, during,
                                     cause, reason)
    SELECT made.id, role.id,
           CASE WHEN touch_model <> 'pooled' THEN csm.ids[1 + n %% cardinality(csm.ids)] END,
           CASE WHEN touch_model = 'pooled' THEN pool.id END,
           tstzrange(%(now)s::timestamptz - interval '1000 days', NULL), 'import', ''
    FROM made
    JOIN accounts_assignmentrole role ON role.key = 'owner'
    JOIN accounts_pool pool ON pool.name = 'Scale'
    CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids
                FROM accounts_user WHERE role = 'csm') csm"""
TOUCHES = """
    INSERT INTO accounts_touch (customer_id, kind, by_id, is_two_way, note, source, external_id,
                                occurred_at, recorded_at)
    SELECT made.id, 'call', someone.id, true, '', '', '', at, at
    FROM made, generate_series(0, 1) AS k,
    LATERAL (SELECT %(now)s::timestamptz - make_interval(
                        mins => (1440 * (1 + k * 60 + 58 * pg_temp.roll(n, 'touch')))::int) AS at) t
    CROSS JOIN (SELECT min(id) AS id FROM accounts_user WHERE role = 'csm') someone
    WHERE touch_model <> 'pooled'"""
# Of one ticket in a hundred nothing has happened since it was opened; one customer in twelve waits
# long and comes back.
MADE_TICKETS = """
    CREATE TEMP TABLE made_ticket ON COMMIT DROP AS
    SELECT t.*, made.id AS customer_id, opened_at + make_interval(mins => minutes) AS solved_at,
           opened_at + make_interval(mins => minutes) <= %(now)s::timestamptz AND t.n %% 100 <> 3
               AS is_solved
    FROM (SELECT n, whose, opened_at, priority, whose %% 12 = 5 AS is_slow,
                 minutes * CASE WHEN whose %% 12 = 5 THEN 8 ELSE 1 END AS minutes
          FROM (
          SELECT n, 1 + (%(customers)s * power(pg_temp.roll(n, 'whose'), 1.6))::int
                        %% %(customers)s AS whose,
                 %(now)s::timestamptz - make_interval(
                     mins => (540 * 1440 * pg_temp.roll(n, 'when'))::int) AS opened_at,
                 30 + (4000 * power(pg_temp.roll(n, 'long'), 2))::int AS minutes,
                 (ARRAY['low', 'normal', 'normal', 'normal', 'high', 'critical'])
                     [1 + (n %% 5) + (n %% 60 = 4)::int] AS priority
          FROM generate_series(1, %(tickets)s) AS n) w) t
    JOIN made ON made.n = t.whose"""
TICKETS = """
    INSERT INTO tickets_ticket (number, customer_id, contact_id, team_id, subject, channel, kind,
                                priority, status, source_status, handling_mode, is_blocked,
                                assignee_label, learning, exempt_reason, learning_due_at,
                                labels_answered, opened_at, first_solved_at, last_solved_at,
                                reopen_count, reassignment_count, last_event_at, source,
                                external_id, url, version)
    SELECT 'B-' || m.n, m.customer_id, p.id, team.id,
           (ARRAY['Sync stops half way', 'How do I export jobs?', 'Invoice shows wrong seats',
                  'Photos are missing', 'A map of today, please'])[1 + m.n %% 5] || ' '
               || concat_ws(' ', pg_temp.word(m.n, 'one'), pg_temp.word(m.n, 'two'), m.n),
           'portal', (ARRAY['bug', 'question', 'billing', 'bug', 'feature_request'])[1 + m.n %% 5],
           m.priority, CASE WHEN is_solved THEN 'solved' ELSE 'open' END, '', 'human', false, '',
           CASE WHEN m.n %% 10 = 0 THEN 'exempt' ELSE 'due' END,
           CASE WHEN m.n %% 10 = 0 THEN 'auto_reply' ELSE '' END,
           CASE WHEN is_solved THEN m.solved_at + interval '2 days' END, 0, m.opened_at,
           CASE WHEN is_solved THEN m.solved_at END, CASE WHEN is_solved THEN m.solved_at END,
           CASE WHEN m.n %% 17 = 0 OR (is_slow AND m.n %% 2 = 0) THEN 1 ELSE 0 END, 0,
           CASE WHEN is_solved THEN m.solved_at ELSE m.opened_at END, 'benchmark', m.n::text, '', 1
    FROM made_ticket m
    JOIN accounts_contact p ON p.source = 'benchmark' AND p.external_id = m.whose || '-' || m.n %% 3
    JOIN accounts_team team ON team.name = CASE WHEN m.n %% 4 = 0 THEN 'Support Americas'
                                                ELSE 'Support Europe' END
    ORDER BY m.n"""
EVENTS = """
    INSERT INTO tickets_ticketevent (ticket_id, kind, key, sequence, status, source_status,
                                     priority, assignee_label, reopen_count, by_label, occurred_at,
                                     recorded_at)
    SELECT t.id, e.kind, e.kind, e.place, e.status, '', t.priority, '',
           CASE WHEN e.kind = 'solved' THEN t.reopen_count END, '', e.at, e.at
    FROM tickets_ticket t
    CROSS JOIN LATERAL (
        VALUES (0, 'opened', 'open', t.opened_at),
               (1, 'solved', 'solved', t.first_solved_at)) e (place, kind, status, at)
    WHERE t.source = 'benchmark' AND e.at IS NOT NULL
    ORDER BY t.id, e.place"""
# Three in five are told in words that we have.
MESSAGES = """
    INSERT INTO tickets_message (ticket_id, key, direction, body, by_label, occurred_at,
                                 recorded_at)
    SELECT t.id, 'opened', 'inbound',
           'It began today: ' || (SELECT string_agg(pg_temp.word(t.id, k::text), ' ' ORDER BY k)
                                  FROM generate_series(1, 20) AS k) || '. Can you help?',
           '', t.opened_at, t.opened_at
    FROM tickets_ticket t
    WHERE t.source = 'benchmark' AND t.id %% 5 < 3
    ORDER BY t.id"""
STEPS = (
    *(
        ROLL,
        WORD,
        MADE,
        CUSTOMERS,
        IDS,
        INDEX,
        COUNT,
        PROFILES,
        CONTACTS,
        LINKS,
        PRODUCT,
        CONTRACTS,
    ),
    *(LINES, RENEWALS, PLACES, OWNERS, TOUCHES, MADE_TICKETS, TICKETS, EVENTS),
    MESSAGES,
)
