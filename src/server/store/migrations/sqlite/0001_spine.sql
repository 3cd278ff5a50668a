-- SQLite. The pair of migrations/postgres/0001_spine.sql.

-- The log. One row is one event; nothing here is ever changed.
CREATE TABLE event (
  centre INTEGER NOT NULL, id BLOB NOT NULL, aggregate TEXT NOT NULL, aggregate_id BLOB NOT NULL, version INTEGER NOT NULL,
  kind TEXT NOT NULL, schema INTEGER NOT NULL, occurred_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL, actor TEXT NOT NULL,
  command_key TEXT, call_id BLOB, round INTEGER NOT NULL, payload TEXT NOT NULL, digest BLOB NOT NULL,
  PRIMARY KEY (centre, id), UNIQUE (centre, aggregate_id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_tables ON event (centre, aggregate) WHERE aggregate = 'table';

-- Positions: given to committed events, dense from 1, with the audit chain's hash. The single writer gives each event
-- its one position as it appends it, so no second key guards that.
CREATE TABLE event_position (
  centre INTEGER NOT NULL, position INTEGER NOT NULL, event_id BLOB NOT NULL, recorded_at INTEGER NOT NULL, hash BLOB NOT NULL,
  PRIMARY KEY (centre, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE seq_state (
  centre INTEGER NOT NULL PRIMARY KEY, position INTEGER NOT NULL, recorded_at INTEGER NOT NULL, hash BLOB NOT NULL
) STRICT;

-- Free text, by revision; erasing empties the body and leaves the digest.
CREATE TABLE content (
  centre INTEGER NOT NULL, id BLOB NOT NULL, body TEXT, digest TEXT NOT NULL, created_at INTEGER NOT NULL,
  PRIMARY KEY (centre, id)
) STRICT, WITHOUT ROWID;

-- The caller vault: names and numbers sealed, found by keyed hash, shown masked.
CREATE TABLE caller (
  centre INTEGER NOT NULL, id BLOB NOT NULL, key_id INTEGER NOT NULL, sealed BLOB NOT NULL, number_hash BLOB NOT NULL,
  last4 TEXT NOT NULL, masked_number TEXT NOT NULL, masked_name TEXT NOT NULL, first_seen INTEGER NOT NULL,
  PRIMARY KEY (centre, id), UNIQUE (centre, number_hash)
) STRICT;

-- Answers by idempotency key (user, route and key digested), kept at least 72 hours.
CREATE TABLE idempotency (
  centre INTEGER NOT NULL, key BLOB NOT NULL, request BLOB NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL,
  etag INTEGER, created_at INTEGER NOT NULL,
  PRIMARY KEY (centre, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_age ON idempotency (centre, created_at);

-- Numbers are leased in blocks; gaps are allowed, reuse is not.
CREATE TABLE number_lease (
  centre INTEGER NOT NULL, series TEXT NOT NULL, next INTEGER NOT NULL,
  PRIMARY KEY (centre, series)
) STRICT;

-- Numbers a seat holds for intakes it may have to take while nobody answers; a row goes when its number is used.
CREATE TABLE seat_number (
  centre INTEGER NOT NULL, number TEXT NOT NULL, holder BLOB NOT NULL, leased_at INTEGER NOT NULL,
  PRIMARY KEY (centre, number)
) STRICT, WITHOUT ROWID;

-- How many table events there are: a node compares it with the copy it holds.
CREATE TABLE tables_state (
  centre INTEGER NOT NULL PRIMARY KEY, version INTEGER NOT NULL
) STRICT;

-- Projections: all of them can be made again from the log and the content.
CREATE TABLE ticket_row (
  centre INTEGER NOT NULL, id BLOB NOT NULL, number TEXT NOT NULL, version INTEGER NOT NULL, step TEXT NOT NULL, round INTEGER NOT NULL,
  kind TEXT NOT NULL, class TEXT, urgent_class TEXT, tag TEXT, green INTEGER NOT NULL, line TEXT NOT NULL, title TEXT NOT NULL,
  unit TEXT, assignee BLOB, accepted_at INTEGER NOT NULL, dispatched_at INTEGER, orange_at INTEGER, red_at INTEGER, due_at INTEGER,
  provisional INTEGER NOT NULL, warn_at INTEGER, extended INTEGER NOT NULL, paused INTEGER NOT NULL, closed_at INTEGER, hops INTEGER NOT NULL,
  urges INTEGER NOT NULL, supervised INTEGER NOT NULL, solved INTEGER, caller BLOB,
  reached INTEGER NOT NULL, is_open INTEGER NOT NULL, flag INTEGER NOT NULL, next_at INTEGER, sort_at INTEGER NOT NULL,
  PRIMARY KEY (centre, id), UNIQUE (centre, number)
) STRICT, WITHOUT ROWID;
-- The board and its counts are read off one index; a row stands in an index only where that index can find it.
CREATE INDEX ticket_board ON ticket_row (centre, is_open, sort_at, id, flag);
CREATE INDEX ticket_unit ON ticket_row (centre, unit, is_open, flag) WHERE unit IS NOT NULL;
CREATE INDEX ticket_recent ON ticket_row (centre, accepted_at, id);
CREATE INDEX ticket_caller ON ticket_row (centre, caller, accepted_at) WHERE caller IS NOT NULL;
CREATE INDEX ticket_next ON ticket_row (centre, next_at) WHERE next_at IS NOT NULL;

CREATE TABLE call_row (
  centre INTEGER NOT NULL, id BLOB NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL, line TEXT NOT NULL, caller BLOB NOT NULL,
  district TEXT, exchange TEXT NOT NULL, exchange_call TEXT NOT NULL, rang_at INTEGER NOT NULL, taken_at INTEGER, ended_at INTEGER,
  taken_by BLOB, pins TEXT NOT NULL, is_live INTEGER NOT NULL,
  PRIMARY KEY (centre, id), UNIQUE (centre, exchange, exchange_call)
) STRICT;
CREATE INDEX call_queue ON call_row (centre, is_live, rang_at, id);
CREATE INDEX call_time ON call_row (centre, rang_at);
CREATE INDEX call_caller ON call_row (centre, caller);

CREATE TABLE article_row (
  centre INTEGER NOT NULL, id BLOB NOT NULL, revision INTEGER NOT NULL, code TEXT NOT NULL, external_id TEXT, level TEXT NOT NULL,
  effective TEXT, expiry TEXT, owner TEXT, successor TEXT, text_id BLOB NOT NULL, title TEXT NOT NULL, keywords TEXT NOT NULL,
  document_number TEXT NOT NULL, published_at INTEGER NOT NULL,
  PRIMARY KEY (centre, id), UNIQUE (centre, code), UNIQUE (centre, external_id)
) STRICT;

CREATE TABLE user_row (
  centre INTEGER NOT NULL, id BLOB NOT NULL, version INTEGER NOT NULL, login TEXT NOT NULL, roles TEXT NOT NULL, unit TEXT,
  name TEXT NOT NULL, active INTEGER NOT NULL,
  PRIMARY KEY (centre, id), UNIQUE (centre, login)
) STRICT;

-- One flag per deadline and level, in the transaction of its event.
CREATE TABLE flag (
  centre INTEGER NOT NULL, deadline TEXT NOT NULL, level TEXT NOT NULL, ticket BLOB NOT NULL, raised_at INTEGER NOT NULL,
  PRIMARY KEY (centre, deadline, level)
) STRICT;

-- What an import brought: the source's id says which aggregate it became.
CREATE TABLE imported (
  centre INTEGER NOT NULL, kind TEXT NOT NULL, external_id TEXT NOT NULL, aggregate_id BLOB NOT NULL,
  PRIMARY KEY (centre, kind, external_id)
) STRICT;

-- Not in the log: who can log in, who is logged in.
CREATE TABLE credential (
  centre INTEGER NOT NULL, user_id BLOB NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (centre, user_id)
) STRICT;
CREATE TABLE session (
  centre INTEGER NOT NULL, token BLOB NOT NULL, user_id BLOB NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  PRIMARY KEY (centre, token)
) STRICT;
