import { instrumentOf, type ContractMonth, type Instrument } from '@bellwether/market';

/** What kind of thing the prices are of: each has hours, a grid and a volume of its own. */
export type SubjectKind = 'future' | 'cash_index' | 'etf';

/** What a file is judged as. */
export interface Subject {
  readonly symbol: string;
  readonly kind: SubjectKind;
  /** Smallest difference of prices, in points or dollars. */
  readonly tick: number;
  /** The index that the level is compared with, and what one point of the prices is in points of it. */
  readonly index: 'SPX' | 'NDX';
  readonly index_points: number;
  /** Null for what is no future. */
  readonly instrument: Instrument | null;
  readonly contract: ContractMonth | null;
}

const CENT = 0.01;

/** The symbols that a verdict can be made of, for messages. */
export const VERDICT_SYMBOLS = 'ES, NQ, MES, MNQ, the cash indexes SPX and NDX, or the funds SPY and QQQ';

/** What a symbol is judged as, or null for an unknown one. A fund holds about a tenth (SPY) or a 41st (QQQ) of its index. */
export function subjectOf(symbol: string, contract: ContractMonth | null = null): Subject | null {
  const instrument = instrumentOf(symbol);
  if (instrument !== null) {
    const index = instrument.family === 'ES' ? 'SPX' : 'NDX';
    const tick = instrument.tick_size_e4 / 10_000;
    return { symbol, kind: 'future', tick, index, index_points: 1, instrument, contract };
  }
  const none = { symbol, tick: CENT, instrument: null, contract: null };
  switch (symbol) {
    case 'SPX':
    case 'NDX':
      return { ...none, kind: 'cash_index', index: symbol, index_points: 1 };
    case 'SPY':
      return { ...none, kind: 'etf', index: 'SPX', index_points: 10 };
    case 'QQQ':
      return { ...none, kind: 'etf', index: 'NDX', index_points: 41 };
    default:
      return null;
  }
}
