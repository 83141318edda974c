-- The session in which a browser last subscribed to push notifications. Ending the session, from any device, ends the subscription
-- too: a lost device must not keep showing messages. Subscriptions that Campfire (Rails) stored belong to no session and stay.
CREATE TABLE campfire_push_sessions (
  subscription_id integer PRIMARY KEY NOT NULL REFERENCES push_subscriptions (id) ON DELETE CASCADE,
  session_id integer NOT NULL
);
CREATE INDEX campfire_push_sessions_by_session ON campfire_push_sessions (session_id);
CREATE TRIGGER campfire_push_ends_with_session AFTER DELETE ON sessions
BEGIN
  DELETE FROM push_subscriptions WHERE id IN (SELECT subscription_id FROM campfire_push_sessions WHERE session_id = OLD.id);
END;
