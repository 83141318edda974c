-- Text in scripts without spaces between words (CJK), as pairs of adjacent characters: Campfire's own index stores whole runs of
-- such characters as one word. Only the terms are stored; the text that is shown comes from Campfire's index, which stays as it is.
CREATE VIRTUAL TABLE campfire_search_unspaced USING fts5(body, content='', contentless_delete=1, tokenize=porter);

-- The terms of both indexes.
CREATE VIRTUAL TABLE campfire_search_words USING fts5vocab('message_search_index', 'instance');
CREATE VIRTUAL TABLE campfire_search_unspaced_words USING fts5vocab('campfire_search_unspaced', 'instance');
