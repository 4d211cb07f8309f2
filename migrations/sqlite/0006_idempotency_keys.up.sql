-- What a POST with an Idempotency-Key was answered, written in the transaction of what it did. Keys, requests and roles
-- are keyed digests of 16 bytes. Nobody asks for all that have expired: each new row takes a few of the oldest away, and
-- positions say which those are, so that expires_at needs no index.
CREATE TABLE idempotency_keys (
  position INTEGER NOT NULL,
  request_key BLOB NOT NULL,
  fingerprint BLOB NOT NULL,
  roles BLOB NOT NULL,
  status INTEGER NOT NULL,
  location TEXT,
  etag TEXT,
  body TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  CONSTRAINT idempotency_keys_primary_key PRIMARY KEY (position)
) STRICT;

CREATE UNIQUE INDEX idempotency_keys_request_key_unique ON idempotency_keys (request_key);
