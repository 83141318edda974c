-- What administrators and people did that others may have to account for. The names stay readable when the rows are gone.
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

-- Whose direct messages a person does not want.
CREATE TABLE campfire_blocks (
  user_id integer NOT NULL,
  blocked_id integer NOT NULL,
  created_at text NOT NULL,
  PRIMARY KEY (user_id, blocked_id)
) WITHOUT ROWID;

-- Links that set a new password: the token's digest, never the token.
CREATE TABLE campfire_password_resets (
  digest text PRIMARY KEY NOT NULL,
  user_id integer NOT NULL,
  created_at text NOT NULL,
  expires_at text NOT NULL
) WITHOUT ROWID;

-- Transfer links that were used, until they would have expired.
CREATE TABLE campfire_used_transfers (digest text PRIMARY KEY NOT NULL, expires_at text NOT NULL) WITHOUT ROWID;

-- When a person's password last changed: transfer links that are older are worth nothing.
CREATE TABLE campfire_password_changes (user_id integer PRIMARY KEY NOT NULL, changed_at text NOT NULL);

-- Rooms that were deleted and still have messages to be removed, some at a time.
CREATE TABLE campfire_deleted_rooms (room_id integer PRIMARY KEY NOT NULL, deleted_at text NOT NULL);

-- People who were banned here and still have messages to be removed, some at a time. What a ban of Campfire (Rails) left stays.
CREATE TABLE campfire_banned_authors (user_id integer PRIMARY KEY NOT NULL, banned_at text NOT NULL);

CREATE INDEX campfire_users_by_address ON users (lower(email_address));
