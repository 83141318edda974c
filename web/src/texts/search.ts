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
    looking: "There is a lot to look through.",
    nothingTitle: "Nothing found",
    nothing:
      "No message in your rooms has all of these words. Try fewer of them, or another spelling.",
    nothingFiltered:
      "No message in your rooms fits all of that. Try it without one of the filters above the field.",
    refusedTitle: "That search is too much",
    failedTitle: "The search didn’t work",
    offlineTitle: "Campfire can’t be reached",
    offline: "You are offline. Searching works again when you are back.",
    offTitle: "There is no search here",
    off: "The operator of this server has turned search off.",
    recent: "Recent searches",
    forget: "Clear recent searches",
    forgetTitle: "Clear recent searches?",
    forgetText: "Are you sure you want to clear your recent searches?",
    forgetAction: "Clear",
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
        from: "What somebody wrote; from:me is what you wrote",
        in: "Only in one room; names with spaces go in quotes",
        after: "Later than this day",
        before: "Earlier than this day",
        has: "With a link; or has:file, has:sound, has:mention",
      },
      phrase: "“two words”",
      phraseDoes: "Exactly these words, one after the other",
      prefix:
        "All words must be in the message. The last one may be just a beginning: “lant” finds lanterns, too.",
    },
  },
};
