import { check, type BenchReport, type Progress, type Scale } from '../bench.js';
import { fileCase, realFile, streamedCase, syntheticCase, type BenchCase } from '../cases.js';
import { bar, table, whole } from '../figures.js';
import { runLine } from '../line/line-run.js';

const PASSES = 10;
/** What a process that keeps nothing may still gain: compiled code, caches with a bound. */
const GROWTH_MAX = 0.1;
const GROWTH_MIB = 4;
const MIB = 2 ** 20;

/** In use behind a whole collection of garbage, and what the process holds of the machine. */
interface Sample {
  readonly heap_mib: number;
  readonly rss_mib: number;
}

function sample(): Sample {
  if (globalThis.gc === undefined) throw new Error('This measure needs node --expose-gc');
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap_mib: (heapUsed + external) / MIB, rss_mib: rss / MIB };
}

function checkFlat(name: string, samples: readonly Sample[]): void {
  const first = samples[0]?.heap_mib ?? NaN;
  const last = samples.at(-1)?.heap_mib ?? NaN;
  check(
    last <= first * (1 + GROWTH_MAX) + GROWTH_MIB,
    `${name}: Memory in use stays: ${first.toFixed(1)} MiB at first, ${last.toFixed(1)} MiB at last`,
  );
}

/** The same file again and again in one process, each time as a new run. */
async function passes(of: BenchCase, progress: Progress): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  let digest: string | null = null;
  for (let pass = 1; pass <= PASSES; pass++) {
    progress(`${of.name}, pass ${pass} of ${PASSES}`);
    const run = await runLine(of, null);
    digest ??= run.digest;
    check(run.digest === digest, 'Each pass comes to the same digest');
    samples.push(sample());
  }
  return samples;
}

/** One run, looked at ten times on its way, with all that it holds. */
async function alongOneRun(of: BenchCase, progress: Progress): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  let [frames, next] = [0, 1];
  await runLine(of, null, () => {
    frames += 1;
    if (frames < (next * of.bars) / PASSES || next > PASSES) return;
    progress(`${of.name}, ${next} of ${PASSES} parts`);
    samples.push(sample());
    next += 1;
  });
  check(samples.length === PASSES, 'The run is looked at ten times');
  return samples;
}

function lines(name: string, what: string, samples: readonly Sample[]): readonly string[] {
  const largest = Math.max(...samples.map(({ rss_mib }) => rss_mib));
  const rows = samples.map(({ heap_mib, rss_mib }, i) => [
    `${what} ${i + 1}`,
    heap_mib.toFixed(1),
    whole(rss_mib),
    bar(rss_mib, largest).padEnd(bar(largest, largest).length),
  ]);
  return [name, ...table(['', 'in use, MiB', 'resident, MiB', ''], rows)];
}

/** Memory from the first to the tenth pass over a file, and along a run that is ten times as long. */
export async function memoryBench(scale: Scale, progress: Progress): Promise<BenchReport> {
  const file = scale === 'full' ? realFile() : null;
  const sessions = scale === 'full' ? 30 : 1;
  const short = file === null ? syntheticCase(sessions) : await fileCase(file);
  // Its bars are made while it runs: kept beforehand they would hide what the line keeps.
  const long = streamedCase(sessions * PASSES, 'bench-long');
  const again = await passes(short, progress);
  checkFlat(short.name, again);
  const along = await alongOneRun(long, progress);
  checkFlat(long.name, along);
  return {
    title: 'Memory',
    checked: [
      'each pass comes to the same digest',
      `in use at the end no more than ${100 * GROWTH_MAX} % and ${GROWTH_MIB} MiB above the beginning, both times`,
    ],
    lines: [
      ...lines(
        `${PASSES} passes over ${short.name} (${whole(short.bars)} bars), each a new run`,
        'pass',
        again,
      ),
      '',
      ...lines(`One run over ${long.name} (${whole(long.bars)} bars)`, 'tenth', along),
    ],
    figures: {
      passes: { name: short.name, bars: short.bars, samples: again },
      along: { name: long.name, bars: long.bars, samples: along },
    },
  };
}
