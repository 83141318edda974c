-- The job queue. `state` is waiting, leased (being run by this process) or dead (given up, kept for operators). `lane` is the
-- ordering key: jobs with the same key run one after another.
CREATE TABLE campfire_jobs (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  key text NOT NULL UNIQUE,
  kind text NOT NULL,
  lane text,
  destination text NOT NULL,
  payload text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'leased', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  interruptions integer NOT NULL DEFAULT 0,
  run_at datetime(6) NOT NULL,
  failure text,
  created_at datetime(6) NOT NULL,
  updated_at datetime(6) NOT NULL
);
CREATE INDEX campfire_jobs_by_turn ON campfire_jobs (state, run_at);
CREATE INDEX campfire_jobs_by_lane ON campfire_jobs (lane, id) WHERE lane IS NOT NULL AND state <> 'dead';
CREATE INDEX campfire_jobs_by_destination ON campfire_jobs (destination, state);
