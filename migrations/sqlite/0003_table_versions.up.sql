-- What a count of rows is remembered with (docs/decisions/0016). A version is drawn, not counted up: one that was rolled
-- back or restored over is never met again. A table without a row here is counted each time. None for sessions: each
-- sign-in would write here too, while counting a user's own few through their index costs next to nothing.
-- Read with each list, by key alone, and tiny: hence WITHOUT ROWID.
CREATE TABLE table_versions (
  table_name TEXT NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT table_versions_primary_key PRIMARY KEY (table_name)
) STRICT, WITHOUT ROWID;

INSERT INTO table_versions (table_name, version) VALUES ('users', random());

-- These go with their table: a migration that rebuilds users makes them again.
CREATE TRIGGER users_version_after_insert AFTER INSERT ON users BEGIN
  UPDATE table_versions SET version = random() WHERE table_name = 'users';
END;

CREATE TRIGGER users_version_after_delete AFTER DELETE ON users BEGIN
  UPDATE table_versions SET version = random() WHERE table_name = 'users';
END;

-- Not AFTER UPDATE OF: a rule or a filter may look at any column, and one added later would be missing from the list
-- without a word. Only password_hash could be left out, and it changes alone in a rehash, once for each user.
CREATE TRIGGER users_version_after_update AFTER UPDATE ON users BEGIN
  UPDATE table_versions SET version = random() WHERE table_name = 'users';
END;
