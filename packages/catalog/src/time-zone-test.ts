import { chicagoText, type TradeSession } from '@bellwether/market';
import type { Finding } from './manifest.js';

/** How many times the volume of 08:25 the bar of 08:30 has at least: the opening of the cash market (domain.md 3.3). */
const JUMP_MIN = { one_minute: 5, longer: 3 } as const;
/** Full sessions that a season needs before its median is taken for more than chance. */
const SESSIONS_MIN = 5;

const MINUTE_US = 60_000_000;
const BEFORE_US = 5 * MINUTE_US;

type Season = 'summer' | 'winter';

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Chicago is six hours behind UTC in winter, so its 08:30 is 14:30 there. */
function seasonOf(session: TradeSession): Season {
  return (session.rth_open_us / MINUTE_US) % 1_440 === 14 * 60 + 30 ? 'winter' : 'summer';
}

/**
 * Whether stamps are what they are said to be: the volume jumps at 08:30 Chicago, in summer and in winter. A file in local
 * time, in a zone without daylight saving, or stamped by the end of its bars has the jump elsewhere.
 */
export class TimeZoneTest {
  readonly #volumes = {
    summer: { before: [] as number[], open: [] as number[] },
    winter: { before: [] as number[], open: [] as number[] },
  };

  constructor(private readonly interval_us: number) {}

  add(session: TradeSession, open_us: number, volume: number): void {
    if (!session.full_day) return;
    if (open_us === session.rth_open_us) this.#volumes[seasonOf(session)].open.push(volume);
    if (open_us === session.rth_open_us - BEFORE_US) this.#volumes[seasonOf(session)].before.push(volume);
  }

  /** What the test says: a reason to refuse the file, or what it found. */
  verdict(): { readonly refusal: string | null; readonly finding: Finding } {
    const wanted = this.interval_us === MINUTE_US ? JUMP_MIN.one_minute : JUMP_MIN.longer;
    const told: string[] = [];
    let failed = false;
    for (const season of ['summer', 'winter'] as const) {
      const { before, open } = this.#volumes[season];
      if (before.length < SESSIONS_MIN || open.length < SESSIONS_MIN) continue;
      const jump = median(open) / Math.max(1, median(before));
      failed ||= jump < wanted;
      told.push(`in ${season} ${jump.toFixed(1)} times that of 08:25 (${open.length} sessions)`);
    }
    if (told.length === 0) {
      const message = `Not tested: fewer than ${SESSIONS_MIN} full sessions of one season`;
      return { refusal: null, finding: { code: 'time_zone_untested', message } };
    }
    const message = `The volume of the bar of 08:30 Chicago is ${told.join(', ')}`;
    if (!failed) return { refusal: null, finding: { code: 'time_zone_tested', message } };
    const refusal = `${message}. Expected at least ${wanted} times, as the cash market opens then: the stamps are not bar opens in UTC`;
    return { refusal, finding: { code: 'time_zone_doubtful', message } };
  }
}

/** A time in both clocks, for people. */
export function bothClocks(us: number): string {
  return `${new Date(us / 1_000).toISOString().replace('.000Z', 'Z')} (${chicagoText(us)})`;
}
