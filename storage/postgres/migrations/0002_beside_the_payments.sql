-- Webhooks of providers, our own events for merchants and their deliveries, tasks for operators and what they did.
-- Units as in 0001.

-- Verified webhooks as they came. The position is the order of receipt; a batch that failed leaves a gap in it.
CREATE TABLE webhook_events (
  id          uuid NOT NULL PRIMARY KEY,
  position    bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  created_at  bigint NOT NULL,
  received_at bigint NOT NULL,
  due         bigint,
  settled_at  bigint,
  payment     uuid,
  attempts    integer NOT NULL,
  livemode    boolean NOT NULL,
  tenant      text COLLATE "C" NOT NULL,
  provider    text COLLATE "C" NOT NULL,
  event       text COLLATE "C" NOT NULL,
  type        text COLLATE "C" NOT NULL,
  object      text COLLATE "C" NOT NULL,
  status      text COLLATE "C" NOT NULL,
  error       bytea NOT NULL,
  body        bytea NOT NULL
) WITH (fillfactor = 85);
-- What makes a second copy of a webhook harmless.
CREATE UNIQUE INDEX webhook_events_by_event   ON webhook_events (provider, event);
CREATE        INDEX webhook_events_due        ON webhook_events (provider, due, position) WHERE due IS NOT NULL;
CREATE        INDEX webhook_events_of_tenant  ON webhook_events (tenant, id);
-- Nearly all end as applied: a list of those walks over the tenant's, and only the others are worth an entry.
CREATE        INDEX webhook_events_by_status  ON webhook_events (tenant, status, id) WHERE status <> 'applied';
CREATE        INDEX webhook_events_of_payment ON webhook_events (tenant, payment, id) WHERE payment IS NOT NULL;
CREATE        INDEX webhook_events_received   ON webhook_events (tenant, received_at);
CREATE        INDEX webhook_events_settled    ON webhook_events (settled_at, position)
  WHERE status IN ('applied', 'ignored');

-- Our events in the order in which endpoints get them. Positions are given under a lock that is held until the
-- commit, so whoever has seen one has seen all before it; see README, "The order of the outbox".
CREATE TABLE outbox (
  position bigint NOT NULL PRIMARY KEY,
  id       uuid NOT NULL,
  payment  uuid NOT NULL,
  sequence bigint NOT NULL,
  at       bigint NOT NULL,
  tenant   text COLLATE "C" NOT NULL,
  type     text COLLATE "C" NOT NULL,
  json     bytea NOT NULL
);
CREATE        INDEX outbox_of_tenant ON outbox (tenant, position);
CREATE UNIQUE INDEX outbox_by_id     ON outbox (tenant, id);

-- The highest position that was ever forgotten: none is used twice, since cursors refer to them. One row.
CREATE TABLE outbox_forgotten (position bigint NOT NULL);
INSERT INTO outbox_forgotten VALUES (0);

-- Few rows, read whole at start. `types` has one type per line.
CREATE TABLE webhook_endpoints (
  id                    uuid NOT NULL PRIMARY KEY,
  position              bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  previous_secret_until bigint,
  cursor                bigint NOT NULL,
  created_at            bigint NOT NULL,
  updated_at            bigint NOT NULL,
  enabled               boolean NOT NULL,
  tenant                text COLLATE "C" NOT NULL,
  url                   text COLLATE "C" NOT NULL,
  description           bytea NOT NULL,
  types                 text COLLATE "C" NOT NULL,
  disabled_reason       text COLLATE "C" NOT NULL,
  secret                text COLLATE "C" NOT NULL,
  previous_secret       text COLLATE "C" NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX webhook_endpoints_of_tenant ON webhook_endpoints (tenant, position);

CREATE TABLE deliveries (
  endpoint        uuid NOT NULL,
  event           uuid NOT NULL,
  payment         uuid NOT NULL,
  position        bigint NOT NULL,
  duration        bigint NOT NULL,
  next_attempt_at bigint,
  updated_at      bigint NOT NULL,
  attempts        integer NOT NULL,
  response_status integer NOT NULL,
  type            text COLLATE "C" NOT NULL,
  status          text COLLATE "C" NOT NULL,
  error           bytea NOT NULL,
  PRIMARY KEY (endpoint, position)
) WITH (fillfactor = 85);
-- A list of what is delivered walks over all; what is not is worth an entry.
CREATE INDEX deliveries_by_status ON deliveries (endpoint, status, position) WHERE status <> 'delivered';
CREATE INDEX deliveries_settled   ON deliveries (updated_at, endpoint, position) WHERE status <> 'pending';

CREATE TABLE tasks (
  id             uuid NOT NULL,
  payment        uuid NOT NULL,
  operation      uuid NOT NULL,
  amount_minor   bigint NOT NULL,
  created_at     bigint NOT NULL,
  resolved_at    bigint,
  tenant         text COLLATE "C" NOT NULL,
  kind           text COLLATE "C" NOT NULL,
  status         text COLLATE "C" NOT NULL,
  operation_kind text COLLATE "C" NOT NULL,
  currency       text COLLATE "C" NOT NULL,
  provider       text COLLATE "C" NOT NULL,
  detail         bytea NOT NULL,
  outcome        text COLLATE "C" NOT NULL,
  reason         bytea NOT NULL,
  resolved_by    text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, id)
) WITH (fillfactor = 85);
CREATE INDEX tasks_by_status  ON tasks (tenant, status, id);
CREATE INDEX tasks_of_payment ON tasks (tenant, payment, id);

-- What operators did. Rows are added, never changed.
CREATE TABLE audit_log (
  id         uuid NOT NULL,
  at         bigint NOT NULL,
  tenant     text COLLATE "C" NOT NULL,
  actor      text COLLATE "C" NOT NULL,
  action     text COLLATE "C" NOT NULL,
  object     bytea NOT NULL,
  detail     bytea NOT NULL,
  request_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, id)
);
