import { number } from "./format";

/** Texts of search. */
export const search = {
  search: {
    open: "Search",
    title: "Search",
    titleOf: (query: string) => `Search: ${query}`,
    quoted: (query: string) => `“${query}”`,
    field: "Search messages",
    placeholder: "Search messages",
    submit: "Search",
    clear: "Clear",
    exit: "Exit search",
    messagesFor: (query: string) => `Search messages for “${query}”`,
    kind: "Search",
    results: "Results",
    count: (count: number, more: boolean) => `${number.format(count)}${more ? "+" : ""}`,
    found: (count: number, more: boolean, query: string) => {
      if (count === 0) return more ? "Still looking…" : `Nothing found for ${query}`;
      const results = count === 1 ? "1 result" : `${number.format(count)} results`;
      return `${results}${more ? " so far" : ""} for ${query}`;
    },
    older: "Show older results",
    lookingTitle: "Still looking…",
    looking: "There are many messages to search.",
    nothingTitle: "Nothing found",
    nothing:
      "No message in your rooms has all of these words. Try fewer of them, or another spelling.",
    nothingFiltered:
      "No message in your rooms matches all of that. Try removing one of the filters above the field.",
    refusedTitle: "That search isn’t valid",
    failedTitle: "The search failed",
    offlineTitle: "Campfire can’t be reached",
    offline: "You’re offline. Search works again when you’re back online.",
    offTitle: "Search is turned off",
    off: "The operator of this server has turned search off.",
    recent: "Recent searches",
    clearRecent: "Clear recent searches",
    clearRecentTitle: "Clear recent searches?",
    clearRecentText: "Are you sure you want to clear your recent searches?",
    clearRecentAction: "Clear",
    filters: "Filters",
    activeFilters: "Filters of this search",
    removeFilter: "Remove this filter",
    clearFilters: "Clear filters",
    apply: "Show results",
    words: "Words",
    from: "From",
    fromHint: "A name, or “me”",
    in: "In",
    anywhere: "All my rooms",
    after: "After",
    before: "Before",
    has: "With",
    kinds: { link: "a link", file: "a file", sound: "a sound", mention: "a mention" },
    filterNames: { from: "from", in: "in", after: "after", before: "before", has: "has" },
    help: {
      title: "Find the right message",
      use: "Use",
      name: "name",
      room: "room",
      filters: {
        from: "Messages by one person; from:me for your own",
        in: "Only in one room; names with spaces go in quotes",
        after: "Later than this day",
        before: "Earlier than this day",
        has: "With a link; or has:file, has:sound, has:mention",
      },
      phrase: "“two words”",
      phraseDoes: "Exactly these words, one after the other",
      prefix:
        "All words must be in the message. The last word can be incomplete: “lant” finds lanterns, too.",
    },
  },
};
