import { describe, expect, it } from '@jest/globals';
import {
  Action,
  ClockReason,
  ContractError,
  EntryKind,
  encodeFrame,
  decodeFrame,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import {
  aBanditPart,
  aBarEntry,
  aClockEntry,
  aFeaturesPart,
  aFillEntry,
  aForecastPart,
  aFrame,
  aPortfolioPart,
  aRegimePart,
  aReleaseEntry,
  aRiskPart,
  aSignalEntry,
  aSizingPart,
  anAbandonEntry,
  anOrderEndEntry,
  anOrderEntry,
} from '@bellwether/testkit';
import { outlineOf, type FrameOutline } from './frame-outline.js';

function someEntry(uniform: () => number): Entry {
  const reasons = [ClockReason.IDLE, ClockReason.IDLE, ClockReason.SESSION_OPEN, ClockReason.FLAT_BY];
  const reason = reasons[Math.floor(uniform() * reasons.length)]!;
  const makers: readonly (() => Entry)[] = [
    () => aBarEntry(),
    () => aClockEntry({ reason }),
    () => aClockEntry({ reason }),
    () => aSignalEntry(),
    () => aFillEntry(),
    () => aReleaseEntry(),
    () => anOrderEntry(),
    () => anOrderEndEntry(),
    () => anAbandonEntry(),
  ];
  const entry = makers[Math.floor(uniform() * makers.length)]!();
  return { ...entry, known_us: Math.floor(uniform() * Number.MAX_SAFE_INTEGER) };
}

/** A frame with parts that are there or not, as the stages have left it. */
function frameOf(seed: string): Frame {
  const uniform = uniformSource(seed);
  const maybe = <T>(make: () => T): T | null => (uniform() < 0.8 ? make() : null);
  const actions = [Action.NONE, Action.HOLD, Action.BUY, Action.SELL, Action.EXIT];
  return aFrame({
    ...{ entry: someEntry(uniform), seq: Math.floor(uniform() * Number.MAX_SAFE_INTEGER) },
    ...{ features: maybe(aFeaturesPart), regime: maybe(aRegimePart), forecast: maybe(aForecastPart) },
    ...{ portfolio: maybe(aPortfolioPart), bandit: maybe(aBanditPart), sizing: maybe(aSizingPart) },
    risk: maybe(() => aRiskPart({ action: actions[Math.floor(uniform() * actions.length)] ?? Action.NONE })),
  });
}

/** The same, by the whole decoder. */
function decoded(bytes: Uint8Array): FrameOutline {
  const { seq, entry, risk } = decodeFrame(bytes);
  const isIdle = entry?.kind === EntryKind.CLOCK && entry.clock?.reason === ClockReason.IDLE;
  return { seq, known_us: entry?.known_us ?? 0, idle: isIdle && risk?.action === Action.NONE };
}

describe('The outline of a frame', () => {
  it('is what the decoder says, for 2,000 frames', () => {
    let idle = 0;
    for (let i = 0; i < 2_000; i++) {
      const bytes = encodeFrame(frameOf(`outline-${i}`));
      const outline = outlineOf(bytes);
      expect({ i, ...outline }).toEqual({ i, ...decoded(bytes) });
      if (outline.idle) idle += 1;
    }
    expect(idle).toBeGreaterThan(20);
  });

  it('refuses bytes that are cut', () => {
    const bytes = encodeFrame(frameOf('outline-0'));
    for (let length = bytes.length - 1; length > bytes.length - 200; length--) {
      // A cut between two fields is a shorter message; a cut inside of one is none.
      try {
        outlineOf(bytes.subarray(0, length));
      } catch (cause) {
        expect(cause).toBeInstanceOf(ContractError);
      }
    }
    expect(() => outlineOf(Buffer.from([0x32, 0x7f, 0x01]))).toThrow(ContractError);
    expect(() => outlineOf(Buffer.alloc(12, 0xff))).toThrow(ContractError);
  });
});
