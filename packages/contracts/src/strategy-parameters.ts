import { RegimeState, type Strategy, type StrategyParameter } from './generated/messages.js';
import { REGIME_KEYS, type RegimeKey } from './parameter-schema.js';
import { strategiesSchema, type StrategyKey, type StrategyParameters } from './strategy-schemas.js';

/** S1 to S12, in order. */
export const STRATEGY_KEYS: readonly StrategyKey[] = [
  'S1',
  'S2',
  'S3',
  'S4',
  'S5',
  'S6',
  'S7',
  'S8',
  'S9',
  'S10',
  'S11',
  'S12',
];

const REGIMES: Readonly<Record<RegimeKey, RegimeState>> = {
  calm_trend: RegimeState.CALM_TREND,
  calm_chop: RegimeState.CALM_CHOP,
  highvol_trend: RegimeState.HIGHVOL_TREND,
  highvol_chop: RegimeState.HIGHVOL_CHOP,
};

/** Every parameter as domain.md 6 has it. */
export const STRATEGY_DEFAULTS: StrategyParameters = strategiesSchema.parse({});

type Values = Readonly<Record<string, number | boolean>>;
type Sets = Readonly<Record<StrategyKey, Readonly<Record<RegimeKey, Values>>>>;

/** What differs from the defaults, in a fixed order. */
export function strategyParameterList(parameters: StrategyParameters): StrategyParameter[] {
  const all: Sets = parameters;
  const defaults: Sets = STRATEGY_DEFAULTS;
  return STRATEGY_KEYS.flatMap((strategy, i) =>
    REGIME_KEYS.flatMap((regime) =>
      Object.entries(all[strategy][regime])
        .filter(([name, value]) => value !== defaults[strategy][regime][name])
        .map(([name, value]) => ({
          strategy: (i + 1) as Strategy,
          regime: REGIMES[regime],
          name,
          value: Number(value),
        })),
    ),
  );
}

/**
 * All parameters of a release: the defaults and what differs from them. A name that this build does not know has no
 * effect: it is of another build.
 */
export function strategyParametersOf(list: readonly StrategyParameter[]): StrategyParameters {
  if (list.length === 0) return STRATEGY_DEFAULTS;
  const parameters = structuredClone(STRATEGY_DEFAULTS);
  const sets: Record<StrategyKey, Record<RegimeKey, Record<string, number | boolean>>> = parameters;
  for (const { strategy, regime, name, value } of list) {
    const strategyKey = STRATEGY_KEYS[strategy - 1];
    const regimeKey = REGIME_KEYS.find((key) => REGIMES[key] === regime);
    if (strategyKey === undefined || regimeKey === undefined) continue;
    const set = sets[strategyKey][regimeKey];
    const known = set[name];
    if (known !== undefined) set[name] = typeof known === 'boolean' ? value !== 0 : value;
  }
  return parameters;
}
