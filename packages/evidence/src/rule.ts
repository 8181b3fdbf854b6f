import type { EvidenceEntry } from './evidence-file.js';

export type StatusWord = EvidenceEntry['status'];

export interface Judged {
  readonly status: StatusWord;
  /** For people: the numbers, or what is missing. */
  readonly why: string;
}

/** A year of sessions: less has seen too few kinds of weather. */
export const SESSIONS_MIN = 250;
/** Trades with the part: whoever does not trade gains what the trades of others lost, and has shown nothing. */
export const TRADES_MIN = 50;
/** Chance of calling a part told apart that does nothing, over all that was ever asked. */
export const CHANCE_MAX = 0.05;

const usd = (value: number | null): string =>
  value === null ? 'missing' : `${value >= 0 ? '+' : ''}${value.toFixed(2)}`;

/** The chance of so large a difference without any, for all comparisons and for every time the question was asked (Bonferroni). */
export function chanceOf({ numbers, run }: Pick<EvidenceEntry, 'numbers' | 'run'>): number | null {
  return numbers.p_adjusted === null ? null : Math.min(1, numbers.p_adjusted * run.times);
}

/** The numbers in one line. */
export function numbersText(entry: Pick<EvidenceEntry, 'numbers' | 'run' | 'data'>): string {
  const { mean_usd, low_usd, high_usd, sessions } = entry.numbers;
  const chance = chanceOf(entry);
  const interval = low_usd === null || high_usd === null ? '' : ` (${usd(low_usd)} to ${usd(high_usd)})`;
  const p = chance === null ? '' : `, p ${chance.toFixed(3)}`;
  return `${usd(mean_usd)} USD a day${interval}${p}, ${sessions} sessions of ${entry.data.title.slice(0, 80)}`;
}

/**
 * The rule. Proven: on market data that no model had seen, over at least {@link SESSIONS_MIN} sessions and {@link TRADES_MIN} trades, the book earned more with it than
 * without, told apart from chance after every correction. Rejected: so told apart as a loss on market data. Else unproven.
 */
export function judged(entry: Pick<EvidenceEntry, 'numbers' | 'run' | 'data'>): Judged {
  const { numbers, data } = entry;
  const line = numbersText(entry);
  const unproven = (why: string): Judged => ({ status: 'unproven', why: `${why}: ${line}` });
  if (data.synthetic) return unproven('made-up data prove nothing of a market');
  if (data.verdict === 'refuse' || data.verdict === 'unknown')
    return unproven('data that nobody can believe');
  const chance = chanceOf(entry);
  if (chance === null || numbers.mean_usd === null) return unproven('it could not be measured');
  const told = chance <= CHANCE_MAX;
  if (told && numbers.mean_usd < 0) return { status: 'rejected', why: `a loss: ${line}` };
  if (data.in_sample) return unproven('its models had learned from these days');
  if (!told || numbers.mean_usd === 0) return unproven('not told apart from nothing');
  if (numbers.trades_with < TRADES_MIN)
    return unproven(
      `${numbers.trades_with} trades with it, fewer than ${TRADES_MIN}: what it gains, standing aside gains too`,
    );
  if (numbers.sessions < SESSIONS_MIN) return unproven(`fewer than ${SESSIONS_MIN} sessions`);
  return { status: 'proven', why: line };
}
