import { existsSync, mkdirSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { CONTRACT_VERSION } from '@bellwether/contracts';
import { readEntries, writeEntries } from './entry-file.js';
import { goldenFolder, inputsFile, readGolden, writeGolden, type GoldenFile } from './golden-files.js';
import { firstChanged, resultOf, runOnBus, withTheseStages, type DayResult } from './golden-run.js';
import { RECORDED_DAYS } from './recorded-days.js';

interface Options {
  readonly update?: true;
  readonly record?: true;
  readonly reason?: string;
}

const EXAMPLES = `
Examples:
  npm run golden                                      compare, and say what changed
  npm run golden -- --update --reason "S1 added"      write the new results down
  npm run golden -- --record --reason "v2 contracts"  record the inputs anew, too`;

async function run({ update, record, reason }: Options): Promise<void> {
  const writes = update === true || record === true;
  if (writes && (reason ?? '').trim() === '') {
    process.stderr.write('usage: --update and --record need --reason TEXT: it is kept in the golden file.\n');
    process.exitCode = 2;
    return;
  }
  mkdirSync(goldenFolder(), { recursive: true });
  const before =
    existsSync(inputsFile(RECORDED_DAYS[0]?.name ?? '')) && record !== true ? readGolden() : null;
  const days: Record<string, DayResult> = {};
  let moved = false;
  for (const day of RECORDED_DAYS) {
    if (record === true) writeEntries(inputsFile(day.name), await day.inputs());
    const result = resultOf(await runOnBus(withTheseStages(readEntries(inputsFile(day.name)))));
    days[day.name] = result;
    moved = tell(day.name, before, result) || moved;
  }
  if (!writes) {
    if (moved) process.exitCode = 5;
    return;
  }
  const changes = [...(before?.changes ?? []), reason ?? ''];
  writeGolden({ contract_version: CONTRACT_VERSION, changes, days });
  process.stdout.write(`Written: ${goldenFolder()}\n`);
}

/** True where the day came to something else than what is written down. */
function tell(name: string, before: GoldenFile | null, result: DayResult): boolean {
  const expected = before?.days[name];
  const at = expected === undefined ? null : firstChanged(expected, result);
  const state = expected === undefined ? 'new' : at === null ? 'unchanged' : `moved from frame ${at}`;
  process.stdout.write(`${name}: ${result.frames} frames, digest ${result.digest}, ${state}\n`);
  if (expected === undefined || at === null) return false;
  for (const line of expected.events)
    if (!result.events.includes(line)) process.stdout.write(`  - ${line}\n`);
  for (const line of result.events)
    if (!expected.events.includes(line)) process.stdout.write(`  + ${line}\n`);
  return true;
}

try {
  await new Command('golden')
    .description(
      'The recorded synthetic days under test/golden: compare them with this build, or write them anew.',
    )
    .option('--update', 'write the results of this build down')
    .option('--record', 'record the inputs anew, then update')
    .option('--reason <text>', 'why the digests move')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .action(run)
    .parseAsync();
} catch (cause) {
  if (!(cause instanceof CommanderError)) throw cause;
  process.exitCode = cause.exitCode === 0 ? 0 : 2;
}
