-- Lists of one status, in each order that lists of users have: a status has many users.
CREATE INDEX users_status ON users (status, id) WHERE deleted_at IS NULL;
CREATE INDEX users_status_email_key ON users (status, email_key, id) WHERE deleted_at IS NULL;
CREATE INDEX users_status_name_key ON users (status, name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX users_status_updated_at ON users (status, updated_at, id) WHERE deleted_at IS NULL;
