-- SQLite. The pair of migrations/postgres/0002_access.sql.

-- Who was shown what is counted by person and time: reveals too many within the hour alarm a supervisor.
CREATE INDEX event_access ON event (centre, actor, recorded_at) WHERE aggregate = 'access';
