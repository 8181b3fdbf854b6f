import {
  LEVEL,
  MODEL_PLANS,
  forecastDataSet,
  regimeDataSet,
  walkForwardScores,
  type DataOfModel,
  type DataSet,
  type ForecastAt,
  type HistoryBar,
  type MarketBar,
  type TradeRows,
  type TrainedModelName,
  type WalkForwardScores,
} from '@bellwether/training';
import { BellwetherError } from '@bellwether/contracts';
import { measure, type DataPlan } from '../data/data-plan.js';
import { showProgress } from '../progress.js';
import { marketBars, tradeRows } from './plan-rows.js';

/** Rows kept in memory at once; a sequence takes four kilobytes. */
const ROWS_MAX = 400_000;

export interface DataSetOptions {
  readonly folds: number;
  readonly seed: string;
}

/** What a card says of the data of a plan. */
export function dataOf(plan: DataPlan): DataOfModel {
  return { title: plan.title, synthetic: plan.synthetic, references: plan.references() };
}

/**
 * The data sets of a plan, each made when it is first asked for. Features and regime run once for both models of the market. The
 * confidence model is told forecasts of models that had not seen the session: those of the folds of `rl_model`.
 */
export class PlanDataSets {
  private readonly made = new Map<TrainedModelName, DataSet>();
  private bars: readonly (MarketBar | HistoryBar)[] | null = null;
  private readonly scores = new Map<TrainedModelName, WalkForwardScores>();
  private trades: TradeRows | null = null;
  private total: number | null = null;

  constructor(
    private readonly plan: DataPlan,
    private readonly options: DataSetOptions,
    private readonly models: readonly TrainedModelName[],
  ) {}

  async of(model: TrainedModelName): Promise<DataSet> {
    const there = this.made.get(model);
    if (there !== undefined) return there;
    const set = await this.make(model);
    if (set.rows === 0) {
      throw new BellwetherError(
        'data_empty',
        `${this.plan.title}: there is no row for ${model} in these data`,
      );
    }
    this.made.set(model, set);
    return set;
  }

  /** What the folds of a model said, where they were trained anyway. */
  keep(model: TrainedModelName, scores: WalkForwardScores): void {
    this.scores.set(model, scores);
  }

  /** What the folds of the general model said of rows that they had not seen, by row. They are trained where that was not kept. */
  async saidOf(model: TrainedModelName): Promise<ReadonlyMap<number, readonly number[]>> {
    const set = await this.of(model);
    const kept = this.scores.get(model);
    if (kept !== undefined) return kept.said;
    const scores = this.trainFolds(model, set);
    this.scores.set(model, scores);
    return scores.said;
  }

  private async make(model: TrainedModelName): Promise<DataSet> {
    if (model === 'regime_classifier') return regimeDataSet(await this.marketBars());
    if (model === 'rl_model') return forecastDataSet(await this.marketBars());
    const rows = await this.tradesOfArms();
    return model === 'strategy_selection' ? rows.selection() : rows.confidence();
  }

  /** The arms trade once for both models that learn of their trades; only the confidence model is told forecasts. */
  private async tradesOfArms(): Promise<TradeRows> {
    if (this.trades !== null) return this.trades;
    const told = this.models.includes('confidence_prediction');
    const forecastAt: ForecastAt = told ? await this.forecasts() : () => null;
    this.trades = await this.shown('trades of all arms', (onProgress) =>
      tradeRows(this.plan.batches(), this.plan.settings.config, forecastAt, onProgress),
    );
    return this.trades;
  }

  private async marketBars(): Promise<readonly (MarketBar | HistoryBar)[]> {
    const sequences = this.models.some((model) => model !== 'regime_classifier');
    this.bars ??= await this.shown('features', (onProgress) =>
      marketBars(this.plan.batches(), sequences, onProgress),
    );
    if (this.bars.length > ROWS_MAX) {
      throw new BellwetherError(
        'usage',
        `${this.plan.title} has ${this.bars.length} bars, more than the ${ROWS_MAX} that are trained on at once: shorten it with --from`,
      );
    }
    return this.bars;
  }

  private async forecasts(): Promise<ForecastAt> {
    const set = await this.of('rl_model');
    const said = new Map<string, number>();
    for (const [row, probabilities] of await this.saidOf('rl_model')) {
      said.set(`${set.symbols[row]!} ${set.start_us[row]!}`, probabilities[1]!);
    }
    return (symbol, at_us) => said.get(`${symbol} ${at_us}`) ?? null;
  }

  private trainFolds(model: TrainedModelName, set: DataSet): WalkForwardScores {
    const plan = MODEL_PLANS[model];
    const { folds, seed } = this.options;
    const progress = showProgress(`folds of ${model}`, folds * plan.epochsMax);
    let done = 0;
    const onEpoch = (): void => {
      done += 1;
      progress.update(done);
    };
    const scores = walkForwardScores({ plan, set, folds, seed, level: LEVEL, onEpoch, variant: null });
    progress.end();
    return scores;
  }

  private async shown<T>(what: string, work: (onProgress: (done: number) => void) => Promise<T>): Promise<T> {
    this.total ??= this.plan.bars ?? (await measure(this.plan.inputs(null))).count;
    const { total } = this;
    const progress = showProgress(what, total);
    try {
      return await work((done) => {
        progress.update(Math.min(done, total));
      });
    } finally {
      progress.end();
    }
  }
}
