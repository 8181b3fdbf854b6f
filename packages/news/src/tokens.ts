/** Longest text that is looked at, in UTF-16 units: a headline has at most 300 characters. */
export const TEXT_LENGTH_MAX = 600;

/** One class of characters and no alternatives inside: linear in the length of the text, whatever it holds. */
const WORD = /[a-z0-9']+|%/g;

/** The words of a text in lower case. Apostrophes of all kinds are one, and those of possessives are dropped. */
export function wordsOf(text: string): readonly string[] {
  const plain = text.slice(0, TEXT_LENGTH_MAX).toLowerCase().replaceAll('\u2019', "'").replaceAll('.', '');
  const found = plain.match(WORD) ?? [];
  return found.map((word) => (word.endsWith("'s") ? word.slice(0, -2) : word)).filter((word) => word !== "'");
}
