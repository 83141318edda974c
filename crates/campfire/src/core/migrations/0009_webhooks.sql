-- What Campfire's own `webhooks` table does not have: the signing secret, and whether the bot gets every message.
CREATE TABLE campfire_webhook_settings (
  bot_id integer PRIMARY KEY NOT NULL,
  secret text,
  subscribe_all integer NOT NULL DEFAULT 0,
  updated_at datetime(6) NOT NULL
);

-- The delivery log of webhooks. `webhook_id` is the same for every attempt; `job_key` is the key of the delivery's job. A test
-- delivery has no message and stores who asked for it.
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
