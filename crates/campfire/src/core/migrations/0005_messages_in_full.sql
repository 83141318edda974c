-- Deleted messages: with a snapshot for the seconds in which the deletion can be undone; after that, for a day, only their position,
-- for clients that reconnect and continue from it.
CREATE TABLE campfire_deleted_messages (
  message_id integer PRIMARY KEY NOT NULL,
  room_id integer NOT NULL,
  said_at text NOT NULL,
  deleter_id integer NOT NULL,
  deleted_at text NOT NULL,
  snapshot text
);

CREATE INDEX campfire_deleted_messages_by_moment ON campfire_deleted_messages (deleted_at);

-- The inbox: who is notified of which message. Rows are deleted with their message, also when Campfire (Rails) deletes it.
CREATE TABLE campfire_notices (
  user_id integer NOT NULL,
  message_id integer NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  reason text NOT NULL,
  noticed_at text NOT NULL,
  PRIMARY KEY (user_id, message_id)
) WITHOUT ROWID;

CREATE INDEX campfire_notices_in_order ON campfire_notices (user_id, noticed_at, message_id);
CREATE INDEX campfire_notices_by_message ON campfire_notices (message_id);

-- Until when a user has seen their inbox.
CREATE TABLE campfire_inboxes (user_id integer PRIMARY KEY NOT NULL, seen_at text NOT NULL);

CREATE TABLE campfire_bookmarks (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  user_id integer NOT NULL,
  message_id integer NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  created_at text NOT NULL,
  UNIQUE (user_id, message_id)
);

CREATE INDEX campfire_bookmarks_by_message ON campfire_bookmarks (message_id);

CREATE TABLE campfire_preferences (user_id integer PRIMARY KEY NOT NULL, replies_notify integer DEFAULT 1 NOT NULL);
