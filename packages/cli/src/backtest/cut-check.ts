import { createHash } from 'node:crypto';
import { runBacktest } from '@bellwether/backtest';
import { BellwetherError, type Entry } from '@bellwether/contracts';
import type { Infer } from '@bellwether/host';
import { uniformSource, type AnyStage } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { utcText } from '@bellwether/market';
import { dataLine } from '@bellwether/verdict';
import type { DataPlan } from '../data/data-plan.js';
import { whileRunning } from '../while-running.js';

export interface CutOptions {
  /** Cuts at random decisions. */
  readonly cuts: number;
  readonly seed: string;
}

/** What the inputs of a run are; a test hands in some that look ahead. */
export interface CutSource {
  readonly book: string;
  /** Inputs as if the data ended at a time, microseconds UTC; null: all of them. Each call begins anew. */
  readonly inputs: (cut_us: number | null) => AsyncIterable<readonly Entry[]>;
  readonly stages: readonly AnyStage[];
  readonly infer: Infer;
}

/** A decision that was another one where the run ended with it. */
export interface CutDifference {
  /** Where the data were cut, microseconds UTC. */
  readonly cut_us: number;
  /** Decision, from 1, that differs first. */
  readonly decision: number;
}

export interface CutResult {
  readonly cuts: number;
  readonly decisions: number;
  readonly differences: readonly CutDifference[];
}

/** Bytes kept of the hash of each decision: two that differ have the same with a chance of 2^-64. */
const PRINT_BYTES = 8;

class Prints {
  #bytes = Buffer.alloc(1 << 16);
  count = 0;

  add(bytes: Uint8Array): void {
    const at = this.count * PRINT_BYTES;
    if (at + PRINT_BYTES > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    }
    createHash('sha256').update(bytes).digest().copy(this.#bytes, at, 0, PRINT_BYTES);
    this.count += 1;
  }

  /** First decision, from 1, that differs from the same one of another run; null where all are alike. */
  firstDifference(other: Prints): number | null {
    for (let i = 0; i < this.count; i++) {
      const at = i * PRINT_BYTES;
      const own = this.#bytes.subarray(at, at + PRINT_BYTES);
      if (i >= other.count || !own.equals(other.#bytes.subarray(at, at + PRINT_BYTES))) return i + 1;
    }
    return null;
  }
}

interface Recorded {
  readonly prints: Prints;
  /** When each decision on a bar was made. */
  readonly times_us: readonly number[];
}

async function recorded(source: CutSource, cut_us: number | null, signal: AbortSignal): Promise<Recorded> {
  const { book, stages, infer, inputs } = source;
  const prints = new Prints();
  const times_us: number[] = [];
  await runBacktest({
    ...{ book, stages, infer, inputs: inputs(cut_us), signal },
    onFrame: ({ entry, book_time_us }, bytes) => {
      prints.add(bytes);
      if (entry !== null && entry.bar !== null) times_us.push(book_time_us);
    },
  });
  return { prints, times_us };
}

/**
 * Cuts the data behind random decisions and compares: every decision of the cut run must be that of the whole run, to the
 * byte, whatever came later in the data. One that is not has seen what was to come.
 */
export async function compareCuts(
  source: CutSource,
  { cuts, seed }: CutOptions,
  signal: AbortSignal,
): Promise<CutResult> {
  const whole = await recorded(source, null, signal);
  const uniform = uniformSource(seed);
  const differences: CutDifference[] = [];
  for (let i = 0; i < cuts && !signal.aborted; i++) {
    const cut_us = whole.times_us[Math.floor(uniform() * whole.times_us.length)] ?? 0;
    const { prints } = await recorded(source, cut_us, signal);
    const decision = prints.firstDifference(whole.prints);
    if (decision !== null) differences.push({ cut_us, decision });
  }
  return { cuts, decisions: whole.prints.count, differences };
}

/** `bw backtest --check`. */
export async function checkCuts(plan: DataPlan, options: CutOptions): Promise<void> {
  const source: CutSource = {
    book: plan.book,
    stages: LINE,
    infer: plan.models.infer,
    inputs: (cut_us) => (cut_us === null ? plan.batches() : plan.batches(cut_us)),
  };
  const result = await whileRunning((signal) => compareCuts(source, options, signal));
  const { cuts, decisions, differences } = result;
  const said =
    differences.length === 0
      ? 'every decision before a cut is the same to the byte'
      : `${differences.length} DIFFERENT`;
  process.stdout.write(
    `${dataLine(await plan.mark())}\n` +
      `${decisions.toLocaleString('en-US')} decisions, data cut behind ${cuts} random ones (seed ${options.seed}): ${said}\n`,
  );
  const [first] = differences;
  if (first === undefined) return;
  throw new BellwetherError(
    'diverged',
    `Data cut at ${utcText(first.cut_us)}: decision ${first.decision} is another one, so it has seen what came later`,
  );
}
