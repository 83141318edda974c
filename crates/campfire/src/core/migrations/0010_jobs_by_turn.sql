-- Due jobs with an ordering key are found key by key, however many wait; the others by time.
DROP INDEX campfire_jobs_by_turn;
CREATE INDEX campfire_jobs_by_turn ON campfire_jobs (state, run_at) WHERE lane IS NULL;
