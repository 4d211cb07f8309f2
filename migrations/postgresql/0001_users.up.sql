-- Text is ordered by its bytes, as the core orders it and as a cursor goes on: any other collation belongs to a release
-- of the server's libraries, and may change under an index.
CREATE TABLE users (
  id uuid NOT NULL,
  email text COLLATE "C" NOT NULL,
  email_key text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  password_hash text COLLATE "C",
  status text COLLATE "C" NOT NULL DEFAULT 'active',
  roles json NOT NULL DEFAULT '[]',
  version bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  CONSTRAINT users_primary_key PRIMARY KEY (id),
  CONSTRAINT users_status_known CHECK (status IN ('active', 'inactive')),
  CONSTRAINT users_roles_array CHECK (json_typeof(roles) = 'array')
);

CREATE UNIQUE INDEX users_email_key_unique ON users (email_key) WHERE deleted_at IS NULL;
CREATE INDEX users_created_at ON users (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX users_status_created_at ON users (status, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX users_name_key ON users (name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX users_updated_at ON users (updated_at, id) WHERE deleted_at IS NULL;
