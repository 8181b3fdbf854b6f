import {
  EntryKind,
  Policy,
  ReasonCode,
  RegimeState,
  type Bar,
  type BookConfig,
  type Entry,
  type FeatureVector,
  type Frame,
} from '@bellwether/contracts';
import { stage as features } from '@bellwether/features';
import { stage as forecast } from '@bellwether/forecast';
import { FIRST_FRAME_HEAD, frameHead, openFrame } from '@bellwether/kernel';
import { tradeDateAt } from '@bellwether/market';
import { vectorInputs, type ModelInUse } from '@bellwether/model-slots';
import { stage as regime } from '@bellwether/regime';
import { IDENTITY } from '@bellwether/statistics';

/** A close of a warm-up, for labels alone. */
export interface HistoryBar {
  readonly symbol: string;
  readonly open_us: number;
  readonly interval_us: number;
  readonly trade_date: number;
  readonly close_ticks: number;
}

/** A bar that was decided on, and what the stages would ask their models at its close. */
export interface MarketBar extends HistoryBar {
  readonly schema_sha256: string;
  /** `features [43]`, then `mask [43]`; null where nothing was known. */
  readonly vector: Float32Array | null;
  /** `features [30, 8]`, then `mask [30, 8]`; null without thirty bars in a row, or where they were not asked for. */
  readonly sequence: Float32Array | null;
  readonly atr14_ticks: number | null;
  /** What the rule says: four probabilities; null while it cannot. */
  readonly rule: readonly number[] | null;
  /** What the regime stage took the market for. */
  readonly state: RegimeState;
}

/** A network that never answers: with it in its place the forecast stage asks. */
const LISTENER: Omit<ModelInUse, 'schema_hash'> = {
  model: 'rl_model',
  regime: RegimeState.UNSPECIFIED,
  version: 'listener',
  sha256: '',
  inputs: 0,
  outputs: 0,
  synthetic: false,
  trained_until_us: Number.MAX_SAFE_INTEGER,
  calibration: IDENTITY,
};

/**
 * Features, regime and forecast stages of the line, fed with journal entries. What comes out are the questions that the stages
 * themselves put: there is no second way to make a row. Mutable.
 */
export class MarketRun {
  private featuresState = features.initialState();
  private regimeState = regime.initialState();
  private forecastState = forecast.initialState();
  private head = FIRST_FRAME_HEAD;

  constructor(private readonly sequences: boolean) {}

  /** The bars of an entry: one that was decided on, those of a warm-up, or none. */
  next(entry: Entry): readonly (MarketBar | HistoryBar)[] {
    // Who is champion changes nothing of what is known.
    if (entry.model !== null) return [];
    const opened = openFrame(this.head, entry);
    this.head = frameHead(opened);
    const computed = features.apply(this.featuresState, opened, []);
    this.featuresState = computed.state;
    const seen: Frame = { ...opened, features: computed.part };
    const judged = regime.apply(this.regimeState, seen, []);
    this.regimeState = judged.state;
    const known: Frame = { ...seen, regime: judged.part };
    const { reason, vector, indicators } = computed.part;
    const taken = entry.bar !== null && reason === ReasonCode.OK && vector !== null;
    const sequence = this.sequences ? this.question(entry, known, taken ? vector : null) : null;
    if (entry.warmup !== null) return historyOf(entry);
    if (!taken) return [];
    const { probabilities, state } = judged.part;
    return [
      {
        ...placeOf(entry.bar),
        schema_sha256: vector.schema_sha256,
        vector: vector.present_index.length === 0 ? null : vectorInputs(vector),
        sequence,
        atr14_ticks: indicators?.atr14_ticks ?? null,
        rule: probabilities.length === 0 ? null : probabilities,
        state,
      },
    ];
  }

  private question(entry: Entry, frame: Frame, vector: FeatureVector | null): Float32Array | null {
    const own = entry.kind === EntryKind.RELEASE ? { ...frame, entry: listening(entry) } : frame;
    const models = vector === null ? [] : [{ ...LISTENER, schema_hash: vector.schema_sha256 }];
    const state = { ...this.forecastState, models };
    const asked = vector === null ? [] : (forecast.prepare?.(state, own) ?? []);
    this.forecastState = forecast.apply(state, own, []).state;
    return asked[0]?.inputs ?? null;
  }
}

/** The release under which the forecast stage asks its model. */
function listening(entry: Entry): Entry {
  const { release } = entry;
  if (release?.config == null) return entry;
  const config: BookConfig = {
    ...release.config,
    policy: Policy.LEARNED,
    models: {
      ...{ allow_synthetic: true, regime: false, forecast: true, online: false, confidence: false },
      ...{ regime_variants: false, calibration: false, cloud_weight: 1, confidence_min: 0, forecast_min: 0 },
      fixed_size: true,
      ...{ regime_shadow: false, forecast_shadow: false, confidence_shadow: false, sizing_shadow: false },
      stale_after_us: Number.MAX_SAFE_INTEGER,
    },
  };
  return { ...entry, release: { ...release, config } };
}

function placeOf(bar: Bar): HistoryBar {
  const { symbol, open_us, interval_us, close_ticks } = bar;
  return { symbol, open_us, interval_us, close_ticks, trade_date: tradeDateAt(open_us) };
}

function historyOf({ warmup }: Entry): readonly HistoryBar[] {
  if (warmup === null) return [];
  const { symbol, interval_us } = warmup;
  return warmup.open_us.map((open_us, i) => ({
    ...{ symbol, interval_us, open_us, close_ticks: warmup.close_ticks[i] ?? 0 },
    trade_date: tradeDateAt(open_us),
  }));
}

/** True of a bar that was decided on. */
export function isDecided(bar: MarketBar | HistoryBar): bar is MarketBar {
  return 'vector' in bar;
}
