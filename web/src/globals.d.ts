/** The base URL of the emoji data, without a trailing slash. */
declare const __EMOJI_URL__: string;
