import { describe, expect, it } from '@jest/globals';
import { isHalted, nextSession, sessionOf, type TradeSession } from '@bellwether/market';
import { regimeLabels, type LabelBar } from './index.js';

const MINUTE_US = 60_000_000;
const HISTORY = 25;

function sessions(count: number, first = 20_250_303): readonly TradeSession[] {
  const found: TradeSession[] = [];
  let session = sessionOf(first);
  while (session !== null && found.length < count) {
    found.push(session);
    session = nextSession(session.open_us);
  }
  return found;
}

/** Closes of a session by minute; without them it swings by one tick around 24,000. */
type Closes = (minute: number) => number;

const swinging: Closes = (minute) => 24_000 + (minute % 2);

function barsOf(session: TradeSession, closes: Closes = swinging): LabelBar[] {
  const bars: LabelBar[] = [];
  for (let open_us = session.open_us; open_us < session.close_us; open_us += MINUTE_US) {
    if (isHalted(session, open_us)) continue;
    const minute = (open_us - session.open_us) / MINUTE_US;
    bars.push({
      open_us,
      interval_us: MINUTE_US,
      trade_date: session.trade_date,
      close_ticks: closes(minute),
    });
  }
  return bars;
}

/** Labels of the last of so many sessions, by minute; the ones before swing, each a little more than the one before. */
function labelled(closes: Closes, history = HISTORY) {
  const all = sessions(history + 1);
  const bars = all.flatMap((session, n) =>
    barsOf(session, n < history ? (minute) => 24_000 + (minute % 2) * (n + 1) : closes),
  );
  return regimeLabels(bars).slice(-1_380);
}

describe('the label of a half hour', () => {
  it('is unknown with fewer than twenty full sessions before', () => {
    expect(labelled(swinging, 19)[600]).toEqual({ highvol: null, trend: null });
    expect(labelled(swinging, 20)[600]).toEqual({ highvol: false, trend: false });
  });

  it('is unknown in the last half hour of the session', () => {
    const labels = labelled(swinging);
    expect(labels[1_349]).toEqual({ highvol: false, trend: false });
    expect(labels[1_350]).toEqual({ highvol: null, trend: null });
  });

  it('is volatile above the 60th percentile of the sessions before', () => {
    // The 25 before swing by 1 to 25 ticks: 15 rank at 0.6 at most.
    expect(labelled((minute) => 24_000 + (minute % 2) * 15.4)[600]?.highvol).toBe(false);
    expect(labelled((minute) => 24_000 + (minute % 2) * 16.4)[600]?.highvol).toBe(true);
  });

  it('is a trend where it goes somewhere, up or down, and not where it comes back', () => {
    expect(labelled((minute) => 24_000 + minute)[600]?.trend).toBe(true);
    expect(labelled((minute) => 24_000 - minute)[600]?.trend).toBe(true);
    expect(labelled(swinging)[600]?.trend).toBe(false);
  });

  it('needs an efficiency of 0.20, though it is more than ever before', () => {
    // Of five steps three go up: one fifth of the way is kept, and a little less than that of a longer way.
    const stepping =
      (kept: number): Closes =>
      (minute) =>
        24_000 + (minute % 2) * 100 + minute * kept;
    expect(labelled(stepping(19))[600]?.trend).toBe(false);
    expect(labelled(stepping(21))[600]?.trend).toBe(true);
  });

  it('looks at the half hour after the bar and at nothing before it', () => {
    const late: Closes = (minute) => (minute <= 600 ? swinging(minute) : 24_000 + 40 * (minute % 2));
    const labels = labelled(late);
    expect(labels[570]?.highvol).toBe(false);
    expect(labels[600]?.highvol).toBe(true);
    expect(
      labelled((minute) => (minute <= 600 ? 24_000 + 40 * (minute % 2) : swinging(minute)))[600]?.highvol,
    ).toBe(false);
  });

  it('does not change with the session that it is in, nor with those after it', () => {
    const all = sessions(HISTORY + 2);
    const bars = all.flatMap((session, n) => barsOf(session, (minute) => 24_000 + (minute % 2) * (n + 1)));
    const shorter = bars.filter(({ trade_date }) => trade_date !== all[HISTORY + 1]!.trade_date);
    expect(regimeLabels(bars).slice(0, shorter.length)).toEqual(regimeLabels(shorter));
  });

  it('is unknown over a hole, and where its end is missing', () => {
    const holed = (from: number, to: number): ReturnType<typeof labelled> => {
      const all = sessions(HISTORY + 1);
      const bars = all.flatMap((session, n) => barsOf(session, (minute) => 24_000 + (minute % 2) * (n + 1)));
      const start = bars.length - 1_380;
      const labels = regimeLabels([...bars.slice(0, start + from), ...bars.slice(start + to)]);
      return labels.slice(start);
    };
    // Four missing minutes are borne, ten are not.
    expect(holed(610, 614)[600]?.trend).toBe(false);
    expect(holed(610, 620)[600]?.trend).toBeNull();
    expect(holed(630, 631)[600]?.trend).toBeNull();
  });

  it('takes no half day for a day of statistics', () => {
    // Thanksgiving and the day after are short: nineteen full days before, one of them missing.
    const all = sessions(22, 20_251_103);
    const bars = all.flatMap((session) => barsOf(session));
    const labels = regimeLabels(bars);
    const at = (n: number): number =>
      bars.findIndex(({ trade_date }) => trade_date === all[n]!.trade_date) + 600;
    expect(all.slice(0, 20).filter(({ full_day }) => !full_day).length).toBe(2);
    expect(labels[at(20)]?.trend).toBeNull();
    expect(labels[at(21)]?.trend).toBeNull();
  });
});
