-- What the names in users.roles allow. A name without a row here allows nothing, so the two may come and go apart.
-- Names are ASCII in lower case: name_key, which unique text has everywhere, is the name again.
CREATE TABLE roles (
  id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  permissions json NOT NULL DEFAULT '[]',
  version bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT roles_primary_key PRIMARY KEY (id),
  CONSTRAINT roles_permissions_array CHECK (json_typeof(permissions) = 'array')
);

CREATE UNIQUE INDEX roles_name_key_unique ON roles (name_key);
CREATE INDEX roles_created_at ON roles (created_at, id);
CREATE INDEX roles_updated_at ON roles (updated_at, id);

-- Of 2026-01-01T00:00:00Z, as its id says. Clients see it and can neither change nor remove it.
INSERT INTO roles (id, name, name_key, permissions, created_at, updated_at)
VALUES ('019b76da-a800-7000-8000-000000000001', 'admin', 'admin', '["*"]', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
