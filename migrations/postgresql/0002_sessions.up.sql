CREATE TABLE sessions (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  generation bigint NOT NULL,
  digest text COLLATE "C" NOT NULL,
  user_agent text COLLATE "C",
  ip_address text COLLATE "C",
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT sessions_primary_key PRIMARY KEY (id),
  CONSTRAINT sessions_user FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE INDEX sessions_user_id_created_at ON sessions (user_id, created_at, id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);
