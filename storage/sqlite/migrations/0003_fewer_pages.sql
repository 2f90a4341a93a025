-- The same tables, shaped so that a step of a payment touches fewer pages. Units as in 0001.

-- What the writer must know of a payment to write beside it stands in its row: when its timer is due (NULL: none),
-- and how many ledger entries it has. The row is read for its version anyway.
CREATE TABLE new_payments (
  position            INTEGER PRIMARY KEY,
  tenant              TEXT    NOT NULL,
  id                  BLOB    NOT NULL,
  version             INTEGER NOT NULL,
  due                 INTEGER,
  entries             INTEGER NOT NULL,
  status              TEXT    NOT NULL,
  open                INTEGER NOT NULL,
  provider            TEXT    NOT NULL,
  provider_payment_id TEXT    NOT NULL,
  reference           TEXT    NOT NULL,
  customer_id         TEXT    NOT NULL,
  amount_minor        INTEGER NOT NULL,
  currency            TEXT    NOT NULL,
  captured_minor      INTEGER NOT NULL,
  refunded_minor      INTEGER NOT NULL,
  created_at          INTEGER NOT NULL,
  updated_at          INTEGER NOT NULL,
  json                TEXT    NOT NULL
) STRICT;
INSERT INTO new_payments
  SELECT position, tenant, id, version, (SELECT due FROM timers WHERE payment = payments.id),
    (SELECT coalesce(max(entry), 0) FROM ledger_entries WHERE payment = payments.id), status, open, provider,
    provider_payment_id, reference, customer_id, amount_minor, currency, captured_minor, refunded_minor, created_at,
    updated_at, json
  FROM payments ORDER BY position;
DROP TABLE payments;
ALTER TABLE new_payments RENAME TO payments;
CREATE UNIQUE INDEX payments_by_id        ON payments (tenant, id);
CREATE        INDEX payments_by_status    ON payments (tenant, status, id);
CREATE        INDEX payments_by_reference ON payments (tenant, reference, id) WHERE reference <> '';
CREATE        INDEX payments_by_customer  ON payments (tenant, customer_id, id) WHERE customer_id <> '';
CREATE        INDEX payments_at_provider  ON payments (provider, provider_payment_id, id) WHERE provider_payment_id <> '';
-- Holds all that a start asks of open payments but the reason of the timer.
CREATE        INDEX payments_open         ON payments (id, tenant, due) WHERE open = 1;

-- The trial balance walks over the tenant's payments and their postings: a second copy of each posting in the order of
-- accounts cost every payment six entries, and is not needed for a question that is asked rarely.
CREATE TABLE new_ledger_entries (
  payment      BLOB    NOT NULL,
  entry        INTEGER NOT NULL,
  operation    BLOB    NOT NULL,
  account      TEXT    NOT NULL,
  currency     TEXT    NOT NULL,
  amount_minor INTEGER NOT NULL,
  PRIMARY KEY (payment, entry)
) STRICT, WITHOUT ROWID;
INSERT INTO new_ledger_entries
  SELECT payment, entry, operation, account, currency, amount_minor FROM ledger_entries ORDER BY payment, entry;
DROP TABLE ledger_entries;
ALTER TABLE new_ledger_entries RENAME TO ledger_entries;

-- Keys of the same moment are put in order when they expire.
DROP INDEX idempotency_keys_expiry;
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at) WHERE completed = 1;

-- Long rows are written at the end; only the small index is searched.
CREATE TABLE new_payment_events (
  position       INTEGER PRIMARY KEY,
  payment        BLOB    NOT NULL,
  sequence       INTEGER NOT NULL,
  id             BLOB    NOT NULL,
  at             INTEGER NOT NULL,
  type           TEXT    NOT NULL,
  schema_version INTEGER NOT NULL,
  json           TEXT    NOT NULL
) STRICT;
INSERT INTO new_payment_events (payment, sequence, id, at, type, schema_version, json)
  SELECT payment, sequence, id, at, type, schema_version, json FROM payment_events ORDER BY payment, sequence;
DROP TABLE payment_events;
ALTER TABLE new_payment_events RENAME TO payment_events;
CREATE UNIQUE INDEX payment_events_in_order ON payment_events (payment, sequence);

-- One tree in the order in which timers fire: the payment knows when its own is due.
CREATE TABLE new_timers (
  due     INTEGER NOT NULL,
  payment BLOB    NOT NULL,
  tenant  TEXT    NOT NULL,
  kind    TEXT    NOT NULL,
  PRIMARY KEY (due, payment)
) STRICT, WITHOUT ROWID;
INSERT INTO new_timers SELECT due, payment, tenant, kind FROM timers ORDER BY due, payment;
DROP TABLE timers;
ALTER TABLE new_timers RENAME TO timers;

-- Without AUTOINCREMENT, which writes a row of its own for every row. A position is still never used twice: when the
-- last row goes, `forget` leaves an empty one of no tenant in its place.
CREATE TABLE new_outbox (
  position INTEGER PRIMARY KEY,
  tenant   TEXT    NOT NULL,
  id       BLOB    NOT NULL,
  payment  BLOB    NOT NULL,
  sequence INTEGER NOT NULL,
  type     TEXT    NOT NULL,
  at       INTEGER NOT NULL,
  json     TEXT    NOT NULL
) STRICT;
INSERT INTO new_outbox SELECT position, tenant, id, payment, sequence, type, at, json FROM outbox ORDER BY position;
INSERT INTO new_outbox
  SELECT seq, '', x'', x'', 0, '', 0, '' FROM sqlite_sequence
  WHERE name = 'outbox' AND seq > (SELECT coalesce(max(position), 0) FROM outbox);
DROP TABLE outbox;
ALTER TABLE new_outbox RENAME TO outbox;
CREATE        INDEX outbox_of_tenant ON outbox (tenant);
CREATE UNIQUE INDEX outbox_by_id     ON outbox (tenant, id);
