/** Longest headline, in characters. */
export const HEADLINE_LENGTH_MAX = 300;

/** Controls, line and paragraph ends, what turns the direction of writing, what is not seen, half characters. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu;
/** Normalising can lengthen a text, at most about so many times. */
const RAW_LENGTH_MAX = 20 * HEADLINE_LENGTH_MAX;

/**
 * A headline as it may be stored and shown: one spelling of each character (NFKC), no control or invisible characters, single
 * blanks, at most 300 characters. Empty where nothing is left.
 */
export function cleanHeadline(raw: string): string {
  const text = raw
    .slice(0, RAW_LENGTH_MAX)
    .normalize('NFKC')
    .replace(UNSAFE, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return Array.from(text).slice(0, HEADLINE_LENGTH_MAX).join('').trim();
}
