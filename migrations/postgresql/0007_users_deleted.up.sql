-- The users who are deleted, for admins who look for one to restore: the last one deleted comes first.
CREATE INDEX users_deleted_at ON users (deleted_at, id) WHERE deleted_at IS NOT NULL;
