/** Where the names of all emoji are served, without a slash at the end. */
declare const __EMOJI_URL__: string;
