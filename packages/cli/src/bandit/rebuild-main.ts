import { Command } from 'commander';
import { runStudy, wholeNumber } from '../study-command.js';
import { runRebuild } from './rebuild-study.js';

interface Options {
  readonly seed: string;
  readonly sessions: number;
  readonly restarts: number;
  readonly snapshotEvery: number;
}

async function run(options: Options): Promise<void> {
  const result = await runRebuild(options);
  const { live, rebuilt, entries, restarts, again, rewards, trunk_rewards, state_bytes } = result;
  const equal = live.decisions === rebuilt.decisions && live.states === rebuilt.states;
  process.stdout.write(
    `${entries} entries, ${restarts} restarts, after which ${again} entries were decided again.\n` +
      `${rewards} rewards learned; the posteriors over the second trunk hold ${trunk_rewards}.\n\n` +
      `           decisions         states (${state_bytes} bytes)\n` +
      `live       ${live.decisions.slice(0, 16)}  ${live.states.slice(0, 16)}\n` +
      `rebuilt    ${rebuilt.decisions.slice(0, 16)}  ${rebuilt.states.slice(0, 16)}\n` +
      `${equal ? 'equal' : 'NOT EQUAL'}\n`,
  );
  if (!equal) process.exitCode = 1;
}

const command = new Command('bandit-rebuild')
  .description(
    'Run a book that learns under neural_linear, with a new trunk in the middle, and rebuild all that it knows from its journal.',
  )
  .option('--seed <text>', 'of the market and the restarts', '1')
  .option('--sessions <number>', 'of one-minute bars; the first twenty warm up', wholeNumber, 50)
  .option('--restarts <number>', 'of the line that rebuilds', wholeNumber, 40)
  .option('--snapshot-every <number>', 'entries', wholeNumber, 500)
  .addHelpText(
    'after',
    '\nExit codes: 0 equal, byte for byte; 1 not; 2 the command.\n\nExample:\n  npm run bandit-rebuild -- --seed 2 --restarts 100\n',
  )
  .action(run);

await runStudy(command);
