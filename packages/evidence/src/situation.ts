import {
  LEARNED_PARTS,
  Policy,
  REGIME_KEYS,
  STRATEGY_DEFAULTS,
  STRATEGY_KEYS,
  Selection,
  strategyParametersOf,
  type BookConfig,
  type LearnedPart,
  type ModelPromotion,
  type StageVersion,
} from '@bellwether/contracts';
import { instrumentOf } from '@bellwether/market';

/** What a book is at the moment in which evidence is asked about it. */
export interface Situation {
  readonly config: BookConfig;
  readonly stages: readonly StageVersion[];
  /** Models that are asked. */
  readonly promotions: readonly ModelPromotion[];
}

/** The stage whose logic decides what a part or an arm does. */
const STAGE_OF: Readonly<Record<LearnedPart, string>> = {
  regime_model: 'regime',
  forecast: 'forecast',
  confidence: 'bandit',
  sizing_agent: 'sizing',
  bandit: 'bandit',
};

/** How the models begin that a part asks. */
export const MODELS_OF = {
  regime_model: 'regime_classifier',
  forecast: 'rl_model',
  confidence: 'confidence_prediction',
  sizing_agent: 'rl/',
  bandit: 'strategy_selection',
} as const satisfies Readonly<Record<LearnedPart, string>>;

export function isLearnedPart(name: string): name is LearnedPart {
  return LEARNED_PARTS.some((part) => part === name);
}

/** Arms are offered by the stage that chooses among them. */
export function stageOf(name: string): string {
  return isLearnedPart(name) ? STAGE_OF[name] : 'bandit';
}

/** The models that a part asks in a book; none for an arm, nor for a choice by other numbers than those of a trunk. */
export function modelsOf(
  name: string,
  { promotions, config }: Pick<Situation, 'promotions' | 'config'>,
): readonly { readonly model: string; readonly regime: number; readonly sha256: string }[] {
  if (!isLearnedPart(name)) return [];
  if (name === 'bandit' && config.bandit?.selection !== Selection.NEURAL_LINEAR) return [];
  return promotions
    .filter(({ model, version }) => model.startsWith(MODELS_OF[name]) && version !== '')
    .map(({ model, regime, sha256 }) => ({ model, regime, sha256 }))
    .sort((a, b) => (a.model < b.model ? -1 : a.model > b.model ? 1 : a.regime - b.regime));
}

/** The settings of a part or an arm in a line of text; evidence counts for these and no others. */
export function settingsOf(name: string, { models, bandit, strategies }: BookConfig): string {
  const id = STRATEGY_KEYS.findIndex((key) => key === name) + 1;
  if (id > 0) {
    const own = strategies.filter(({ strategy }) => strategy === id);
    return own.map(({ regime, name: key, value }) => `${regime}.${key}=${value}`).join(' ') || 'defaults';
  }
  const { calibration, regime_variants, cloud_weight, forecast, online } = models ?? {};
  const said: Readonly<Record<string, unknown>> = {
    regime_model: { calibration, regime_variants },
    forecast: { forecast, online, cloud_weight, calibration, regime_variants, min: models?.forecast_min },
    confidence: { calibration, regime_variants, min: models?.confidence_min },
    sizing_agent: { regime_variants },
    bandit,
  };
  return JSON.stringify(said[name] ?? null);
}

/** Arms that the book has on in some regime. */
function armsOf({ strategies }: Pick<BookConfig, 'strategies'>): readonly string[] {
  const sets = strategies.length === 0 ? STRATEGY_DEFAULTS : strategyParametersOf(strategies);
  return STRATEGY_KEYS.filter((key) => REGIME_KEYS.some((regime) => sets[key][regime].on));
}

const isLearning = (selection: Selection): boolean =>
  selection !== Selection.UNIFORM && selection !== Selection.REGIME_MAP;

/** Learned parts and arms that would decide in a book, in the order of their names' list. */
export function inUse({ policy, models, bandit, strategies }: BookConfig): readonly string[] {
  const learned = policy === Policy.LEARNED && models !== null;
  const on: Readonly<Record<LearnedPart, boolean>> = {
    regime_model: learned && models.regime,
    forecast: learned && (models.forecast || models.online),
    confidence: learned && models.confidence,
    sizing_agent: learned && !models.fixed_size,
    bandit: bandit !== null && isLearning(bandit.selection),
  };
  return [...LEARNED_PARTS.filter((part) => on[part]), ...armsOf({ strategies })];
}

/** Indexes that a book trades, whatever the size of its contracts. */
export function familiesOf(symbols: readonly { readonly symbol: string }[]): readonly string[] {
  return [...new Set(symbols.map(({ symbol }) => instrumentOf(symbol)?.family ?? symbol))].sort();
}
