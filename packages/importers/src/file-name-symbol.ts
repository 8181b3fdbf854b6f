const SYMBOL = /(?:^|[^A-Za-z0-9])(ES|NQ|MES|MNQ)(?:[HMUZ]\d{1,2}|\d?!|(?=[^A-Za-z0-9]))/;

/** The symbol that the name of a file tells, such as `ES 12-25.Last.txt` or `CME_MINI_NQ1!, 5.csv`; null where it tells none. */
export function fileNameSymbol(name: string): string | null {
  return SYMBOL.exec(`${name} `)?.[1] ?? null;
}
