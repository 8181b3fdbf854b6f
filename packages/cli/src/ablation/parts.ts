import {
  REGIME_KEYS,
  STRATEGY_KEYS,
  bookConfigOf,
  strategiesSchema,
  type BookFile,
} from '@bellwether/contracts';
import { MODELS_OF } from '@bellwether/evidence';

/** Parts of the system, each with the setting of the book that switches it. */
export const PARTS = [
  'regime_gate',
  'regime_parameters',
  'regime_model',
  'bandit',
  'forecast',
  'confidence',
  'risk_size',
  'sizing_agent',
  'management',
  'streams',
] as const;
export type Part = (typeof PARTS)[number];

/** What each part is, and what stands in its place where it is off. */
export const PART_TEXTS: Readonly<Record<Part, { readonly on: string; readonly off: string }>> = {
  regime_gate: { on: 'no entry while the regime is unknown or changing', off: 'entries in any regime' },
  regime_parameters: {
    on: 'parameters of strategies by regime',
    off: 'one set of parameters for all regimes',
  },
  regime_model: { on: 'the trained classifier says the regime', off: 'the rule says it' },
  bandit: { on: 'all arms, one chosen by what it earned', off: 'one fixed strategy' },
  forecast: { on: 'no entry against the blended forecast', off: 'no forecast' },
  confidence: { on: 'no entry below a calibrated probability to win', off: 'no confidence' },
  risk_size: { on: 'size by the risk of the trade', off: 'one contract' },
  sizing_agent: { on: 'the promoted agent scales the size', off: 'no agent is asked' },
  management: { on: 'open trades are managed', off: 'plan and ladder alone' },
  streams: { on: 'news, options, zones, seasons, releases, heat', off: 'bars alone' },
};

/** Parts without which another one has nothing to act on: they stand beside it where it is added alone. */
export const NEEDS: Readonly<Partial<Record<Part, readonly Part[]>>> = { sizing_agent: ['risk_size'] };

/** Parts that only act where models decide, and the name with which their model begins. The forecast has an online half of its own. */
export const MODEL_OF: Readonly<Partial<Record<Part, string>>> = {
  regime_model: MODELS_OF.regime_model,
  forecast: MODELS_OF.forecast,
  confidence: MODELS_OF.confidence,
  sizing_agent: MODELS_OF.sizing_agent,
};

/**
 * Bounds that act where a book has them at 0, which is never: a part that cannot act is worth nothing. The forecast must not speak against
 * the side; a trade that risks 1 R for 2 R pays from a third of wins on.
 */
export const ACTING = { forecast_min: 0.5, confidence_min: 0.33 } as const;

type Values = Readonly<Record<string, number | boolean>>;
type Sets = Readonly<
  Record<(typeof STRATEGY_KEYS)[number], Readonly<Record<(typeof REGIME_KEYS)[number], Values>>>
>;

const FACTORS = ['stop_factor', 'target_factor', 'size_factor'];

/** The value of most regimes, the first of them where several are as frequent; an arm that is on somewhere is on, factors are 1. */
function inMost(name: string, values: readonly (number | boolean)[]): number | boolean {
  if (name === 'on') return values.includes(true);
  if (FACTORS.includes(name) && new Set(values).size > 1) return 1;
  const count = (value: number | boolean): number => values.filter((one) => one === value).length;
  return values.reduce((best, value) => (count(value) > count(best) ? value : best));
}

/** Times of a day are written as people write them. */
function written(name: string, value: number | boolean): number | boolean | string {
  const isTime = typeof value === 'number' && /(^|_)(from|to|until|at)$/.test(name);
  if (!isTime) return value;
  const minute = (value + 17 * 60) % (24 * 60);
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** Which strategies are offered: one alone, or all but one; null for no such bound. */
interface Arms {
  readonly fixed: string | null;
  readonly without: string | null;
}

const isOut = (key: string, { fixed, without }: Arms): boolean =>
  (fixed !== null && fixed !== key) || without === key;

/** Strategies of a book with one set for all regimes, and with those off that are not offered. */
function strategiesOf(base: BookFile, arms: Arms, byRegime: boolean): BookFile['strategies'] {
  const sets: Sets = strategiesSchema.parse(base.strategies ?? {});
  const strategies: Record<string, Record<string, Record<string, number | boolean | string>>> = {};
  for (const key of STRATEGY_KEYS) {
    const table = sets[key];
    const own: Record<string, Record<string, number | boolean | string>> = {};
    for (const regime of REGIME_KEYS) {
      const names = Object.keys(table[regime]);
      own[regime] = Object.fromEntries(
        names.map((name) => {
          const values = REGIME_KEYS.map((one) => table[one][name] ?? 0);
          const value = byRegime ? (table[regime][name] ?? 0) : inMost(name, values);
          return [name, written(name, name === 'on' && isOut(key, arms) ? false : value)];
        }),
      );
    }
    strategies[key] = own;
  }
  return strategies;
}

const isOff = { on: false } as const;
const AS_GIVEN = { uniform: false, withoutArm: null } as const;

const actingOr = (given: number | undefined, acting: number): number =>
  given === undefined || given === 0 ? acting : given;

/**
 * The book of a variant: the given book with every part that is not among these switched off by its setting.
 *
 * @throws BellwetherError `config_invalid`
 */
export function variantBook(
  base: BookFile,
  on: ReadonlySet<Part>,
  fixed: string,
  { uniform, withoutArm }: { readonly uniform: boolean; readonly withoutArm: string | null } = AS_GIVEN,
): BookFile {
  const models = base.models ?? {};
  const learned = (['regime_model', 'forecast', 'confidence', 'sizing_agent'] as const).some((part) =>
    on.has(part),
  );
  const bookFile: BookFile = {
    ...base,
    policy: learned ? 'learned' : 'rules',
    regime: { gate: on.has('regime_gate') },
    strategies: strategiesOf(
      base,
      { fixed: on.has('bandit') ? null : fixed, without: withoutArm },
      on.has('regime_parameters'),
    ),
    bandit: { ...base.bandit, ...(on.has('bandit') && !uniform ? {} : { selection: 'uniform' as const }) },
    models: {
      ...models,
      regime: on.has('regime_model'),
      forecast: on.has('forecast'),
      online: on.has('forecast'),
      forecast_min: on.has('forecast') ? actingOr(models.forecast_min, ACTING.forecast_min) : 0,
      confidence: on.has('confidence'),
      calibration: on.has('confidence') || on.has('forecast'),
      confidence_min: on.has('confidence') ? actingOr(models.confidence_min, ACTING.confidence_min) : 0,
      sizing: on.has('sizing_agent'),
    },
    limits: on.has('risk_size') ? base.limits : { ...base.limits, max_total: 1, max_es: 1, max_nq: 1 },
    management: on.has('management') ? base.management : { ...base.management, policy: 'hold' },
    streams: on.has('streams')
      ? base.streams
      : { options: isOff, news: isOff, zones: isOff, seasonality: isOff, economic: isOff, heat: isOff },
  };
  bookConfigOf(bookFile);
  return bookFile;
}
