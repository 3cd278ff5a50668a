-- SQLite. The pair of migrations/postgres/0003_append_only.sql.

-- The log is only appended to, whoever writes: a mistake is refused here, and what somebody does who takes these triggers
-- away is found by the chain.
CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END;
CREATE TRIGGER event_position_no_update BEFORE UPDATE ON event_position BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END;
CREATE TRIGGER event_position_no_delete BEFORE DELETE ON event_position BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END;
CREATE TRIGGER seq_state_no_delete BEFORE DELETE ON seq_state BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END;
CREATE TRIGGER seq_state_no_return BEFORE UPDATE ON seq_state WHEN NEW.position < OLD.position BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END;
