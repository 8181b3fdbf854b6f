/** Goal: a running book follows the registry, slowly forward and at once back. Given/when/then on plain states. */
import { describe, expect, it } from '@jest/globals';
import { PromotionCause, type ModelPromotion } from '@bellwether/contracts';
import { ADOPTION_PAUSE_US, adoptedOf, dueAdoptions, type Adopted } from './adoption.js';
import type { Manifest } from './manifest.js';
import { retirementOf } from './promotion.js';
import {
  EMPTY_REGISTRY,
  added,
  promoted,
  retired,
  rolledBack,
  type RegistryState,
} from './registry-state.js';

const note = (at_us: number) => ({ at_us, by: 'test', reason: 'why' });
const manifest = (version: string, letter: string): Manifest =>
  ({ name: 'rl_model', regime: null, version, sha256: letter.repeat(64) }) as Manifest;

const two: RegistryState = added(
  added(EMPTY_REGISTRY, manifest('1', 'a'), note(1)),
  manifest('2', 'b'),
  note(2),
);
const first = promoted(two, 'rl_model', '1', note(3));
const second = promoted(first, 'rl_model', '2', note(4));
const asks = (letter: string, at_us: number): ReadonlyMap<string, Adopted> =>
  new Map([['rl_model', { version: letter === 'a' ? '1' : '2', sha256: letter.repeat(64), at_us }]]);

describe('adoption', () => {
  it('takes nothing where there is no champion, or where it is asked already', () => {
    expect(dueAdoptions(two, new Map(), 10)).toEqual([]);
    expect(dueAdoptions(first, asks('a', 5), 10)).toEqual([]);
  });

  it('takes the first champion at once, and the next an hour after it', () => {
    const due = { slot: 'rl_model', version: '2', cause: PromotionCause.PROMOTED, reason: 'why' };
    expect(dueAdoptions(first, new Map(), 10)).toEqual([{ ...due, version: '1' }]);
    expect(dueAdoptions(second, asks('a', 10), 10 + ADOPTION_PAUSE_US - 1)).toEqual([]);
    expect(dueAdoptions(second, asks('a', 10), 10 + ADOPTION_PAUSE_US)).toEqual([due]);
  });

  it('given the same graph with another calibration, then it is another model', () => {
    const state = added(first, manifest('1-c20260105', 'a'), note(4));
    const calibrated = promoted(state, 'rl_model', '1-c20260105', note(5));
    expect(dueAdoptions(calibrated, asks('a', 10), 10 + ADOPTION_PAUSE_US)).toMatchObject([
      { version: '1-c20260105' },
    ]);
  });

  it('goes back and stops asking without waiting', () => {
    const back = rolledBack(second, 'rl_model', note(5));
    expect(dueAdoptions(back, asks('b', 10), 11)).toMatchObject([
      { version: '1', cause: PromotionCause.ROLLED_BACK },
    ]);
    const none = retired(second, 'rl_model', note(5));
    expect(dueAdoptions(none, asks('b', 10), 11)).toMatchObject([
      { version: null, cause: PromotionCause.RETIRED },
    ]);
  });

  it('knows from the journal what is asked, the newest last', () => {
    const promotion = (sha256: string): ModelPromotion => ({
      ...retirementOf('rl_model', null, ''),
      ...{ version: '1', sha256 },
    });
    const found = adoptedOf([
      ['rl_model', promotion('x'), 1],
      ['rl_model', promotion('y'), 2],
    ]);
    expect(found.get('rl_model')).toEqual({ version: '1', sha256: 'y', at_us: 2 });
  });
});
