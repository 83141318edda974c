-- What Campfire's own `webhooks` does not hold about a bot's webhook: what its calls are signed with, and whether it hears everything.
CREATE TABLE campfire_webhook_settings (
  bot_id integer PRIMARY KEY NOT NULL,
  secret text,
  subscribe_all integer NOT NULL DEFAULT 0,
  updated_at datetime(6) NOT NULL
);

-- What bots were to be told, the log of it. `webhook_id` is the same at every attempt; `job_key` names the job in the outbox that
-- does it, or did. A test is about no message and keeps who asked for it.
CREATE TABLE campfire_webhook_deliveries (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  bot_id integer NOT NULL,
  webhook_id text NOT NULL UNIQUE,
  job_key text NOT NULL UNIQUE,
  message_id integer,
  room_id integer,
  tester_id integer,
  url_host text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
  reply text CHECK (reply IN ('posted', 'ignored')),
  created_at datetime(6) NOT NULL,
  updated_at datetime(6) NOT NULL
);
CREATE INDEX campfire_webhook_deliveries_by_bot ON campfire_webhook_deliveries (bot_id, id);
CREATE INDEX campfire_webhook_deliveries_waiting ON campfire_webhook_deliveries (bot_id) WHERE state = 'waiting';

CREATE TABLE campfire_webhook_attempts (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  delivery_id integer NOT NULL REFERENCES campfire_webhook_deliveries (id) ON DELETE CASCADE,
  at datetime(6) NOT NULL,
  status integer,
  outcome text NOT NULL,
  duration_ms integer NOT NULL
);
CREATE INDEX campfire_webhook_attempts_by_delivery ON campfire_webhook_attempts (delivery_id, id);
