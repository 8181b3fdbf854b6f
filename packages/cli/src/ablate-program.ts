import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { later } from './later.js';
import { collect, count, withData } from './program-options.js';

const ablate = later(async () => (await import('./commands/ablate.js')).ablate);

/** `bw ablate`. */
export function addAblate(bw: Command): void {
  withData(bw.command('ablate'))
    .description(
      'Say what each part of the system adds: each added alone to a plain baseline, each removed alone from all.',
    )
    .option('--strategy <name>', 'the fixed strategy of the baseline', 'S2')
    .option('--part <name>', 'only this part; may be given again', collect, [])
    .option(
      '--out <dir>',
      'folder of books and results; an ablation that was ended goes on there',
      '.bellwether/ablation',
    )
    .option('--arms', 'also each strategy of the book, removed alone from all')
    .option(
      '--evidence [file]',
      'write what was found to the evidence file (BW_EVIDENCE); default .bellwether/evidence.json',
    )
    .option('--html <file>', 'also write a page')
    .option('--jobs <number>', 'threads', count, availableParallelism())
    .option('--allow-overlap', 'run with models that were trained on the tested days; every page says so')
    .option('--accept-verdict', 'run on data that the verdict refuses')
    .option('--research <dir>', 'folder of the research log (BW_RESEARCH); default .bellwether/research')
    .addHelpText(
      'after',
      '\nParts: regime_gate, regime_parameters, regime_model, bandit, forecast, confidence, risk_size, sizing_agent, management, streams.\n' +
        'Each is switched by a setting of its book (books/ in the folder). Every variant counts as\n' +
        'a trial of this workspace. Differences are paired by day, with intervals of the stationary bootstrap and p-values adjusted for all.\n' +
        '\nExamples:\n' +
        '  bw ablate                                                     the synthetic sample\n' +
        '  bw ablate --data catalog:ES:1m --from 2025-06-01 --models my-models --html ablation.html\n' +
        '  bw ablate --data bars.csv.gz --symbol ES --strategy S3 --part bandit --part management --jobs 4\n' +
        '  bw ablate --data catalog:ES:1m --arms --evidence              what may decide in a book of market data\n',
    )
    .action(ablate);
}
