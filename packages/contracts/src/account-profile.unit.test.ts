import { describe, expect, it } from '@jest/globals';
import {
  BellwetherError,
  MaxLossMode,
  PROFILE_NAMES,
  bookConfigOf,
  namedProfile,
  profileOf,
} from './index.js';

/** domain.md 2.1 and 2.3: the firm's figures by size, and the stricter limits of this system on top of each. */
const FIRM = [
  { name: 'topstep-50k', start: 50_000, distance: 2_000, minis: 5, steps: [2, 3, 5] },
  { name: 'topstep-100k', start: 100_000, distance: 3_000, minis: 10, steps: [3] },
  { name: 'topstep-150k', start: 150_000, distance: 4_500, minis: 15, steps: [3] },
] as const;
const OWN = {
  ...{ max_total: 5, max_es: 3, max_nq: 2, max_step: 2 },
  ...{ daily_soft_loss_usd: 600, kill_loss_usd: 900, min_headroom_usd: 800 },
};

type Loose = Record<string, Record<string, unknown>>;

/** As a file that somebody is about to change. */
const good = (): Loose => JSON.parse(JSON.stringify(namedProfile('topstep-50k'))) as Loose;

function problemsOf(change: (file: Loose) => void): readonly string[] {
  const file = good();
  change(file);
  try {
    profileOf(file);
  } catch (error) {
    if (!(error instanceof BellwetherError)) throw error;
    expect(error.code).toBe('config_invalid');
    return error.problems.map(({ path }) => path);
  }
  throw new Error('Expected the profile to be refused');
}

describe('the account profiles of this build', () => {
  it('are those of the design, and no others', () => {
    expect(PROFILE_NAMES).toEqual(FIRM.map(({ name }) => name).sort());
  });

  it.each(FIRM)('$name has the figures of the firm, with our limits on top', (firm) => {
    const file = namedProfile(firm.name);
    expect(file).toMatchObject({
      profile: firm.name,
      limits: OWN,
      account: {
        start_balance_usd: firm.start,
        max_loss: { mode: 'end_of_day', distance_usd: firm.distance, lock_at_usd: firm.start },
        ...{ max_position_minis: firm.minis, micros_per_mini: 10, must_be_flat_by: '15:10' },
      },
    });
    expect(file?.account.scaling_plan.map(({ max_minis }) => max_minis)).toEqual(firm.steps);
    expect(file?.sources.length).toBeGreaterThan(0);
    expect(file?.dated).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it.each(FIRM)('$name goes into a book in exact units', ({ name, start, distance, minis }) => {
    const file = { book: 'b', symbols: [{ symbol: 'ES' }], limits: { profile: name } };
    expect(bookConfigOf(file).config.account).toMatchObject({
      ...{ name, start_balance_cents: start * 100, max_loss_cents: distance * 100, scaling: [] },
      ...{ max_loss_mode: MaxLossMode.END_OF_DAY, floor_lock_cents: start * 100, max_position_minis: minis },
    });
  });

  it('keeps the dollar steps of the Express plan of 50K, which alone were found', () => {
    const steps = namedProfile('topstep-50k')?.account.scaling_plan.map((step) => step.from_profit_usd);
    expect(steps).toEqual([0, 1_500, 2_000]);
  });

  it('knows no other by name, not even one that every object has', () => {
    for (const name of ['topstep-25k', '', 'toString', '__proto__']) expect(namedProfile(name)).toBeNull();
  });
});

describe('a profile file', () => {
  it('is taken as it is written', () => {
    expect(profileOf(good())).toEqual(namedProfile('topstep-50k'));
  });

  it.each([
    ['an unknown key at the top', (file) => (file['payout'] = {}), '(file)'],
    ['an unknown key of the account', (file) => (file['account']!['floor'] = 1), 'account'],
    ['an unknown limit', (file) => (file['limits']!['max_cl'] = 1), 'limits'],
    ['a missing limit', (file) => delete file['limits']!['max_es'], 'limits.max_es'],
    ['no sources', (file) => Object.assign(file, { sources: [] }), 'sources'],
    ['a date that is none', (file) => Object.assign(file, { dated: '2026-13-01' }), 'dated'],
    ['a phase that is none', (file) => Object.assign(file, { phase: 'funded' }), 'phase'],
    [
      'money as text',
      (file) => (file['account']!['start_balance_usd'] = '50000'),
      'account.start_balance_usd',
    ],
    [
      'a negative soft limit',
      (file) => (file['limits']!['daily_soft_loss_usd'] = -600),
      'limits.daily_soft_loss_usd',
    ],
    ['a kill of nothing', (file) => (file['limits']!['kill_loss_usd'] = 0), 'limits.kill_loss_usd'],
    [
      'a share above the whole',
      (file) => (file['account']!['best_day_max_share'] = 1.2),
      'account.best_day_max_share',
    ],
    ['half a mini', (file) => (file['account']!['max_position_minis'] = 2.5), 'account.max_position_minis'],
    ['no micros for a mini', (file) => (file['account']!['micros_per_mini'] = 0), 'account.micros_per_mini'],
    [
      'a time that is none',
      (file) => (file['account']!['must_be_flat_by'] = '25:10'),
      'account.must_be_flat_by',
    ],
    [
      'a mode that is none',
      (file) => (file['account']!['max_loss'] = { mode: 'weekly', distance_usd: 1, lock_at_usd: 1 }),
      'account.max_loss.mode',
    ],
    ['NaN', (file) => (file['limits']!['heat_block'] = Number.NaN), 'limits.heat_block'],
    [
      'steps out of order',
      (file) =>
        (file['account']!['scaling_plan'] = [
          { from_profit_usd: 0, max_minis: 1 },
          { from_profit_usd: 0, max_minis: 2 },
        ]),
      'account.scaling_plan',
    ],
    [
      'a first step above 0',
      (file) => (file['account']!['scaling_plan'] = [{ from_profit_usd: 5, max_minis: 1 }]),
      'account.scaling_plan',
    ],
  ] as readonly (readonly [string, (file: Loose) => unknown, string])[])(
    'is refused for %s',
    (_, change, path) => {
      expect(problemsOf(change)).toEqual([path]);
    },
  );

  it('names all problems together', () => {
    const paths = problemsOf((file) => {
      file['account']!['micros_per_mini'] = 0;
      file['limits']!['max_es'] = -1;
      delete file['limits']!['flat_by'];
      Object.assign(file, { dated: 'today', extra: 1 });
    });
    expect([...paths].sort()).toEqual(
      ['(file)', 'account.micros_per_mini', 'dated', 'limits.flat_by', 'limits.max_es'].sort(),
    );
  });
});
