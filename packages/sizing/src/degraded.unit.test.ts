import { describe, expect, it } from '@jest/globals';
import { EntryKind, ReasonCode } from '@bellwether/contracts';
import { makeEntry, modeEntryId } from '@bellwether/kernel';
import { aBarEntry, aSizingPart, aFrame, specify } from '@bellwether/testkit';
import { halved } from './degraded.js';
import { stage } from './stage.js';

function modeFrame(degraded: boolean) {
  const { book, event_us, known_us, source, origin } = aBarEntry();
  const mode = { degraded, p99_us: 150_000, decisions: 25, bound_us: 120_000, from_us: 1, to_us: 2 };
  return aFrame({
    entry: makeEntry(
      { book, id: modeEntryId(9), kind: EntryKind.MODE, event_us, known_us, source, origin },
      { mode },
    ),
  });
}

describe('A size while decisions take too long', () => {
  it.each([
    [0, 0, ReasonCode.OK],
    [1, 0, ReasonCode.DEGRADED_MODE],
    [2, 1, ReasonCode.OK],
    [3, 1, ReasonCode.OK],
    [5, 2, ReasonCode.OK],
  ])('of %i contracts is %i', (proposed_contracts, half, reason) => {
    expect(halved(aSizingPart({ proposed_contracts }))).toMatchObject({
      ...{ proposed_contracts: half, reason, degraded: true, base_contracts: 2 },
    });
  });

  it('begins and ends with the mode entries', () => {
    specify(stage)
      .given([modeFrame(true)])
      .when(aFrame())
      .then({ degraded: true });
    specify(stage)
      .given([modeFrame(true), modeFrame(false)])
      .when(aFrame())
      .then({ degraded: false });
  });
});
