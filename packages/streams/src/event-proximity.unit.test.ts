import { describe, expect, it } from '@jest/globals';
import { eventProximity, type EventCalendar } from './calendar.js';

const MINUTE_US = 60_000_000;
const calendar: EventCalendar = {
  from_us: 0,
  to_us: 10_000 * MINUTE_US,
  events_us: [100, 130].map((m) => m * MINUTE_US),
};
const at = (minute: number): number | null => eventProximity(calendar, minute * MINUTE_US);

describe('Nearness of an event', () => {
  it('grows before it with 30 minutes, fades after it with 15, and is 1 at it', () => {
    expect(at(70)).toBeCloseTo(Math.exp(-1), 12);
    expect(at(99)).toBeCloseTo(Math.exp(-1 / 30), 12);
    expect(at(100)).toBe(1);
    expect(at(160)).toBeCloseTo(Math.exp(-2), 12);
    expect(at(9_999)).toBeLessThan(1e-200);
  });

  it('is that of the nearer one where two come close', () => {
    expect(at(105)).toBeCloseTo(Math.max(Math.exp(-5 / 15), Math.exp(-25 / 30)), 12);
    expect(at(125)).toBeCloseTo(Math.exp(-5 / 30), 12);
  });

  it('says nothing outside the time that the calendar covers', () => {
    expect(at(-1)).toBeNull();
    expect(at(10_000)).toBeNull();
    expect(eventProximity({ from_us: 0, to_us: 1, events_us: [] }, 0)).toBe(0);
  });
});
