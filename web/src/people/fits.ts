/** Whether a name contains the words, without regard to case and accents. */
export function fits(name: string, filter: string): boolean {
  return plain(name).includes(plain(filter.trim()));
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}
