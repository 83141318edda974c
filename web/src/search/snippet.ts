/** A piece of a text that was found, and whether it is what was looked for. */
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
 * The pieces of a snippet. The server sends escaped text with its matches in `<mark>`; only that is read
 * here, so that nothing else in it could ever become markup.
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
