import {
  DataOrigin,
  EntryKind,
  FillLeg,
  OrderType,
  ReasonCode,
  RegimeMethod,
  RegimeState,
  Side,
  Strategy,
  bookConfigOf,
  type BanditPart,
  type Bar,
  type BookConfig,
  type FeaturesPart,
  type Fill,
  type Frame,
  type RegimePart,
} from '@bellwether/contracts';
import { runBacktest, type BacktestResult } from '@bellwether/backtest';
import { noModels } from '@bellwether/host';
import { bookInputBatches, nextRelease } from '@bellwether/ingestion';
import { asksForDecision, present, type AnyStage, type Stage } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { marketClock } from '@bellwether/market';
import { SYMBOL } from '../cases.js';
import {
  FAST_BARS,
  SLOW_BARS,
  crossedDown,
  crossedUp,
  windowAt,
  type Averages,
  type CrossTrade,
} from './crossover.js';

/**
 * The line with one strategy, put in from outside where every stage is put in: features that are two averages, a regime that
 * is always open, and a bandit with one arm. Forecast, portfolio, sizing and risk are those of the line, and so are broker,
 * frames and digest.
 */

interface Closes {
  /** The last closes, by the number of the bar; sums of the newest. */
  readonly ring: readonly number[];
  readonly count: number;
  readonly fast: number;
  readonly slow: number;
}

const NOTHING: FeaturesPart = {
  logic_version: 1,
  fault: null,
  reason: ReasonCode.NOT_ASKED,
  symbol: '',
  clock: null,
  last_close_ticks: null,
  last_close_us: null,
  vector: null,
  indicators: null,
  aux: null,
  zones: [],
  releases: null,
  streams: [],
};

function withClose({ ring, count, fast, slow }: Closes, close: number): Closes {
  const next = ring.slice();
  const at = count % SLOW_BARS;
  const oldest = next[at]!;
  const leaves = next[(count + SLOW_BARS - FAST_BARS) % SLOW_BARS]!;
  next[at] = close;
  return { ring: next, count: count + 1, fast: fast + close - leaves, slow: slow + close - oldest };
}

const PLACES: readonly number[] = [0, 1, 2, 3];
const NONE: readonly never[] = [];

const features: Stage<Closes, 'features'> = {
  name: 'features',
  logicVersion: 1,
  onFault: 'stop',
  initialState: () => ({ ring: Array.from({ length: SLOW_BARS }, () => 0), count: 0, fast: 0, slow: 0 }),
  apply: (state, { entry }) => {
    const bar = entry?.bar ?? null;
    if (bar === null) return { state, part: NOTHING };
    const after = withClose(state, bar.close_ticks);
    const part: FeaturesPart = {
      logic_version: 1,
      fault: null,
      reason: ReasonCode.OK,
      symbol: bar.symbol,
      clock: marketClock(bar.open_us + bar.interval_us),
      last_close_ticks: bar.close_ticks,
      last_close_us: bar.open_us + bar.interval_us,
      vector:
        state.count < SLOW_BARS
          ? null
          : {
              set_version: 'crossover',
              schema_sha256: '',
              present_index: PLACES,
              present_value: [
                after.fast / FAST_BARS,
                after.slow / SLOW_BARS,
                state.fast / FAST_BARS,
                state.slow / SLOW_BARS,
              ],
              masked_index: NONE,
              masked_reason: NONE,
            },
      indicators: null,
      aux: null,
      zones: NONE,
      releases: null,
      streams: NONE,
    };
    return { state: after, part };
  },
  faulted: (fault) => ({ ...NOTHING, fault }),
};

const ALWAYS_OPEN: RegimePart = {
  logic_version: 1,
  fault: null,
  reason: ReasonCode.OK,
  method: RegimeMethod.RULE,
  state: RegimeState.CALM_TREND,
  gate_open: true,
  probabilities: NONE,
  pending: null,
  pending_since_us: null,
  state_since_us: null,
  model_reason: null,
};

const regime: Stage<null, 'regime'> = {
  name: 'regime',
  logicVersion: 1,
  onFault: 'stop',
  initialState: () => null,
  apply: (state) => ({ state, part: ALWAYS_OPEN }),
  faulted: (fault) => ({ ...ALWAYS_OPEN, gate_open: false, fault }),
};

function averagesOf(frame: Frame): Averages | null {
  const value = frame.features?.vector?.present_value;
  if (value === undefined) return null;
  return { fast: value[0]!, slow: value[1]!, fast_before: value[2]!, slow_before: value[3]! };
}

const QUIET: BanditPart = {
  logic_version: 1,
  fault: null,
  reason: ReasonCode.NO_SETUP,
  candidates: NONE,
  refused: NONE,
  draw: null,
  chosen: null,
  confidence_reason: null,
  selection_reason: null,
  withheld: NONE,
};

/** Far beyond any move of a day: the strategy has no stop, and the line takes no order without one. */
const STOP_TICKS = 4_000;

function wantsIn(frame: Frame): boolean {
  const averages = averagesOf(frame);
  if (averages === null || !asksForDecision(frame, true) || !crossedUp(averages)) return false;
  const { portfolio } = frame;
  if (portfolio === null || portfolio.positions.length > 0 || portfolio.working.length > 0) return false;
  return windowAt(frame.book_time_us) === 'enter';
}

const bandit: Stage<null, 'bandit'> = {
  name: 'bandit',
  logicVersion: 1,
  onFault: 'stop',
  initialState: () => null,
  apply: (state, frame) => {
    if (!wantsIn(frame)) return { state, part: QUIET };
    const bar = present(frame.entry?.bar, 'the bar of a decision');
    const setup = {
      strategy: Strategy.S1,
      symbol: bar.symbol,
      side: Side.LONG,
      order_type: OrderType.MARKET,
      entry_ticks: bar.close_ticks,
      stop_ticks: bar.close_ticks - STOP_TICKS,
      target_ticks: null,
      tp1_r: null,
      expires_us: frame.book_time_us + 2 * bar.interval_us,
      time_stop_us: null,
      size_factor: 1,
    };
    const candidates = [{ setup, mean_r: 0, count: 0, ucb: null, probability: 1, confidence: null }];
    return { state, part: { ...QUIET, reason: ReasonCode.OK, candidates, draw: 0, chosen: 0 } };
  },
  faulted: (fault) => ({ ...QUIET, fault }),
};

/** The portfolio of the line, which also asks for the exit of this strategy. */
function leaving(inner: AnyStage): AnyStage {
  const apply: AnyStage['apply'] = (state, frame, outputs) => {
    const applied = inner.apply(state, frame, outputs);
    const part = applied.part as NonNullable<Frame['portfolio']>;
    const [position] = part.positions;
    const averages = averagesOf(frame);
    if (position === undefined || averages === null) return applied;
    if (!crossedDown(averages) && windowAt(frame.book_time_us) !== 'leave') return applied;
    const { symbol, decision_id } = position;
    const exits = [{ symbol, decision_id, reason: ReasonCode.TIME_STOP, quantity: null }];
    return { state: applied.state, part: { ...part, exits } };
  };
  return { ...inner, apply };
}

/** In the order of the line. */
const OWN: Readonly<Partial<Record<string, AnyStage>>> = {
  features,
  regime,
  bandit,
};
export const CROSSOVER_LINE: readonly AnyStage[] = LINE.map((stage) =>
  stage.name === 'portfolio' ? leaving(stage) : (OWN[stage.name] ?? stage),
);

const MUCH = 1_000_000_000_000;
const BOOK = 'crossover';

/** No costs, and limits that none of its trades comes near. */
function configOf(): BookConfig {
  const { config } = bookConfigOf({ book: BOOK, symbols: [{ symbol: SYMBOL }], known_time: 'event' });
  const limits = present(config.limits, 'limits');
  const account = present(config.account, 'an account');
  return {
    ...config,
    symbols: config.symbols.map((symbol) => ({ ...symbol, slippage_ticks: 0, fee_per_side_cents: 0 })),
    risk_per_trade_cents: STOP_TICKS * 1_250 + 1,
    limits: { ...limits, daily_soft_loss_cents: MUCH, daily_kill_loss_cents: MUCH },
    account: { ...account, start_balance_cents: MUCH, max_loss_cents: MUCH, floor_lock_cents: MUCH },
    management: null,
    // Fills at the very open, whatever the volume: as the other programs fill.
    paper: null,
  };
}

export interface CrossoverRun extends BacktestResult {
  readonly trades: readonly CrossTrade[];
}

/** All bars through the reduced line; its trades are those of its fills. */
export async function runCrossover(bars: Iterable<Bar>): Promise<CrossoverRun> {
  const config = configOf();
  const release = nextRelease({
    config,
    stages: CROSSOVER_LINE.map(({ name, logicVersion }) => ({ stage: name, logic_version: logicVersion })),
    latest: null,
  });
  const series = { symbol: SYMBOL, bars, source: 'bench', origin: DataOrigin.SYNTHETIC };
  const trades: CrossTrade[] = [];
  let entry: Fill | null = null;
  const result = await runBacktest({
    ...{ book: BOOK, stages: CROSSOVER_LINE, infer: noModels, signal: new AbortController().signal },
    inputs: bookInputBatches({ config, series: [series], release, from: null, to: null }),
    onFrame: ({ entry: journaled }) => {
      if (journaled?.kind !== EntryKind.FILL || journaled.fill === null) return;
      const { fill } = journaled;
      if (fill.leg === FillLeg.ENTRY) entry = fill;
      else if (entry !== null) {
        trades.push({
          entry_us: entry.fill_us,
          entry_ticks: entry.price_ticks,
          exit_us: fill.fill_us,
          exit_ticks: fill.price_ticks,
        });
      }
    },
  });
  return { ...result, trades };
}
