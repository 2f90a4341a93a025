-- Times are microseconds since the Unix epoch, amounts minor units of the currency beside them, ids the 16 bytes
-- of a UUIDv7 (so they sort by time). Each key starts with the tenant or with the payment.

CREATE TABLE tenants (
  id         TEXT    NOT NULL PRIMARY KEY,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO tenants (id, created_at) VALUES ('default', 0);

CREATE TABLE api_keys (
  id         TEXT    NOT NULL PRIMARY KEY,
  tenant     TEXT    NOT NULL REFERENCES tenants (id),
  hash       BLOB    NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The truth: what happened, in order, for ever.
CREATE TABLE payment_events (
  payment        BLOB    NOT NULL,
  sequence       INTEGER NOT NULL,
  id             BLOB    NOT NULL,
  at             INTEGER NOT NULL,
  type           TEXT    NOT NULL,
  schema_version INTEGER NOT NULL,
  json           TEXT    NOT NULL,
  PRIMARY KEY (payment, sequence)
) STRICT, WITHOUT ROWID;

-- The projection for reads. It has a rowid because its rows are long: in a WITHOUT ROWID table they would fill the
-- inner pages of the tree too.
CREATE TABLE payments (
  position            INTEGER PRIMARY KEY,
  tenant              TEXT    NOT NULL,
  id                  BLOB    NOT NULL,
  version             INTEGER NOT NULL,
  status              TEXT    NOT NULL,
  amount_minor        INTEGER NOT NULL,
  currency            TEXT    NOT NULL,
  captured_minor      INTEGER NOT NULL,
  refunded_minor      INTEGER NOT NULL,
  provider            TEXT    NOT NULL,
  provider_payment_id TEXT    NOT NULL,
  reference           TEXT    NOT NULL,
  customer_id         TEXT    NOT NULL,
  open                INTEGER NOT NULL,
  created_at          INTEGER NOT NULL,
  updated_at          INTEGER NOT NULL,
  json                TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX payments_by_id        ON payments (tenant, id);
CREATE        INDEX payments_by_status    ON payments (tenant, status, id);
CREATE        INDEX payments_by_reference ON payments (tenant, reference, id) WHERE reference <> '';
CREATE        INDEX payments_by_customer  ON payments (tenant, customer_id, id) WHERE customer_id <> '';
CREATE        INDEX payments_open         ON payments (id, tenant) WHERE open = 1;

CREATE TABLE operations (
  payment         BLOB    NOT NULL,
  id              BLOB    NOT NULL,
  kind            TEXT    NOT NULL,
  status          TEXT    NOT NULL,
  amount_minor    INTEGER NOT NULL,
  currency        TEXT    NOT NULL,
  attempts        INTEGER NOT NULL,
  idempotency_key TEXT    NOT NULL,
  provider_object TEXT    NOT NULL,
  started_at      INTEGER NOT NULL,
  PRIMARY KEY (payment, id)
) STRICT, WITHOUT ROWID;

-- Clients' keys are random, their answers long: the rows are appended, and only the small index is random.
CREATE TABLE idempotency_keys (
  position    INTEGER PRIMARY KEY,
  tenant      TEXT    NOT NULL,
  key         TEXT    NOT NULL,
  payment     BLOB    NOT NULL,
  fingerprint BLOB    NOT NULL,
  completed   INTEGER NOT NULL,
  status      INTEGER NOT NULL,
  claimed_at  INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  body        TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX idempotency_keys_by_key ON idempotency_keys (tenant, key);
CREATE        INDEX idempotency_keys_expiry ON idempotency_keys (expires_at, tenant, key) WHERE completed = 1;

-- Double entry: positive is a debit. `entry` counts within the payment.
CREATE TABLE ledger_entries (
  payment      BLOB    NOT NULL,
  entry        INTEGER NOT NULL,
  tenant       TEXT    NOT NULL,
  operation    BLOB    NOT NULL,
  account      TEXT    NOT NULL,
  currency     TEXT    NOT NULL,
  amount_minor INTEGER NOT NULL,
  PRIMARY KEY (payment, entry)
) STRICT, WITHOUT ROWID;
-- Holds all that the trial balance needs; within an account it grows at its end.
CREATE INDEX ledger_by_account ON ledger_entries (tenant, account, currency, payment, entry, amount_minor);

-- One wake-up per payment.
CREATE TABLE timers (
  payment BLOB    NOT NULL PRIMARY KEY,
  tenant  TEXT    NOT NULL,
  due     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX timers_due ON timers (due, payment, tenant);
