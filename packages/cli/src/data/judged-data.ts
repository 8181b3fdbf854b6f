import path from 'node:path';
import {
  isSelection,
  judgeBars,
  judgeFile,
  judgedSubject,
  openDataSource,
  parseSelection,
} from '@bellwether/catalog';
import { BellwetherError, DataOrigin, type Bar } from '@bellwether/contracts';
import { SAMPLE, sampleBars } from '@bellwether/testkit';
import type { DataVerdict, RawBar, Subject } from '@bellwether/verdict';
import { catalogFolder } from '../folders.js';
import { showProgress, type Progress } from '../progress.js';
import { asForeign } from './open-bars.js';

/** Options of `bw data`. */
export interface JudgedDataOptions {
  readonly symbol?: string;
  readonly contract?: string;
  readonly synthetic?: boolean;
  readonly trustTimes?: boolean;
  readonly catalog?: string;
}

/** Bars with what is thought of them. */
export interface JudgedData {
  /** For people. */
  readonly title: string;
  readonly subject: Subject;
  readonly verdict: DataVerdict;
  readonly elapsedMs: number;
  /** The file, where the bars came from one. */
  readonly file: string | null;
}

function* inBatches(bars: Iterable<Bar>): Generator<readonly Bar[], void, undefined> {
  for (const bar of bars) yield [bar];
}

/**
 * Judges a file, a selection of the catalog, or the sample where nothing was named.
 *
 * @throws BellwetherError `usage`, `unknown_symbol`, `data_unreadable`, and those of the catalog
 */
export async function judgedData(
  bars: string | undefined,
  options: JudgedDataOptions,
  onBar?: (bar: RawBar) => void,
): Promise<JudgedData> {
  const started = performance.now();
  const { title, subject, verdict, file } = await judged(bars, options, onBar);
  return { title, subject, verdict, file, elapsedMs: performance.now() - started };
}

async function judged(
  bars: string | undefined,
  options: JudgedDataOptions,
  onBar?: (bar: RawBar) => void,
): Promise<Omit<JudgedData, 'elapsedMs'>> {
  const trustTimes = options.trustTimes === true;
  const contract = options.contract ?? null;
  if (bars === undefined) {
    const subject = judgedSubject(SAMPLE.symbol, null);
    const verdict = await judgeBars(
      inBatches(sampleBars()),
      { subject, origin: 'synthetic', trustTimes },
      onBar,
    );
    return { title: `the synthetic sample (${SAMPLE.source})`, subject, verdict, file: null };
  }
  if (isSelection(bars)) {
    const source = await openDataSource(
      { kind: 'catalog', text: bars },
      catalogFolder(options.catalog ?? null),
    );
    const subject = judgedSubject(parseSelection(bars).symbol, contract);
    const synthetic = options.synthetic === true || source.origin === DataOrigin.SYNTHETIC;
    const origin = synthetic ? 'synthetic' : 'market';
    const verdict = await judgeBars(toBatches(source.series().bars), { subject, origin, trustTimes }, onBar);
    return { title: source.title, subject, verdict, file: null };
  }
  const { symbol } = options;
  if (symbol === undefined) throw new BellwetherError('usage', 'Name the symbol of the file with --symbol');
  const subject = judgedSubject(symbol, contract);
  const origin = options.synthetic === true ? 'synthetic' : 'market';
  let progress: Progress | null = null;
  const judging = judgeFile({
    ...{ file: bars, symbol, contract, origin, trustTimes },
    ...(onBar === undefined ? {} : { onBar }),
    onProgress: ({ bytes_read, bytes_total }) => {
      progress ??= showProgress('bytes', bytes_total);
      progress.update(bytes_read);
    },
  });
  const verdict = await judging.catch(async (error: unknown) => {
    throw await asForeign(error, bars, symbol);
  });
  (progress as Progress | null)?.end();
  return { title: path.basename(bars), subject, verdict, file: bars };
}

async function* toBatches(
  bars: Iterable<Bar> | AsyncIterable<readonly Bar[]>,
): AsyncGenerator<readonly Bar[], void, undefined> {
  if (Symbol.asyncIterator in bars) yield* bars;
  else yield* inBatches(bars);
}
