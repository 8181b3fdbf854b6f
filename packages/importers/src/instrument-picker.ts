import { contractOf, type ContractMonth } from '@bellwether/market';
import { quoted, symbolUnclear } from './refusals.js';

/** Different instruments that are counted one by one; the rest of a whole exchange is counted together. */
const INSTRUMENTS_MAX = 10_000;
/** Instruments that a message names. */
const NAMED_MAX = 8;

const OUTRIGHT = /^(ES|NQ|MES|MNQ)([HMUZ])(\d{1,2})$/;
const CONTINUOUS = /^(ES|NQ|MES|MNQ)(?:\.[a-z]\.\d+)?$/i;

export interface PickOptions {
  readonly name: string;
  /** ES, NQ, MES, MNQ; null where the file must tell it. */
  readonly symbol: string | null;
  /** Such as ESZ25. */
  readonly contract: string | null;
  /** As the file names it; settles everything. */
  readonly instrument: string | null;
}

interface Seen {
  rows: number;
  readonly wanted: boolean;
}

/** ES of `ESZ5`, `ESZ25` and `ES.c.0`; null for spreads, options and everything else. */
export function rootOf(key: string): string | null {
  return (OUTRIGHT.exec(key) ?? CONTINUOUS.exec(key))?.[1]?.toUpperCase() ?? null;
}

/** Databento and the exchange write years with one digit or two. */
function isOfMonth(key: string, { root, year, month }: ContractMonth): boolean {
  const [, itsRoot, letter, digits] = OUTRIGHT.exec(key) ?? [];
  if (itsRoot !== root || letter === undefined || digits === undefined) return false;
  return 'HMUZ'.indexOf(letter) * 3 + 3 === month && year % 10 ** digits.length === Number(digits);
}

/**
 * Says which bars of a file with several instruments are meant. Spreads and other products are left out and counted; two
 * instruments that could both be meant are refused, with how many bars each has.
 */
export class InstrumentPicker {
  readonly #seen = new Map<string, Seen>();
  readonly #month: ContractMonth | null;
  #beyond = 0;
  #lastKey: string | null = null;
  #last: Seen = { rows: 0, wanted: false };

  constructor(private readonly options: PickOptions) {
    this.#month = options.contract === null ? null : contractOf(options.contract);
  }

  /** Whether a bar of this instrument is taken. */
  wants(key: string): boolean {
    if (key !== this.#lastKey) {
      let seen = this.#seen.get(key);
      if (seen === undefined) {
        if (this.#seen.size >= INSTRUMENTS_MAX) {
          this.#beyond++;
          return false;
        }
        seen = { rows: 0, wanted: this.#isWanted(key) };
        this.#seen.set(key, seen);
      }
      this.#lastKey = key;
      this.#last = seen;
    }
    this.#last.rows++;
    return this.#last.wanted;
  }

  #isWanted(key: string): boolean {
    const { instrument, symbol } = this.options;
    if (instrument !== null) return key === instrument;
    if (this.#month !== null && OUTRIGHT.test(key)) return isOfMonth(key, this.#month);
    // A number is an instrument id of a file without symbols: nothing tells what it is.
    if (/^\d+$/.test(key)) return true;
    const root = rootOf(key);
    return root !== null && (symbol === null || root === symbol);
  }

  #named(keep: (seen: Seen) => boolean): string {
    const all = [...this.#seen].filter(([, seen]) => keep(seen)).sort((a, b) => b[1].rows - a[1].rows);
    const shown = all.slice(0, NAMED_MAX).map(([key, { rows }]) => `${quoted(key).slice(1, -1)} (${rows})`);
    const more = all.length - shown.length;
    return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
  }

  /** The one instrument that was taken; null for a format that names none. @throws BellwetherError `symbol_unclear` */
  picked(): string | null {
    if (this.#seen.size === 0) return null;
    const wanted = [...this.#seen].filter(([, seen]) => seen.wanted).map(([key]) => key);
    const { name, symbol, instrument, contract } = this.options;
    if (wanted.length === 1) return wanted[0]!;
    if (wanted.length > 1) {
      const list = this.#named((seen) => seen.wanted);
      throw symbolUnclear(
        name,
        `It holds several instruments that could be meant: ${list}. Give --contract ESZ25, or --instrument NAME as ` +
          'the file names it',
      );
    }
    const asked = instrument ?? contract ?? symbol ?? 'ES, NQ, MES or MNQ';
    throw symbolUnclear(
      name,
      `It holds no bar of ${asked}, but of ${this.#named(() => true)}. Give --symbol, --contract or --instrument to match`,
    );
  }

  notes(): readonly string[] {
    if (this.#seen.size === 0) return [];
    let spreads = 0;
    let others = this.#beyond;
    for (const [key, { rows, wanted }] of this.#seen) {
      if (wanted) continue;
      if (key.includes('-')) spreads += rows;
      else others += rows;
    }
    const found = [];
    if (spreads > 0) found.push(`${spreads} bars of spreads were left out`);
    if (others > 0) found.push(`${others} bars of other instruments were left out`);
    return found;
  }
}
