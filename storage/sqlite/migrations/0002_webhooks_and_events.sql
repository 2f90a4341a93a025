-- Webhooks of providers, our own events for merchants and their deliveries, tasks for operators and what they did.
-- Units as in 0001. The end of every index of a table with a rowid is that rowid: it is not named again.

-- Verified webhooks as they came. The position is the order of receipt. The body is the last column, so that lists,
-- which do not show it, do not read its pages.
CREATE TABLE webhook_events (
  position    INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant      TEXT    NOT NULL,
  id          BLOB    NOT NULL,
  provider    TEXT    NOT NULL,
  event       TEXT    NOT NULL,
  type        TEXT    NOT NULL,
  livemode    INTEGER NOT NULL,
  object      TEXT    NOT NULL,
  created_at  INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  status      TEXT    NOT NULL,
  attempts    INTEGER NOT NULL,
  due         INTEGER,
  payment     BLOB,
  error       TEXT    NOT NULL,
  settled_at  INTEGER,
  body        BLOB    NOT NULL
) STRICT;
-- What makes a second copy of a webhook harmless.
CREATE UNIQUE INDEX webhook_events_by_event   ON webhook_events (provider, event);
CREATE UNIQUE INDEX webhook_events_by_id      ON webhook_events (id);
CREATE        INDEX webhook_events_due        ON webhook_events (provider, due) WHERE due IS NOT NULL;
CREATE        INDEX webhook_events_of_tenant  ON webhook_events (tenant, id);
CREATE        INDEX webhook_events_by_status  ON webhook_events (tenant, status, id);
CREATE        INDEX webhook_events_of_payment ON webhook_events (tenant, payment, id) WHERE payment IS NOT NULL;
-- Holds all that the health of the streams is counted from.
CREATE        INDEX webhook_events_counts     ON webhook_events (tenant, received_at, provider, status);
CREATE        INDEX webhook_events_settled    ON webhook_events (settled_at) WHERE status IN ('applied', 'ignored');

-- Our events in the order in which endpoints get them. A position is never used twice: cursors refer to it.
CREATE TABLE outbox (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant   TEXT    NOT NULL,
  id       BLOB    NOT NULL,
  payment  BLOB    NOT NULL,
  sequence INTEGER NOT NULL,
  type     TEXT    NOT NULL,
  at       INTEGER NOT NULL,
  json     TEXT    NOT NULL
) STRICT;
CREATE        INDEX outbox_of_tenant ON outbox (tenant);
CREATE UNIQUE INDEX outbox_by_id     ON outbox (tenant, id);

-- Few rows, read whole at start. `types` has one type per line.
CREATE TABLE webhook_endpoints (
  position              INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant                TEXT    NOT NULL,
  id                    BLOB    NOT NULL,
  url                   TEXT    NOT NULL,
  description           TEXT    NOT NULL,
  types                 TEXT    NOT NULL,
  enabled               INTEGER NOT NULL,
  disabled_reason       TEXT    NOT NULL,
  secret                TEXT    NOT NULL,
  previous_secret       TEXT    NOT NULL,
  previous_secret_until INTEGER,
  cursor                INTEGER NOT NULL,
  created_at            INTEGER NOT NULL,
  updated_at            INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX webhook_endpoints_by_id     ON webhook_endpoints (id);
CREATE        INDEX webhook_endpoints_of_tenant ON webhook_endpoints (tenant, cursor);

CREATE TABLE deliveries (
  endpoint        BLOB    NOT NULL,
  position        INTEGER NOT NULL,
  event           BLOB    NOT NULL,
  type            TEXT    NOT NULL,
  payment         BLOB    NOT NULL,
  status          TEXT    NOT NULL,
  attempts        INTEGER NOT NULL,
  response_status INTEGER NOT NULL,
  error           TEXT    NOT NULL,
  duration        INTEGER NOT NULL,
  next_attempt_at INTEGER,
  updated_at      INTEGER NOT NULL,
  PRIMARY KEY (endpoint, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_by_status ON deliveries (endpoint, status, position);
CREATE INDEX deliveries_settled   ON deliveries (updated_at, endpoint, position) WHERE status <> 'pending';

CREATE TABLE tasks (
  tenant         TEXT    NOT NULL,
  id             BLOB    NOT NULL,
  kind           TEXT    NOT NULL,
  status         TEXT    NOT NULL,
  payment        BLOB    NOT NULL,
  operation      BLOB    NOT NULL,
  operation_kind TEXT    NOT NULL,
  amount_minor   INTEGER NOT NULL,
  currency       TEXT    NOT NULL,
  provider       TEXT    NOT NULL,
  detail         TEXT    NOT NULL,
  outcome        TEXT    NOT NULL,
  reason         TEXT    NOT NULL,
  resolved_by    TEXT    NOT NULL,
  created_at     INTEGER NOT NULL,
  resolved_at    INTEGER,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tasks_by_status  ON tasks (tenant, status, id);
CREATE INDEX tasks_of_payment ON tasks (tenant, payment, id);

-- What operators did. Rows are added, never changed.
CREATE TABLE audit_log (
  tenant     TEXT    NOT NULL,
  id         BLOB    NOT NULL,
  at         INTEGER NOT NULL,
  actor      TEXT    NOT NULL,
  action     TEXT    NOT NULL,
  object     TEXT    NOT NULL,
  detail     TEXT    NOT NULL,
  request_id TEXT    NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

-- What the wake-up is for.
ALTER TABLE timers ADD COLUMN kind TEXT NOT NULL DEFAULT '';

-- The way from a webhook to its payment.
CREATE INDEX payments_at_provider ON payments (provider, provider_payment_id, id) WHERE provider_payment_id <> '';
