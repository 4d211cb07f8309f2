-- What a POST with an Idempotency-Key was answered, written in the transaction of what it did. Keys, requests and roles
-- are keyed digests of 16 bytes. Nobody asks for all that have expired: each new row takes a few of the oldest away, and
-- positions say which those are, so that expires_at needs no index.
CREATE TABLE idempotency_keys (
  position bigint GENERATED ALWAYS AS IDENTITY,
  request_key bytea NOT NULL,
  fingerprint bytea NOT NULL,
  roles bytea NOT NULL,
  status bigint NOT NULL,
  location text COLLATE "C",
  etag text COLLATE "C",
  body text COLLATE "C" NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT idempotency_keys_primary_key PRIMARY KEY (position)
);

CREATE UNIQUE INDEX idempotency_keys_request_key_unique ON idempotency_keys (request_key);
