import type { Progress } from './bench.js';
import { median, whole } from './figures.js';

/** One run: by the wall clock, and what this process used of the processors meanwhile. */
export interface Timing {
  readonly ms: number;
  readonly cpu_ms: number;
}

/** Work that is measured against other work. */
export interface Subject {
  readonly name: string;
  readonly run: () => unknown;
}

/** Units in a second: other work on the machine disturbs the rate by processor time less. */
export interface Rate {
  readonly name: string;
  readonly per_s: number;
  readonly best: number;
  readonly per_cpu_s: number;
}

/** Runs it once. */
export async function timed(run: () => unknown): Promise<Timing> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await run();
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpu_ms: (user + system) / 1_000 };
}

/** Runs each subject so many times, in turns, so that a busy machine slows all of them. The first turn is not counted. */
export async function ratesOf(
  subjects: readonly Subject[],
  units: number,
  rounds: number,
  progress: Progress,
): Promise<readonly Rate[]> {
  const timings = subjects.map((): Timing[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, { name, run }] of subjects.entries()) {
      progress(`round ${round} of ${rounds}: ${name}`);
      const timing = await timed(run);
      if (round > 0) timings[i]?.push(timing);
    }
  }
  return subjects.map(({ name }, i) => {
    const all = timings[i] ?? [];
    const rates = all.map(({ ms }) => (1_000 * units) / ms);
    const per_cpu_s = median(all.map(({ cpu_ms }) => (1_000 * units) / cpu_ms));
    return { name, per_s: median(rates), best: Math.max(...rates), per_cpu_s };
  });
}

/** The cells of a row: name, median, best, and by processor time. */
export function rateCells({ name, per_s, best, per_cpu_s }: Rate): readonly string[] {
  return [name, whole(per_s), whole(best), whole(per_cpu_s)];
}
