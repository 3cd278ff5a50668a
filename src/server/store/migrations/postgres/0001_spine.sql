-- PostgreSQL 15 or later. The pair of migrations/sqlite/0001_spine.sql.

-- The log. One row is one event; nothing here is ever changed.
CREATE TABLE event (
  centre BIGINT NOT NULL, id BYTEA NOT NULL, aggregate TEXT NOT NULL, aggregate_id BYTEA NOT NULL, version BIGINT NOT NULL,
  kind TEXT NOT NULL, schema BIGINT NOT NULL, occurred_at BIGINT NOT NULL, recorded_at BIGINT NOT NULL, actor TEXT NOT NULL,
  command_key TEXT, call_id BYTEA, round BIGINT NOT NULL, payload TEXT NOT NULL, digest BYTEA NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(), epoch BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (centre, id), UNIQUE (centre, aggregate_id, version)
);
CREATE INDEX event_tables ON event (centre, aggregate) WHERE aggregate = 'table';
CREATE INDEX event_xid ON event (centre, epoch, xid);
-- Positions: given to committed events, dense from 1, with the audit chain's hash.
CREATE TABLE event_position (
  centre BIGINT NOT NULL, position BIGINT NOT NULL, event_id BYTEA NOT NULL, recorded_at BIGINT NOT NULL, hash BYTEA NOT NULL,
  PRIMARY KEY (centre, position), UNIQUE (centre, event_id)
);
CREATE TABLE seq_state (
  centre BIGINT NOT NULL PRIMARY KEY, position BIGINT NOT NULL, recorded_at BIGINT NOT NULL, hash BYTEA NOT NULL,
  snap pg_snapshot NOT NULL DEFAULT pg_current_snapshot(), epoch BIGINT NOT NULL DEFAULT 1
) WITH (fillfactor = 10);

-- Free text, by revision; erasing empties the body and leaves the digest.
CREATE TABLE content (
  centre BIGINT NOT NULL, id BYTEA NOT NULL, body TEXT, digest TEXT NOT NULL, created_at BIGINT NOT NULL,
  PRIMARY KEY (centre, id)
);

-- The caller vault: names and numbers sealed, found by keyed hash, shown masked.
CREATE TABLE caller (
  centre BIGINT NOT NULL, id BYTEA NOT NULL, key_id BIGINT NOT NULL, sealed BYTEA NOT NULL, number_hash BYTEA NOT NULL,
  last4 TEXT NOT NULL, masked_number TEXT NOT NULL, masked_name TEXT NOT NULL, first_seen BIGINT NOT NULL,
  PRIMARY KEY (centre, id), UNIQUE (centre, number_hash)
);

-- Answers by idempotency key (user, route and key digested), kept at least 72 hours.
CREATE TABLE idempotency (
  centre BIGINT NOT NULL, key BYTEA NOT NULL, request BYTEA NOT NULL, status BIGINT NOT NULL, answer TEXT NOT NULL,
  etag BIGINT, created_at BIGINT NOT NULL,
  PRIMARY KEY (centre, key)
);
CREATE INDEX idempotency_age ON idempotency (centre, created_at);

-- Numbers are leased in blocks; gaps are allowed, reuse is not.
CREATE TABLE number_lease (
  centre BIGINT NOT NULL, series TEXT NOT NULL, next BIGINT NOT NULL,
  PRIMARY KEY (centre, series)
);

-- Numbers a seat holds for intakes it may have to take while nobody answers; a row goes when its number is used.
CREATE TABLE seat_number (
  centre BIGINT NOT NULL, number TEXT NOT NULL, holder BYTEA NOT NULL, leased_at BIGINT NOT NULL,
  PRIMARY KEY (centre, number)
);

-- How many table events there are: a node compares it with the copy it holds.
CREATE TABLE tables_state (
  centre BIGINT NOT NULL PRIMARY KEY, version BIGINT NOT NULL
);

-- Projections: all of them can be made again from the log and the content.
CREATE TABLE ticket_row (
  centre BIGINT NOT NULL, id BYTEA NOT NULL, number TEXT NOT NULL, version BIGINT NOT NULL, step TEXT NOT NULL, round BIGINT NOT NULL,
  kind TEXT NOT NULL, class TEXT, urgent_class TEXT, tag TEXT, green BIGINT NOT NULL, line TEXT NOT NULL, title TEXT NOT NULL,
  unit TEXT COLLATE "C", assignee BYTEA, accepted_at BIGINT NOT NULL, dispatched_at BIGINT, orange_at BIGINT, red_at BIGINT, due_at BIGINT,
  provisional BIGINT NOT NULL, warn_at BIGINT, extended BIGINT NOT NULL, paused BIGINT NOT NULL, closed_at BIGINT, hops BIGINT NOT NULL,
  urges BIGINT NOT NULL, supervised BIGINT NOT NULL, solved BIGINT, caller BYTEA,
  reached BIGINT NOT NULL, is_open BIGINT NOT NULL, flag BIGINT NOT NULL, next_at BIGINT, sort_at BIGINT NOT NULL,
  PRIMARY KEY (centre, id), UNIQUE (centre, number)
);
-- The board and its counts are read off one index; a row stands in an index only where that index can find it.
CREATE INDEX ticket_board ON ticket_row (centre, is_open, sort_at, id, flag);
CREATE INDEX ticket_unit ON ticket_row (centre, unit, is_open, flag) WHERE unit IS NOT NULL;
CREATE INDEX ticket_recent ON ticket_row (centre, accepted_at, id);
CREATE INDEX ticket_caller ON ticket_row (centre, caller, accepted_at) WHERE caller IS NOT NULL;
CREATE INDEX ticket_next ON ticket_row (centre, next_at) WHERE next_at IS NOT NULL;

CREATE TABLE call_row (
  centre BIGINT NOT NULL, id BYTEA NOT NULL, version BIGINT NOT NULL, state TEXT NOT NULL, line TEXT NOT NULL, caller BYTEA NOT NULL,
  district TEXT, exchange TEXT NOT NULL, exchange_call TEXT NOT NULL, rang_at BIGINT NOT NULL, taken_at BIGINT, ended_at BIGINT,
  taken_by BYTEA, pins TEXT NOT NULL, is_live BIGINT NOT NULL,
  PRIMARY KEY (centre, id), UNIQUE (centre, exchange, exchange_call)
);
CREATE INDEX call_queue ON call_row (centre, is_live, rang_at, id);
CREATE INDEX call_time ON call_row (centre, rang_at);
CREATE INDEX call_caller ON call_row (centre, caller);

CREATE TABLE article_row (
  centre BIGINT NOT NULL, id BYTEA NOT NULL, revision BIGINT NOT NULL, code TEXT NOT NULL, external_id TEXT, level TEXT NOT NULL,
  effective TEXT, expiry TEXT, owner TEXT, successor TEXT, text_id BYTEA NOT NULL, title TEXT NOT NULL, keywords TEXT NOT NULL,
  document_number TEXT NOT NULL, published_at BIGINT NOT NULL,
  PRIMARY KEY (centre, id), UNIQUE (centre, code), UNIQUE (centre, external_id)
);

CREATE TABLE user_row (
  centre BIGINT NOT NULL, id BYTEA NOT NULL, version BIGINT NOT NULL, login TEXT NOT NULL, roles TEXT NOT NULL, unit TEXT,
  name TEXT NOT NULL, active BIGINT NOT NULL,
  PRIMARY KEY (centre, id), UNIQUE (centre, login)
);

-- One flag per deadline and level, in the transaction of its event.
CREATE TABLE flag (
  centre BIGINT NOT NULL, deadline TEXT NOT NULL, level TEXT NOT NULL, ticket BYTEA NOT NULL, raised_at BIGINT NOT NULL,
  PRIMARY KEY (centre, deadline, level)
);

-- What an import brought: the source's id says which aggregate it became.
CREATE TABLE imported (
  centre BIGINT NOT NULL, kind TEXT NOT NULL, external_id TEXT NOT NULL, aggregate_id BYTEA NOT NULL,
  PRIMARY KEY (centre, kind, external_id)
);

-- Not in the log: who can log in, who is logged in.
CREATE TABLE credential (
  centre BIGINT NOT NULL, user_id BYTEA NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (centre, user_id)
);
CREATE TABLE session (
  centre BIGINT NOT NULL, token BYTEA NOT NULL, user_id BYTEA NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
  PRIMARY KEY (centre, token)
);

-- The sequencer: one call gives the committed, not yet positioned events of a centre their positions. Any node may call
-- it at any time: the lock lives for one statement inside the server, UNIQUE is the last guard. It reads after taking the
-- lock (each statement of a VOLATILE function has its own snapshot) and rescans nothing: events of transactions that began
-- after the last pass, and of those that were still open then.
CREATE FUNCTION chain_step(state BYTEA, before BYTEA, link BYTEA) RETURNS BYTEA LANGUAGE sql IMMUTABLE
  AS 'SELECT sha256(coalesce(state, before) || link)';
CREATE AGGREGATE chain(BYTEA, BYTEA) (sfunc = chain_step, stype = BYTEA);
CREATE FUNCTION seq_pass(c BIGINT) RETURNS BIGINT LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_custom_plan AS $f$
#variable_conflict use_column
DECLARE st seq_state; given BIGINT;
BEGIN
  IF NOT pg_try_advisory_xact_lock(7301, c::int) THEN RETURN -1; END IF;
  SELECT * INTO st FROM seq_state WHERE centre = c;
  IF NOT FOUND THEN RETURN 0; END IF;
  WITH n AS (
    SELECT e.id, e.aggregate_id, e.version, e.recorded_at, e.digest FROM event e
      WHERE e.centre = c AND e.epoch = st.epoch AND e.xid >= pg_snapshot_xmax(st.snap)
    UNION ALL
    SELECT e.id, e.aggregate_id, e.version, e.recorded_at, e.digest FROM event e
      WHERE e.centre = c AND e.epoch = st.epoch AND e.xid = ANY (ARRAY(SELECT pg_snapshot_xip(st.snap)))
  ), k AS (SELECT n.*, max(n.recorded_at) OVER (PARTITION BY n.aggregate_id ORDER BY n.version) AS k FROM n
  ), o AS (
    SELECT k.id, k.digest, st.position + row_number() OVER (ORDER BY k.k, k.version, k.id) AS p, greatest(st.recorded_at, k.k) AS rec FROM k
  ), h AS (SELECT o.*, chain(st.hash, int8send(o.p) || o.id || int8send(o.rec) || o.digest) OVER (ORDER BY o.p) AS hash FROM o
  ), ins AS (
    INSERT INTO event_position (centre, position, event_id, recorded_at, hash) SELECT c, h.p, h.id, h.rec, h.hash FROM h ORDER BY h.p
    RETURNING position, recorded_at, hash
  ), last AS (SELECT position, recorded_at, hash FROM ins ORDER BY position DESC LIMIT 1
  ), upd AS (
    UPDATE seq_state s SET position = last.position, recorded_at = last.recorded_at, hash = last.hash, snap = pg_current_snapshot()
      FROM last WHERE s.centre = c
  )
  SELECT count(*) INTO given FROM ins;
  RETURN given;
END $f$;
