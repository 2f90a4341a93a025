-- Callbacks of providers that sign nothing say in their path what they are about.
ALTER TABLE webhook_events ADD COLUMN path TEXT NOT NULL DEFAULT '';
