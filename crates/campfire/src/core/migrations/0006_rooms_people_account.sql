-- The audit log. Names are copied, so that they can be read after their rows are deleted.
CREATE TABLE campfire_audit (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  action text NOT NULL,
  actor_id integer,
  subject_type text,
  subject_id integer,
  subject_name text,
  detail text DEFAULT '' NOT NULL,
  ip_address text,
  created_at text NOT NULL
);

-- Users whose direct messages a user blocked.
CREATE TABLE campfire_blocks (
  user_id integer NOT NULL,
  blocked_id integer NOT NULL,
  created_at text NOT NULL,
  PRIMARY KEY (user_id, blocked_id)
) WITHOUT ROWID;

-- Password reset links: the digest of the token, never the token.
CREATE TABLE campfire_password_resets (
  digest text PRIMARY KEY NOT NULL,
  user_id integer NOT NULL,
  created_at text NOT NULL,
  expires_at text NOT NULL
) WITHOUT ROWID;

-- Used transfer links, until they would have expired.
CREATE TABLE campfire_used_transfers (digest text PRIMARY KEY NOT NULL, expires_at text NOT NULL) WITHOUT ROWID;

-- When a user's password last changed: older transfer links are invalid.
CREATE TABLE campfire_password_changes (user_id integer PRIMARY KEY NOT NULL, changed_at text NOT NULL);

-- Deleted rooms whose messages are still to be purged.
CREATE TABLE campfire_deleted_rooms (room_id integer PRIMARY KEY NOT NULL, deleted_at text NOT NULL);

-- Users banned here whose messages are still to be purged. Messages of users banned by Campfire (Rails) stay.
CREATE TABLE campfire_banned_authors (user_id integer PRIMARY KEY NOT NULL, banned_at text NOT NULL);

CREATE INDEX campfire_users_by_address ON users (lower(email_address));
