import { chicagoToUtc } from './chicago-time.js';
import { dayOf } from './civil-date.js';

/** A time in which the exchange should have traded and did not, so that missing bars are no fault of the data. */
export interface KnownGap {
  readonly trade_date: number;
  readonly from_us: number;
  readonly to_us: number;
  readonly cause: string;
}

/**
 * Outages of the exchange: that of domain.md 1.3, and one that a bar file of those days shows as a hole to the minute. Ends
 * are rough: bars may be there near them.
 */
export const KNOWN_GAPS: readonly KnownGap[] = [
  {
    trade_date: 20_190_227,
    from_us: chicagoToUtc(dayOf(2019, 2, 26), 18 * 60 + 45),
    to_us: chicagoToUtc(dayOf(2019, 2, 26), 21 * 60 + 45),
    cause: 'all electronic trading of the exchange stopped in the evening',
  },
  {
    trade_date: 20_251_128,
    from_us: chicagoToUtc(dayOf(2025, 11, 27), 17 * 60),
    to_us: chicagoToUtc(dayOf(2025, 11, 28), 7 * 60 + 30),
    cause: 'cooling of the data centre failed; index futures resumed about 07:30 Chicago',
  },
];

/** The outage of the exchange at this time, or null. */
export function knownGapAt(us: number): KnownGap | null {
  return KNOWN_GAPS.find((gap) => us >= gap.from_us && us < gap.to_us) ?? null;
}
