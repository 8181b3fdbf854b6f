import { DataOrigin, bookConfigOf, type Bar, type Frame } from '@bellwether/contracts';
import { FEATURES, stage } from '@bellwether/features';
import type { PriceBar } from '@bellwether/indicators';
import { bookInputBatches, nextRelease } from '@bellwether/ingestion';
import { FIRST_FRAME_HEAD, openFrame } from '@bellwether/kernel';
import { stageVersions } from '@bellwether/line';
import { check, type BenchReport, type Progress, type Scale } from '../bench.js';
import { madeUp } from '../cases.js';
import { table, whole } from '../figures.js';
import { rateCells, ratesOf } from '../timing.js';
import { handWrittenLoop, type CandleColumns } from './hand-written-loop.js';
import { ours, tradingSignals, type Candle, type SevenIndicators } from './seven-indicators.js';

/** Made-up sessions of one-minute bars, and measured runs of each subject. */
const SIZES = { full: { sessions: 60, rounds: 7 }, quick: { sessions: 3, rounds: 1 } } as const;

/** Bars a second of the stage that are aimed at. */
const AIM = 300_000;
/** Numbers that three ways of computing must agree to. */
const AGREED = 1e-6;

async function framesOf(bars: readonly Bar[]): Promise<readonly Frame[]> {
  const { config } = bookConfigOf({ book: 'bench', symbols: [{ symbol: 'ES' }], known_time: 'event' });
  const release = nextRelease({ config, stages: stageVersions(), latest: null });
  const series = [{ symbol: 'ES', bars, source: 'bench', origin: DataOrigin.SYNTHETIC }];
  const frames: Frame[] = [];
  for await (const batch of bookInputBatches({ config, series, release, from: null, to: null })) {
    for (const entry of batch) frames.push(openFrame(FIRST_FRAME_HEAD, entry));
  }
  return frames;
}

interface StageRun {
  readonly bars: number;
  readonly numbers: number;
  readonly finite: boolean;
}

/** All that the stage says of the frames, added up: work that cannot be left out. */
function runStage(frames: readonly Frame[]): StageRun {
  let state = stage.initialState();
  let bars = 0;
  let numbers = 0;
  let finite = true;
  for (const frame of frames) {
    const applied = stage.apply(state, frame, []);
    state = applied.state;
    const { vector } = applied.part;
    if (vector === null) continue;
    bars += 1;
    numbers += vector.present_value.length;
    finite &&= Number.isFinite(vector.present_value[0]);
  }
  return { bars, numbers, finite };
}

/** The others know no sessions. */
function priceBarOf(bar: Bar): PriceBar {
  return {
    open_us: bar.open_us,
    close_us: bar.open_us + bar.interval_us,
    open_ticks: bar.open_ticks,
    high_ticks: bar.high_ticks,
    low_ticks: bar.low_ticks,
    close_ticks: bar.close_ticks,
    session_start: false,
  };
}

/** The loop agrees with ours, and so does the library but for its ADX, which counts equal moves for both sides. */
function checkIndicators(of: SevenIndicators, loop: SevenIndicators, library: SevenIndicators): void {
  for (const name of Object.keys(of) as (keyof SevenIndicators)[]) {
    check(Math.abs(of[name] - loop[name]) < AGREED, `${name}: ${of[name]}, and ${loop[name]} by hand`);
    if (name === 'adx') continue;
    check(
      Math.abs(of[name] - library[name]) < AGREED,
      `${name}: ${of[name]}, and ${library[name]} of the library`,
    );
  }
}

/** Bars a second of the features stage alone, and of the indicators that everybody has, done in three ways. */
export async function featuresBench(scale: Scale, progress: Progress): Promise<BenchReport> {
  const { sessions, rounds } = SIZES[scale];
  progress('making bars');
  const bars = [...madeUp(sessions)];
  const frames = await framesOf(bars);
  const priceBars = bars.map(priceBarOf);
  const candles: readonly Candle[] = bars.map((bar) => ({
    high: bar.high_ticks,
    low: bar.low_ticks,
    close: bar.close_ticks,
  }));
  const columns: CandleColumns = {
    highs: Float64Array.from(candles, ({ high }) => high),
    lows: Float64Array.from(candles, ({ low }) => low),
    closes: Float64Array.from(candles, ({ close }) => close),
  };
  const told = runStage(frames);
  check(told.bars === bars.length && told.finite, 'The stage says something of every bar');
  check(told.numbers > (FEATURES.length / 2) * bars.length, 'Most of the numbers are there at most bars');
  const [mine, loop, library] = [ours(priceBars), handWrittenLoop(columns), tradingSignals(candles)];
  checkIndicators(mine, loop, library);
  const subjects = [
    { name: `features stage, ${FEATURES.length} numbers`, run: () => runStage(frames) },
    { name: 'seven indicators, ours', run: () => ours(priceBars) },
    { name: 'seven indicators, trading-signals', run: () => tradingSignals(candles) },
    { name: 'seven indicators, hand-written loop', run: () => handWrittenLoop(columns) },
  ];
  const rates = await ratesOf(subjects, bars.length, rounds, progress);
  return {
    title: 'The features stage alone, and indicators that everybody has',
    checked: [
      `the stage gives ${(told.numbers / bars.length).toFixed(1)} of ${FEATURES.length} numbers a bar`,
      'eight numbers of seven indicators after the last bar are the same in all three ways, but for the ADX of ' +
        `trading-signals, which counts equal moves for both sides: ${library.adx.toFixed(4)}, not ${mine.adx.toFixed(4)}`,
    ],
    lines: [
      `${whole(bars.length)} made-up one-minute bars, median of ${rounds} rounds; aim for the stage ${whole(AIM)} bars/s: ` +
        ((rates[0]?.per_s ?? 0) >= AIM ? 'reached' : 'MISSED'),
      '',
      ...table(['', 'bars/s', 'best', 'bars/CPU-s'], rates.map(rateCells)),
    ],
    figures: { aim: AIM, bars: bars.length, rounds, rates },
  };
}
