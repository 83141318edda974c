-- Which session a browser was signed in by when it last asked to be notified. Whoever ends that session, from wherever, ends that too:
-- a device that was lost must not go on showing what is said. What Campfire stored belongs to no session, and stays.
CREATE TABLE campfire_push_sessions (
  subscription_id integer PRIMARY KEY NOT NULL REFERENCES push_subscriptions (id) ON DELETE CASCADE,
  session_id integer NOT NULL
);
CREATE INDEX campfire_push_sessions_by_session ON campfire_push_sessions (session_id);
CREATE TRIGGER campfire_push_ends_with_session AFTER DELETE ON sessions
BEGIN
  DELETE FROM push_subscriptions WHERE id IN (SELECT subscription_id FROM campfire_push_sessions WHERE session_id = OLD.id);
END;
