CREATE TABLE sessions (
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  generation INTEGER NOT NULL,
  digest TEXT NOT NULL,
  user_agent TEXT,
  ip_address TEXT,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  CONSTRAINT sessions_primary_key PRIMARY KEY (id),
  CONSTRAINT sessions_id_length CHECK (length(id) = 36),
  CONSTRAINT sessions_user FOREIGN KEY (user_id) REFERENCES users (id)
) STRICT;

CREATE INDEX sessions_user_id_created_at ON sessions (user_id, created_at, id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);
