-- Fills the plain database by itself, to try the rivals without the suite: as many customers as psql's variable
-- `customers` says, each with up to 4 contact points, 40 contacts, 16 purchases and 4 answers. Nothing lies after
-- 2026-06-30. Given between reference.sql and reference-indexes.sql:
--   psql -v ON_ERROR_STOP=1 -v customers=20000 -f reference.sql -f sample.sql -f reference-indexes.sql "$DATABASE_URL"

SELECT setseed(0.360);

INSERT INTO customer
SELECT gen_random_uuid(),
    (ARRAY['consumer', 'consumer', 'consumer', 'organisation'])[1 + floor(random() * 4)::int],
    'Customer ' || n,
    CASE WHEN random() < 0.8 THEN date '1940-01-01' + floor(random() * 24000)::int END,
    CASE WHEN random() < 0.9 THEN (ARRAY['de', 'en', 'zh'])[1 + floor(random() * 3)::int] END,
    (ARRAY['prospect', 'active', 'lapsed'])[1 + floor(random() * 3)::int],
    ('00000000-0000-7000-8000-00000000000' || (n % 8))::uuid,
    timestamptz '2020-01-01 00:00+00' + random() * interval '2000 days'
FROM generate_series(1, :customers) n;

-- How many of each is drawn for each customer: a correlated subquery is drawn once a row.
INSERT INTO contact_point
SELECT c.id, gen_random_uuid(), (ARRAY['phone', 'email'])[1 + n % 2], 'value-' || n || '-' || left(c.id::text, 8)
FROM customer c, LATERAL (SELECT floor(random() * 5)::int AS most WHERE c.id IS NOT NULL) k,
    LATERAL generate_series(1, k.most) n;

INSERT INTO contact
SELECT c.id, gen_random_uuid(), timestamptz '2026-06-30 23:59+00' - random() * random() * interval '1400 days',
    (ARRAY['phone', 'web', 'chat', 'email', 'counter'])[1 + floor(random() * 5)::int],
    (ARRAY['inbound', 'outbound'])[1 + floor(random() * 2)::int],
    (ARRAY['before', 'during', 'after', NULL])[1 + floor(random() * 4)::int],
    CASE WHEN random() < 0.9 THEN 'topic-' || floor(random() * 40)::int END
FROM customer c, LATERAL (SELECT floor(random() * 41)::int AS most WHERE c.id IS NOT NULL) k,
    LATERAL generate_series(1, k.most) n;

INSERT INTO purchase
SELECT c.id, gen_random_uuid(), timestamptz '2026-06-30 23:59+00' - random() * random() * interval '1400 days',
    floor(random() * random() * 150000)::bigint, 'EUR',
    CASE WHEN random() < 0.9 THEN (ARRAY['web', 'counter'])[1 + floor(random() * 2)::int] END
FROM customer c, LATERAL (SELECT floor(random() * 17)::int AS most WHERE c.id IS NOT NULL) k,
    LATERAL generate_series(1, k.most) n;

-- Some have none, to see what each rival answers then.
INSERT INTO account
SELECT id, floor(random() * 30000)::bigint,
    (ARRAY['basic', 'basic', 'silver', 'gold', 'platinum'])[1 + floor(random() * 5)::int],
    floor(random() * 30000)::bigint
FROM customer WHERE random() < 0.98;

INSERT INTO answer
SELECT c.id, gen_random_uuid(), timestamptz '2026-06-30 23:59+00' - random() * interval '1400 days',
    (ARRAY['nps', 'csat', 'ces'])[1 + floor(random() * 3)::int], 1 + floor(random() * 5)::int
FROM customer c, LATERAL (SELECT floor(random() * 5)::int AS most WHERE c.id IS NOT NULL) k,
    LATERAL generate_series(1, k.most) n;

INSERT INTO wide
SELECT c.id, c.kind, c.stage, c.unit_id, COALESCE(a.tier, 'basic'), COALESCE(a.balance, 0), COALESCE(p.n, 0), p.spent,
    p.last_at,
    -- Scores of those who bought: 1 to 5, and equal values have equal scores.
    CASE WHEN p.n > 0 THEN ceil(5 * cume_dist() OVER (PARTITION BY p.n > 0 ORDER BY p.last_at)) END,
    CASE WHEN p.n > 0 THEN ceil(5 * cume_dist() OVER (PARTITION BY p.n > 0 ORDER BY p.n)) END,
    CASE WHEN p.n > 0 THEN ceil(5 * cume_dist() OVER (PARTITION BY p.n > 0 ORDER BY p.spent)) END,
    s.score, s.occurred_at, COALESCE(t.n, 0), t.last_at,
    CASE WHEN random() < 0.8 THEN random() < 0.5 END
FROM customer c
LEFT JOIN account a ON a.customer_id = c.id
LEFT JOIN (SELECT customer_id, count(*) AS n, sum(total_minor) AS spent, max(occurred_at) AS last_at
    FROM purchase GROUP BY customer_id) p ON p.customer_id = c.id
LEFT JOIN (SELECT customer_id, count(*) AS n, max(occurred_at) AS last_at
    FROM contact GROUP BY customer_id) t ON t.customer_id = c.id
LEFT JOIN (SELECT DISTINCT ON (customer_id) customer_id, score, occurred_at FROM answer WHERE instrument = 'nps'
    ORDER BY customer_id, occurred_at DESC, id DESC) s ON s.customer_id = c.id;
