/** Goal: a champion that left its band goes once, and reviews are noted without a change. Given/when/then on plain states. */
import { describe, expect, it } from '@jest/globals';
import { PromotionCause } from '@bellwether/contracts';
import { dueReviews } from './adoption.js';
import type { Manifest } from './manifest.js';
import { reviewEntryOf } from './promotion.js';
import {
  EMPTY_REGISTRY,
  added,
  challenged,
  promoted,
  slotNamed,
  type RegistryState,
  type ReviewGate,
} from './registry-state.js';
import { WATCH, awaitsReview, reviewNoted, takenBack } from './reviews.js';

const PLACE = 'rl_model';
const note = (at_us: number) => ({ at_us, by: 'test', reason: 'why' });
const found = (at_us: number) => ({ at_us, reason: 'calibration' });
const sha = (version: string): string => version.repeat(64);
const manifest = (version: string): Manifest =>
  ({ name: PLACE, regime: null, version, sha256: sha(version) }) as Manifest;
const three = ['1', '2', '3'].reduce(
  (state, version, i) => added(state, manifest(version), note(i)),
  EMPTY_REGISTRY,
);
const first = promoted(three, PLACE, '1', note(10));
const second = promoted(first, PLACE, '2', note(20));

const champion = (state: RegistryState): string | null => slotNamed(state, PLACE)?.champion ?? null;
const last = (state: RegistryState) => state.history.at(-1);

describe('a challenger', () => {
  it('waits for a review from when it came until one has seen it', () => {
    const waiting = challenged(first, PLACE, '2', note(20));
    expect([awaitsReview(first, PLACE), awaitsReview(waiting, PLACE)]).toEqual([false, true]);
    const seen = reviewNoted(waiting, PLACE, '2', [], note(30));
    expect(awaitsReview(seen, PLACE)).toBe(false);
    // What was seen of another one counts for that one alone, and so does what was seen before it came again.
    expect(awaitsReview(challenged(seen, PLACE, '3', note(40)), PLACE)).toBe(true);
    const again = challenged(challenged(seen, PLACE, '3', note(40)), PLACE, '2', note(50));
    expect(awaitsReview(again, PLACE)).toBe(true);
    expect(awaitsReview(promoted(waiting, PLACE, '2', note(30)), PLACE)).toBe(false);
  });
});

describe('taking a champion back', () => {
  it('goes to the one before it, in the name of the watch, with the numbers', () => {
    const back = takenBack(second, PLACE, '2', found(30));
    expect(champion(back)).toBe('1');
    expect(last(back)).toMatchObject({ action: 'rolled_back', version: '1', by: WATCH, reason: 'calibration' });
  });

  it('leaves a place without one before it empty', () => {
    expect(champion(takenBack(first, PLACE, '1', found(30)))).toBeNull();
  });

  it('changes nothing where another champion stands by now', () => {
    expect(takenBack(second, PLACE, '1', found(30))).toBe(second);
    expect(takenBack(second, 'regime_classifier', '1', found(30))).toBe(second);
  });

  it('leaves a new calibration alone, whose graph is the same, where the old one left its band', () => {
    const other = { name: PLACE, regime: null, version: '1-c', sha256: sha('1') } as Manifest;
    const calibrated = promoted(added(first, other, note(15)), PLACE, '1-c', note(20));
    expect(takenBack(calibrated, PLACE, '1', found(30))).toBe(calibrated);
    expect(champion(takenBack(calibrated, PLACE, '1-c', found(30)))).toBe('1');
  });

  it('never goes back to one that was taken back: the place does not go to and fro', () => {
    const back = takenBack(second, PLACE, '2', found(30));
    const none = takenBack(back, PLACE, '1', found(40));
    expect(champion(none)).toBeNull();
    expect(last(none)).toMatchObject({ action: 'retired', by: WATCH });
  });

  it('goes back to one that somebody has promoted again', () => {
    const back = takenBack(second, PLACE, '2', found(30));
    const again = promoted(promoted(back, PLACE, '2', note(40)), PLACE, '3', note(50));
    expect(champion(takenBack(again, PLACE, '3', found(60)))).toBe('2');
  });
});

describe('a review', () => {
  const gates: ReviewGate[] = [{ name: 'rows', value: 3, low: null, high: null, bound: 1_000, verdict: 'too_few' }];
  const challenging = challenged(second, PLACE, '3', note(30));
  const noted = reviewNoted(challenging, PLACE, '3', gates, note(40));

  it('is in the history with every gate, and the places are as they were', () => {
    expect(noted.slots).toEqual(challenging.slots);
    expect(last(noted)).toMatchObject({ action: 'reviewed', version: '3', sha256: sha('3'), gates });
  });

  it('is told to a book once, as an entry that changes nothing', () => {
    const [due] = dueReviews(noted, 30);
    expect(due).toMatchObject({ name: PLACE, regime: null });
    expect(dueReviews(noted, 40)).toEqual([]);
    const entry = reviewEntryOf(PLACE, null, noted.history.at(-1)!);
    expect(entry).toMatchObject({ version: '3', sha256: sha('3'), cause: PromotionCause.REVIEWED, note: 'why' });
  });
});
