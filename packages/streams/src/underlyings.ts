import { instrumentOf } from '@bellwether/market';

/** Names of each index in other markets, the index itself first. */
const UNDERLYINGS = { ES: ['SPX', 'SPY'], NQ: ['NDX', 'QQQ'] } as const;

const FAMILY_OF_NAME: ReadonlyMap<string, 'ES' | 'NQ'> = new Map([
  ...(['ES', 'MES', 'SPX', 'SPY'] as const).map((name) => [name, 'ES'] as const),
  ...(['NQ', 'MNQ', 'NDX', 'QQQ'] as const).map((name) => [name, 'NQ'] as const),
]);

/** Whose options speak of a future, the best first. */
export function underlyingsOf(symbol: string): readonly string[] {
  const family = instrumentOf(symbol)?.family;
  return family === undefined ? [] : UNDERLYINGS[family];
}

/** A headline that names an index concerns that index; one that names none concerns all. */
export function concerns(names: readonly string[], symbol: string): boolean {
  const family = instrumentOf(symbol)?.family;
  let named = false;
  for (const name of names) {
    const of = FAMILY_OF_NAME.get(name);
    if (of === undefined) continue;
    if (of === family) return true;
    named = true;
  }
  return !named;
}
