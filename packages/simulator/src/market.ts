import {
  ClockReason,
  DataOrigin,
  EntryKind,
  Policy,
  bookConfigOf,
  type Bar,
  type BookConfig,
  type BookFile,
  type Entry,
} from '@bellwether/contracts';
import { schemaSha256 } from '@bellwether/features';
import { bookInputs, nextRelease, promotionEntry, releaseEntry } from '@bellwether/ingestion';
import { present } from '@bellwether/kernel';
import { stageVersions } from '@bellwether/line';
import { sessionAt } from '@bellwether/market';
import { generateSessions } from '@bellwether/testkit';
import { trunkPromotion } from './trunk-model.js';

/** The book of every simulated run. */
export const BOOK = 'sim';

export const SOURCE = 'simulated';

/** A regime is known only after so many full sessions; before the first decided one they warm up. */
const WARMUP_SESSIONS = 20;
const DECIDED_SESSIONS_MAX = 2;
const FIRST_TRADE_DATE = 20_250_303;

/** Bars are five minutes and cover the cash session alone: a sixteenth of a day of one-minute bars. */
const FIVE_MINUTES_US = 300_000_000;
const AFTER_CASH_US = 3 * FIVE_MINUTES_US;
/** Decided sessions begin half an hour later, which saves frames in which no regime can be known. */
const LATER_US = 6 * FIVE_MINUTES_US;

/** What a run draws of its book. */
export interface BookTerms {
  readonly softLossUsd: number;
  readonly killLossUsd: number;
  readonly execution: 'paper' | 'external';
  /** Models decide: arms are chosen over a trunk, which is replaced in the middle of the run. */
  readonly learned: boolean;
}

const LEARNED: Pick<BookFile, 'policy' | 'models' | 'bandit'> = {
  policy: 'learned',
  models: {
    regime: false,
    forecast: false,
    confidence: false,
    allow_synthetic: true,
    stale_after_days: 3_650,
  },
  bandit: { selection: 'neural_linear', min_count: 0 },
};

export function bookOf(terms: BookTerms): BookConfig {
  const file: BookFile = {
    book: BOOK,
    symbols: [{ symbol: 'ES' }],
    bar_interval: '5m',
    execution: terms.execution,
    valid_for_s: 600,
    limits: { daily_soft_loss_usd: terms.softLossUsd, kill_loss_usd: terms.killLossUsd },
    known_time: 'event',
    ...(terms.learned ? LEARNED : {}),
  };
  return bookConfigOf(file).config;
}

const cache = new Map<string, readonly Entry[]>();

/** The raw inputs of a run: the release, twenty sessions of warm-up, one or two days. Made once for each market. */
export async function rawInputs(market: number, days: number, config: BookConfig): Promise<readonly Entry[]> {
  const key = `${market}:${days}`;
  let entries = cache.get(key);
  if (entries === undefined) {
    entries = await withoutRelease(market, days, config);
    cache.set(key, entries);
  }
  const release = present(nextRelease({ config, stages: stageVersions(), latest: null }), 'a first release');
  const at_us = present(entries[0], 'a first entry').known_us;
  const first = releaseEntry(BOOK, release, at_us, DataOrigin.SYNTHETIC);
  return config.policy === Policy.LEARNED ? [first, ...withTrunks(entries)] : [first, ...entries];
}

/** A trunk behind the first bar that is decided on, and another in the middle. */
function withTrunks(entries: readonly Entry[]): readonly Entry[] {
  // The first bar stays the first of what a run decides for itself.
  const begin = entries.findIndex(({ kind }) => kind === EntryKind.BAR) + 1;
  const middle = begin + Math.floor((entries.length - begin) / 2);
  const schema_hash = present(schemaSha256(FIVE_MINUTES_US), 'the schema of five minutes');
  return entries.flatMap((entry, i) => {
    if (i !== begin && i !== middle) return [entry];
    const at_us = present(entries[i - 1], 'an entry before it').known_us + 1;
    const trunk = trunkPromotion(i === begin ? '1' : '2', schema_hash);
    return [promotionEntry(BOOK, trunk, at_us, DataOrigin.SYNTHETIC), entry];
  });
}

async function withoutRelease(market: number, days: number, config: BookConfig): Promise<readonly Entry[]> {
  const { bars, from } = barsOf(market, days);
  const source = { symbol: 'ES', source: SOURCE, origin: DataOrigin.SYNTHETIC, bars };
  const entries: Entry[] = [];
  for await (const entry of bookInputs({ config, series: [source], release: null, from, to: null })) {
    // Between two days an idle entry would come every five minutes, and say nothing.
    if (entry.clock?.reason !== ClockReason.IDLE) entries.push(entry);
  }
  return entries;
}

/** The bars, and the first trade date that is decided on. */
function barsOf(market: number, days: number): { readonly bars: readonly Bar[]; readonly from: number } {
  const sessions = WARMUP_SESSIONS + DECIDED_SESSIONS_MAX;
  const all = generateSessions({
    ...{ seed: `market ${market}`, symbol: 'ES', firstTradeDate: FIRST_TRADE_DATE },
    ...{ sessions, interval: '5m' as const },
  });
  const dates: number[] = [];
  const bars: Bar[] = [];
  for (const bar of all) {
    const session = present(sessionAt(bar.open_us), 'the session of a bar');
    if (dates.at(-1) !== session.trade_date) dates.push(session.trade_date);
    if (dates.length > WARMUP_SESSIONS + days) break;
    const first_us = session.rth_open_us + (dates.length > WARMUP_SESSIONS ? LATER_US : 0);
    if (bar.open_us >= first_us && bar.open_us < session.rth_close_us + AFTER_CASH_US) bars.push(bar);
  }
  return { bars, from: present(dates[WARMUP_SESSIONS], 'a decided session') };
}
