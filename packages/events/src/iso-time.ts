const ISO =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(?:(Z)|([+-])(\d{2}):(\d{2}))$/;

const YEAR_MIN = 2000;
const YEAR_MAX = 2099;

/** Times outside of these years are taken for mistakes (seconds read as microseconds, for example). */
export const TIME_US_MIN = Date.UTC(YEAR_MIN, 0, 1) * 1_000;
export const TIME_US_MAX = Date.UTC(YEAR_MAX + 1, 0, 1) * 1_000 - 1;

/**
 * Microseconds UTC of an ISO 8601 time with a zone (`Z` or an offset) and at most six decimals, or null where
 * it is none. A time without a zone is refused: it would mean another instant on each machine.
 */
export function parseIsoUs(text: string): number | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  const field = (index: number): number => Number(match[index] ?? '0');
  const [year, month, day] = [field(1), field(2), field(3)];
  const [hour, minute, second] = [field(4), field(5), field(6)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  if (year < YEAR_MIN || year > YEAR_MAX) return null;
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  if (local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day) return null;
  const [zoneHours, zoneMinutes] = [field(10), field(11)];
  if (zoneHours > 14 || zoneMinutes > 59) return null;
  const zoneUs = (zoneHours * 60 + zoneMinutes) * 60_000_000 * (match[9] === '-' ? -1 : 1);
  const fraction = Number((match[7] ?? '').padEnd(6, '0'));
  const us = local.getTime() * 1_000 + fraction - zoneUs;
  return us >= TIME_US_MIN && us <= TIME_US_MAX ? us : null;
}

/** ISO 8601 in UTC: milliseconds, or microseconds where they are not zero. */
export function isoText(us: number): string {
  const text = new Date(Math.floor(us / 1_000)).toISOString();
  const micros = ((us % 1_000) + 1_000) % 1_000;
  return micros === 0 ? text : `${text.slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}
