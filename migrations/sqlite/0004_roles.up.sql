-- What the names in users.roles allow. A name without a row here allows nothing, so the two may come and go apart.
-- Names are ASCII in lower case: name_key, which unique text has everywhere, is the name again.
CREATE TABLE roles (
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  permissions TEXT NOT NULL DEFAULT '[]',
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CONSTRAINT roles_primary_key PRIMARY KEY (id),
  CONSTRAINT roles_id_length CHECK (length(id) = 36),
  CONSTRAINT roles_permissions_array CHECK (permissions LIKE '[%]')
) STRICT;

CREATE UNIQUE INDEX roles_name_key_unique ON roles (name_key);
CREATE INDEX roles_created_at ON roles (created_at, id);
CREATE INDEX roles_updated_at ON roles (updated_at, id);

-- Of 2026-01-01T00:00:00Z, as its id says. Clients see it and can neither change nor remove it.
INSERT INTO roles (id, name, name_key, permissions, created_at, updated_at)
VALUES ('019b76da-a800-7000-8000-000000000001', 'admin', 'admin', '["*"]', 1767225600000, 1767225600000);

INSERT INTO table_versions (table_name, version) VALUES ('roles', random());

CREATE TRIGGER roles_version_after_insert AFTER INSERT ON roles BEGIN
  UPDATE table_versions SET version = random() WHERE table_name = 'roles';
END;

CREATE TRIGGER roles_version_after_delete AFTER DELETE ON roles BEGIN
  UPDATE table_versions SET version = random() WHERE table_name = 'roles';
END;

CREATE TRIGGER roles_version_after_update AFTER UPDATE ON roles BEGIN
  UPDATE table_versions SET version = random() WHERE table_name = 'roles';
END;
