import type { Bar, FeatureVector } from '@bellwether/contracts';
import { tradeDateAt } from '@bellwether/market';
import { FEATURE_COUNT, SEQUENCE_BARS, sequenceRow } from '@bellwether/model-slots';
import {
  LABELS_MIN,
  afterLabel,
  newRegression,
  probabilityOf,
  type OnlineRegression,
  type SparseRow,
} from './online-regression.js';

/** How far ahead the forecast looks. */
export const HORIZON_US = 900_000_000;

/** A bar that waits for its label: what the price is 15 minutes later. */
interface Waiting {
  readonly close_us: number;
  readonly close_ticks: number;
  readonly row: SparseRow;
}

/** Of one symbol. Lists are bounded by the bars of the sequence and of the horizon. */
export interface ForecastMemory {
  readonly symbol: string;
  readonly open_us: number;
  readonly interval_us: number;
  /** Of the unbroken run up to the last bar, the newest last. */
  readonly rows: readonly (readonly number[])[];
  readonly waiting: readonly Waiting[];
  readonly online: OnlineRegression;
  /** P(price higher) of the online half at the last bar; null while it has not learned enough. */
  readonly p_online: number | null;
}

function rowOf({ present_index, present_value }: FeatureVector): SparseRow {
  return { places: [...present_index, FEATURE_COUNT], values: [...present_value, 1] };
}

/** True where the bar follows the last one without a gap, in the same session. */
export function follows(memory: ForecastMemory | null, bar: Bar): memory is ForecastMemory {
  return (
    memory !== null &&
    memory.interval_us === bar.interval_us &&
    memory.open_us + memory.interval_us === bar.open_us &&
    tradeDateAt(memory.open_us) === tradeDateAt(bar.open_us)
  );
}

/** The rows of the sequence with this bar, or null while there are too few in a row. */
export function sequenceWith(
  memory: ForecastMemory | null,
  bar: Bar,
  vector: FeatureVector,
): readonly (readonly number[])[] | null {
  if (!follows(memory, bar) || memory.rows.length < SEQUENCE_BARS - 1) return null;
  return [...memory.rows.slice(1 - SEQUENCE_BARS), sequenceRow(vector)];
}

/** What {@link afterBar} came to, and of what. */
interface Made {
  readonly memory: ForecastMemory | null;
  readonly bar: Bar;
  readonly vector: FeatureVector;
  readonly online: boolean;
  readonly after: ForecastMemory;
}

/** Bars between a guess and the real word in a run over the past, at least; a place each. */
const MADE_MAX = 64;
const made: (Made | undefined)[] = new Array<Made | undefined>(MADE_MAX).fill(undefined);

/**
 * The memory after a bar ({@link madeAfter}). A run over the past asks twice with the very same objects, once to guess its questions: what came
 * of them the first time is given again, which is the same as working it out.
 */
export function afterBar(
  memory: ForecastMemory | null,
  bar: Bar,
  vector: FeatureVector,
  online: boolean,
): ForecastMemory {
  const place = (bar.open_us / bar.interval_us) % MADE_MAX;
  const known = made[place];
  if (known?.vector === vector && known.memory === memory && known.bar === bar && known.online === online) {
    return known.after;
  }
  const after = madeAfter(memory, bar, vector, online);
  if (Number.isInteger(place)) made[place] = { memory, bar, vector, online, after };
  return after;
}

/**
 * The memory after a bar. A label is learned at the first bar that closes exactly 15 minutes later; a gap takes the bars that
 * wait with it, for what the price was meanwhile is not known. An equal price is no label.
 */
function madeAfter(
  memory: ForecastMemory | null,
  bar: Bar,
  vector: FeatureVector,
  online: boolean,
): ForecastMemory {
  const run = follows(memory, bar) ? memory : null;
  const close_us = bar.open_us + bar.interval_us;
  const learned = online
    ? learn(memory?.online ?? newRegression(FEATURE_COUNT + 1), run, bar, close_us)
    : null;
  const regression = learned ?? memory?.online ?? newRegression(FEATURE_COUNT + 1);
  const row = rowOf(vector);
  const rows = [...(run?.rows ?? []).slice(1 - SEQUENCE_BARS), sequenceRow(vector)];
  const waiting = (run?.waiting ?? []).filter((one) => one.close_us + HORIZON_US > close_us);
  return {
    symbol: bar.symbol,
    open_us: bar.open_us,
    interval_us: bar.interval_us,
    rows,
    waiting: online ? [...waiting, { close_us, close_ticks: bar.close_ticks, row }] : [],
    online: regression,
    p_online: online && regression.labels >= LABELS_MIN ? probabilityOf(regression, row) : null,
  };
}

function learn(
  regression: OnlineRegression,
  run: ForecastMemory | null,
  bar: Bar,
  close_us: number,
): OnlineRegression {
  const due = run?.waiting.find((one) => one.close_us + HORIZON_US === close_us);
  if (due === undefined || due.close_ticks === bar.close_ticks) return regression;
  return afterLabel(regression, due.row, bar.close_ticks > due.close_ticks ? 1 : 0);
}
