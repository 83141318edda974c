/** A part of a search snippet, and whether it is a match to highlight. */
export interface SnippetPart {
  text: string;
  isMatch: boolean;
}

const characters: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&#x27;": "'",
  "&amp;": "&",
};

/**
 * Splits a snippet for highlighting. The server sends escaped text with matches in `<mark>`;
 * nothing else in it is interpreted as markup.
 */
export function snippetParts(snippet: string): SnippetPart[] {
  const pieces: SnippetPart[] = [];
  let isMatch = false;
  for (const part of snippet.split(/(<\/?mark>)/)) {
    if (part === "<mark>") isMatch = true;
    else if (part === "</mark>") isMatch = false;
    else if (part !== "") pieces.push({ text: unescaped(part), isMatch });
  }
  return pieces;
}

function unescaped(text: string): string {
  return text.replaceAll(/&(?:lt|gt|quot|#39|#x27|amp);/g, (name) => characters[name] ?? name);
}
