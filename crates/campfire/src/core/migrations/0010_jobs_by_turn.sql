-- What waits in lanes is found lane by lane, however much it is; the rest by moment.
DROP INDEX campfire_jobs_by_turn;
CREATE INDEX campfire_jobs_by_turn ON campfire_jobs (state, run_at) WHERE lane IS NULL;
