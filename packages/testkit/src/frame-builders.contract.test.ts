import { describe, expect, it } from '@jest/globals';
import { DataOrigin, decodeFrame, encodeFrame, type Entry } from '@bellwether/contracts';
import { marketClock, sessionOf } from '@bellwether/market';
import {
  A_SESSION_OPEN_US,
  A_TRADE_DATE,
  aBanditPart,
  aBarEntry,
  aClockEntry,
  aClosedTrade,
  aFeaturesPart,
  aFillEntry,
  aForecastPart,
  aFrame,
  aMarketClock,
  aPortfolioPart,
  aPosition,
  aRegimePart,
  aReleaseEntry,
  aRiskPart,
  aSignalEntry,
  aSizingPart,
  aSqueeze,
  aWorkingOrder,
  anAbandonEntry,
  anOrderEndEntry,
  anOrderEntry,
  atMinute,
  theIndicators,
} from './index.js';

describe('frame builders', () => {
  const entries: readonly Entry[] = [
    aBarEntry(),
    aSignalEntry(),
    aReleaseEntry(),
    aClockEntry(),
    aFillEntry(),
    anOrderEntry(),
    anOrderEndEntry(),
    anAbandonEntry(),
  ];

  it.each(entries.map((entry) => [entry.id, entry] as const))(
    '%s is a whole, synthetic entry',
    (_id, entry) => {
      const frame = aFrame({ entry });
      expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
      expect(entry.origin).toBe(DataOrigin.SYNTHETIC);
    },
  );

  it('gives whole parts', () => {
    const frame = aFrame({
      features: aFeaturesPart({ indicators: theIndicators({ squeeze: aSqueeze() }) }),
      regime: aRegimePart(),
      forecast: aForecastPart(),
      portfolio: aPortfolioPart({
        positions: [aPosition()],
        working: [aWorkingOrder()],
        closed: [aClosedTrade()],
      }),
      bandit: aBanditPart(),
      sizing: aSizingPart(),
      risk: aRiskPart(),
    });
    expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
  });

  it('tells the time of a real session', () => {
    expect(sessionOf(A_TRADE_DATE)?.open_us).toBe(A_SESSION_OPEN_US);
    expect(marketClock(atMinute(991))).toEqual(aMarketClock());
  });
});
