-- PostgreSQL. The pair of migrations/sqlite/0003_append_only.sql.

-- The log is only appended to, whoever writes: a mistake is refused here, and what somebody does who takes these triggers
-- away is found by the chain. A server need not own its tables: a role without UPDATE and DELETE on the log is enough.
CREATE FUNCTION append_only() RETURNS TRIGGER LANGUAGE plpgsql AS $f$ BEGIN RAISE EXCEPTION 'the log is only appended to'; END $f$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER event_position_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event_position FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER seq_state_append_only BEFORE DELETE OR TRUNCATE ON seq_state FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER seq_state_no_return BEFORE UPDATE ON seq_state FOR EACH ROW WHEN (NEW.position < OLD.position) EXECUTE FUNCTION append_only();
