-- Texts in scripts without spaces between words, as pairs of neighbouring signs (the words of Campfire's own index are its runs of
-- signs, whole sentences often). Only the terms are kept: what is shown comes from Campfire's index, which stays as it is.
CREATE VIRTUAL TABLE campfire_search_unspaced USING fts5(body, content='', contentless_delete=1, tokenize=porter);

-- The words of both indexes, read from the indexes themselves.
CREATE VIRTUAL TABLE campfire_search_words USING fts5vocab('message_search_index', 'instance');
CREATE VIRTUAL TABLE campfire_search_unspaced_words USING fts5vocab('campfire_search_unspaced', 'instance');
