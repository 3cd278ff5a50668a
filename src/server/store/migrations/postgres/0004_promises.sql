-- PostgreSQL. The pair of migrations/sqlite/0004_promises.sql.

-- 承诺 that are still to be kept, one row each: who gave it, who has to keep it, by when.
CREATE TABLE promise_row (
  centre BIGINT NOT NULL, ticket BYTEA NOT NULL, no BIGINT NOT NULL, due_at BIGINT NOT NULL, made_by BYTEA, unit TEXT,
  PRIMARY KEY (centre, ticket, no)
);
CREATE INDEX promise_due ON promise_row (centre, due_at);
-- What was promised before is written by the sweep, which makes the rows of these tickets again.
UPDATE ticket_row SET next_at = 0 WHERE EXISTS (SELECT 1 FROM event e WHERE e.centre = ticket_row.centre AND e.aggregate_id = ticket_row.id AND e.kind = 'ticket.promised');
