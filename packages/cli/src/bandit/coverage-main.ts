import { Command } from 'commander';
import { plainTable } from '../plain-table.js';
import { showProgress } from '../progress.js';
import { runStudy, wholeNumber } from '../study-command.js';
import { ESTIMATORS, coverageOf, type Coverage } from './coverage.js';

interface Options {
  readonly logs: number;
}

/** Even and long, uneven as the books are, short, and too thin to judge most policies by. */
const SHAPES = [
  { choices: 1_000, floor: 0.1 },
  { choices: 1_000, floor: 0.05 },
  { choices: 400, floor: 0.05 },
  { choices: 120, floor: 0.02 },
] as const;

function cells({ policy, judged, refused, held }: Coverage): readonly string[] {
  const share = (name: (typeof ESTIMATORS)[number]): string =>
    judged === 0 ? '-' : `${((100 * held[name]) / judged).toFixed(1)} %`;
  return [policy, String(judged), String(refused), ...ESTIMATORS.map(share)];
}

function run({ logs }: Options): void {
  const progress = showProgress('logs', logs * SHAPES.length);
  const tables = SHAPES.map((shape, i) => {
    const coverage = coverageOf(logs, shape, (done) => {
      progress.update(i * logs + done);
    });
    const head = ['policy', 'judged', 'refused', 'IPS', 'SNIPS', 'doubly robust'];
    return `${shape.choices} choices, floor ${shape.floor}\n${plainTable(head, coverage.map(cells), [1, 2, 3, 4, 5])}`;
  });
  progress.end();
  process.stdout.write(
    `${logs} made-up logs of each shape: share of the 90 % intervals that hold the true value.\n\n${tables.join('\n\n')}\n`,
  );
}

const command = new Command('evaluation-coverage')
  .description('Judge policies of known value by made-up logs, and count how often the intervals hold it.')
  .option('--logs <number>', 'of each shape', wholeNumber, 200)
  .addHelpText('after', '\nExample:\n  npm run evaluation-coverage -- --logs 50\n')
  .action(run);

await runStudy(command);
