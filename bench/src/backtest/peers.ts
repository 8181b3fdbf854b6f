import type { Bar } from '@bellwether/contracts';
import { DataFrame } from 'data-forge';
import { backtest, type IStrategy } from 'grademark';
import { PineTS } from 'pinets';
import { FAST_BARS, SLOW_BARS, crossedDown, crossedUp, windowAt, type Window } from './crossover.js';

/** Points of an ES tick: what the others compute in. */
const TICK = 0.25;

/** How a trade of another program began and ended; prices in ticks. */
export interface PeerTrade {
  readonly entry_ticks: number;
  readonly exit_ticks: number;
}

interface GrademarkBar {
  readonly time: Date;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly window: Window;
  readonly fast: number;
  readonly slow: number;
  readonly fast_before: number;
  readonly slow_before: number;
}

type GrademarkInput = Omit<GrademarkBar, 'fast' | 'slow' | 'fast_before' | 'slow_before'>;

export function grademarkBars(bars: readonly Bar[]): readonly GrademarkInput[] {
  return bars.map((bar) => ({
    time: new Date(bar.open_us / 1_000),
    open: bar.open_ticks * TICK,
    high: bar.high_ticks * TICK,
    low: bar.low_ticks * TICK,
    close: bar.close_ticks * TICK,
    volume: bar.volume ?? 0,
    window: windowAt(bar.open_us + bar.interval_us),
  }));
}

/** The averages are computed by hand and handed over: those of data-forge would cost more than the backtest. */
function withAverages(bars: readonly GrademarkInput[]): GrademarkBar[] {
  let fast = 0;
  let slow = 0;
  let fast_before = 0;
  let slow_before = 0;
  return bars.map((bar, i) => {
    fast += bar.close - (i < FAST_BARS ? 0 : bars[i - FAST_BARS]!.close);
    slow += bar.close - (i < SLOW_BARS ? 0 : bars[i - SLOW_BARS]!.close);
    const warm = i >= SLOW_BARS;
    const { time, open, high, low, close, volume, window } = bar;
    const now = { fast: warm ? fast / FAST_BARS : 0, slow: warm ? slow / SLOW_BARS : 0 };
    const row = { time, open, high, low, close, volume, window, ...now, fast_before, slow_before };
    fast_before = fast / FAST_BARS;
    slow_before = slow / SLOW_BARS;
    return row;
  });
}

const STRATEGY: IStrategy<GrademarkBar, GrademarkBar, object> = {
  entryRule: (enter, { bar }) => {
    if (bar.window === 'enter' && crossedUp(bar)) enter();
  },
  exitRule: (exit, { bar }) => {
    if (bar.window === 'leave' || crossedDown(bar)) exit();
  },
};

export function runGrademark(bars: readonly GrademarkInput[]): readonly PeerTrade[] {
  const trades = backtest(STRATEGY, new DataFrame(withAverages(bars)));
  return trades.map(({ entryPrice, exitPrice }) => ({
    entry_ticks: entryPrice / TICK,
    exit_ticks: exitPrice / TICK,
  }));
}

interface Candle {
  readonly openTime: number;
  readonly closeTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Pine has no column for our window, so it stands where the volume would. */
const WINDOW_NUMBER: Readonly<Record<Window, number>> = { enter: 1, hold: 0, leave: 2 };

export function pineCandles(bars: readonly Bar[]): readonly Candle[] {
  return bars.map((bar) => ({
    openTime: bar.open_us / 1_000,
    closeTime: (bar.open_us + bar.interval_us) / 1_000,
    open: bar.open_ticks * TICK,
    high: bar.high_ticks * TICK,
    low: bar.low_ticks * TICK,
    close: bar.close_ticks * TICK,
    volume: WINDOW_NUMBER[windowAt(bar.open_us + bar.interval_us)],
  }));
}

const PINE = `//@version=5
strategy("crossover", initial_capital=100000000, default_qty_type=strategy.fixed, default_qty_value=1)
fast = ta.sma(close, ${FAST_BARS})
slow = ta.sma(close, ${SLOW_BARS})
up = ta.crossover(fast, slow)
down = ta.crossunder(fast, slow)
if up and volume == 1
    strategy.entry("L", strategy.long)
if down or volume == 2
    strategy.close("L")
`;

/** Its own types name files that a compiler does not find. */
type PineProgram = new (candles: readonly Candle[]) => { run(script: string): Promise<unknown> };

interface PineResult {
  readonly strategy: {
    readonly closedtrades: readonly { readonly entry_price: number; readonly exit_price: number }[];
  };
}

export async function runPine(candles: readonly Candle[]): Promise<readonly PeerTrade[]> {
  const program = new (PineTS as PineProgram)([...candles]);
  const context = await program.run(PINE);
  return (context as PineResult).strategy.closedtrades.map(({ entry_price, exit_price }) => ({
    entry_ticks: entry_price / TICK,
    exit_ticks: exit_price / TICK,
  }));
}
