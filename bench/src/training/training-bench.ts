import { twinEngine, wasmEngine } from '@bellwether/nn';
import { check, type BenchReport, type Progress, type Scale } from '../bench.js';
import { table } from '../figures.js';
import { ratesOf, type Rate, type Subject } from '../timing.js';
import { loadTfjs, type Tfjs } from './tfjs.js';
import { denseTraining, lstmTraining, type Step, type Training } from './trainings.js';

/** Steps of a measured run, by how fast the subject is, and measured runs. */
const SIZES = {
  full: { ours: 200, twin: 2, tfjs: 20, rounds: 5, checked: 20 },
  quick: { ours: 2, twin: 1, tfjs: 1, rounds: 1, checked: 2 },
} as const;

/** Losses of the same training in two libraries, whose exp and order of additions differ. */
const AGREED = 1e-3;

interface Measured {
  readonly training: string;
  readonly rates: readonly Rate[];
}

/** The same steps from the same parameters in every implementation. */
function checkLosses(training: Training, tfjs: Tfjs | null, steps: number): void {
  const losses = (step: Step): readonly number[] => Array.from({ length: steps }, step);
  const ours = losses(training.ours(wasmEngine()));
  const twin = losses(training.ours(twinEngine()));
  check(
    ours.every((loss, i) => loss === twin[i]),
    `${training.name}: twin and WebAssembly say different losses`,
  );
  check((ours.at(-1) ?? NaN) < (ours[0] ?? NaN), `${training.name}: the loss does not fall`);
  if (tfjs === null) return;
  const theirs = losses(training.tfjs(tfjs));
  const apart = ours.map((loss, i) => Math.abs(loss - (theirs[i] ?? NaN)) / Math.abs(loss));
  check(
    apart.every((distance) => distance < AGREED),
    `${training.name}: the losses of TensorFlow.js are ${Math.max(...apart)} from ours`,
  );
}

async function measure(
  training: Training,
  tfjs: Tfjs | null,
  scale: Scale,
  progress: Progress,
): Promise<Measured> {
  const { ours, twin, tfjs: theirs, rounds } = SIZES[scale];
  const subjects: (Subject & { readonly steps: number })[] = [];
  const add = (name: string, step: Step, steps: number): void => {
    const run = (): void => {
      for (let i = 0; i < steps; i++) step();
    };
    subjects.push({ name, run, steps });
  };
  add('ours, WebAssembly', training.ours(wasmEngine()), ours);
  add('ours, twin in TypeScript', training.ours(twinEngine()), twin);
  if (tfjs !== null) add('TensorFlow.js, WebAssembly', training.tfjs(tfjs), theirs);
  const turns = await ratesOf(subjects, 1, rounds, (what) => progress(`${training.name}: ${what}`));
  const rates = turns.map((rate, i) => {
    const steps = subjects[i]?.steps ?? NaN;
    return {
      ...rate,
      per_s: rate.per_s * steps,
      best: rate.best * steps,
      per_cpu_s: rate.per_cpu_s * steps,
    };
  });
  return { training: training.name, rates };
}

export async function trainingBench(scale: Scale, progress: Progress): Promise<BenchReport> {
  const tfjs = await loadTfjs();
  const rival = tfjs === null ? null : await tfjs.prepare();
  const trainings = [denseTraining(), lstmTraining()];
  for (const training of trainings) {
    progress(`${training.name}: losses`);
    checkLosses(training, tfjs, SIZES[scale].checked);
  }
  const measured: Measured[] = [];
  for (const training of trainings) measured.push(await measure(training, tfjs, scale, progress));
  const steps = SIZES[scale].checked;
  return {
    title: 'training steps a second: forward, loss, backward, Adam',
    checked: [
      `over ${steps} steps from the same parameters the twin says the same losses as WebAssembly, to the last bit, and they fall`,
      rival === null
        ? 'TensorFlow.js is not installed and not measured: npm run bench:tfjs-install'
        : `${rival} says the same losses to 1 in 1,000`,
    ],
    lines: measured.flatMap(({ training, rates }) => [training, ...ratesTable(rates), '']),
    figures: { rival, measured },
  };
}

function ratesTable(rates: readonly Rate[]): readonly string[] {
  const first = rates[0]?.per_s ?? NaN;
  const cells = ({ name, per_s, best, per_cpu_s }: Rate): readonly string[] => [
    name,
    ...[per_s, best, per_cpu_s].map((rate) => (rate < 100 ? rate.toFixed(1) : rate.toFixed(0))),
    `${(first / per_s).toFixed(1)}x`,
  ];
  return table(['', 'steps/s, median', 'best', 'per CPU s', 'first is faster by'], rates.map(cells));
}
