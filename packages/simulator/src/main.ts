import { COUNTERS, Coverage } from './coverage.js';
import { COVERAGE_SEEDS_MIN, HELP, readOptions, type SimOptions } from './options.js';
import { PLANTS, plantNamed, type Plant } from './plants.js';
import { checkPlant, registerPlant } from './register-plant.js';
import { againCommand, coverageTable, failureText, plantTable, type PlantOutcome } from './report.js';
import type { SeedResult } from './run-seed.js';
import { runPool, type LostSeed } from './seed-pool.js';

const CLEAN = 0;
const BROKEN = 1;
const WRONG_OPTIONS = 2;

/** Failures that are shown whole; of more only the command that repeats them. */
const FAILURES_SHOWN = 3;
/** After so many the rest would tell nothing new. */
const FAILURES_MAX = 20;
const TWICE_EVERY = 25;
const PROGRESS_MS = 1_000;

const out = (text: string): void => void process.stdout.write(`${text}\n`);

/** `npm run sim`. Resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (options === 'help') {
    out(HELP);
    return CLEAN;
  }
  if (!('seeds' in options)) {
    process.stderr.write(`${options.join('\n')}\nSee: npm run sim -- --help\n`);
    return WRONG_OPTIONS;
  }
  try {
    if (options.trace) return await traced(options);
    if (options.plant === null) return await ran(options);
    return await planted(
      options,
      PLANTS.filter(({ name }) => options.plant === 'all' || options.plant === name),
    );
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
    return WRONG_OPTIONS;
  }
}

async function traced({ from, plant }: SimOptions): Promise<number> {
  const bug = plant === null ? null : plantNamed(plant);
  if (bug !== null) registerPlant(bug);
  const { runSeed } = await import('./run-seed.js');
  const result = await runSeed(from, out);
  const { failure, history, events } = result;
  out(`\n${result.scenario}\n${events} events, history ${history}`);
  out(failure === null ? 'clean' : `broken: ${failure.message}`);
  return failure === null ? CLEAN : BROKEN;
}

async function ran(options: SimOptions): Promise<number> {
  const { seeds, from, jobs } = options;
  const coverage = new Coverage();
  const progress = new Progress(seeds);
  const failed: (SeedResult | LostSeed)[] = [];
  const sums = { entries: 0, events: 0, virtual_ms: 0 };
  await runPool({
    ...{ from, seeds, jobs, plant: null, twiceEvery: TWICE_EVERY },
    onResult: (result) => {
      const broken = 'lost' in result || result.failure !== null;
      if ('counts' in result) {
        coverage.add(result.counts);
        sums.entries += result.entries;
        sums.events += result.events;
        sums.virtual_ms += result.virtual_ms;
      }
      if (broken) {
        failed.push(result);
        progress.clear();
        if (failed.length <= FAILURES_SHOWN) out(failureText(result, null));
        else out(`FAILED seed ${result.seed}: ${againCommand(result.seed, null)}`);
      }
      progress.step(failed.length);
      return failed.length < FAILURES_MAX;
    },
  });
  progress.clear();
  out(coverageTable(coverage.counts));
  const hours = (sums.virtual_ms / 3_600_000).toFixed(1);
  out(
    `\n${progress.done} seeds from ${from} in ${progress.seconds} s: ${sums.entries} entries decided, ` +
      `${sums.events} events, ${hours} hours of virtual time, ${failed.length} failed`,
  );
  return failed.length > 0 || !isCovered(coverage, seeds) ? BROKEN : CLEAN;
}

function isCovered({ missing }: Coverage, seeds: number): boolean {
  if (seeds < COVERAGE_SEEDS_MIN || missing.length === 0) return true;
  out('\nNever happened, so nothing is proved about it:');
  for (const name of missing) out(`  ${name}: ${COUNTERS[name]}`);
  return false;
}

async function planted(options: SimOptions, plants: readonly Plant[]): Promise<number> {
  // All of them first, so that one that is out of date is seen at once.
  for (const plant of plants) checkPlant(plant);
  const outcomes: PlantOutcome[] = [];
  for (const plant of plants) outcomes.push(await huntedDown(options, plant));
  out(plantTable(outcomes));
  return outcomes.every(({ found }) => found !== null) ? CLEAN : BROKEN;
}

async function huntedDown({ seeds, from, jobs }: SimOptions, { name, bug }: Plant): Promise<PlantOutcome> {
  let tried = 0;
  let found: PlantOutcome['found'] = null;
  await runPool({
    ...{ from, seeds, jobs, plant: name, twiceEvery: Number.MAX_SAFE_INTEGER },
    onResult: (result) => {
      tried += 1;
      const invariant = 'lost' in result ? result.lost : (result.failure?.invariant ?? null);
      if (invariant !== null && found === null) {
        found = { seed: result.seed, tried, invariant };
        out(failureText(result, name));
      }
      return found === null;
    },
  });
  return { name, bug, found };
}

/** One line that is written over on a terminal; elsewhere a line now and then. */
class Progress {
  done = 0;
  readonly #started_ms = performance.now();
  #shown_ms = 0;

  constructor(private readonly of: number) {}

  get seconds(): string {
    return ((performance.now() - this.#started_ms) / 1_000).toFixed(1);
  }

  step(failed: number): void {
    this.done += 1;
    const now_ms = performance.now();
    const every_ms = process.stderr.isTTY ? PROGRESS_MS / 4 : PROGRESS_MS * 10;
    if (now_ms - this.#shown_ms < every_ms && this.done < this.of) return;
    this.#shown_ms = now_ms;
    const text = `${this.done} of ${this.of} seeds, ${failed} failed, ${this.seconds} s`;
    process.stderr.write(process.stderr.isTTY ? `\r${text}` : `${text}\n`);
  }

  clear(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
}
