import fs from 'node:fs';
import { BellwetherError } from '@bellwether/contracts';
import { MALFORMED } from '../testing/malformed.js';
import { newFolder, options, readFile, refusal, written } from '../testing/read-file.js';
import { SAMPLES, sampleBarsOf } from '../testing/samples.js';

const SESSIONS = 6;
const MESSAGE_LENGTH_MAX = 260;

const cell = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' / ').replaceAll('|', '\\|');

function print(cells: readonly string[]): void {
  process.stdout.write(`| ${cells.map(cell).join(' | ')} |\n`);
}

function printHead(names: readonly string[]): void {
  print(names);
  print(names.map(() => '---'));
}

/** Prints what becomes of one made-up file of each format, and of every file that is wrong or unclear. */
export async function main(_args: readonly string[]): Promise<number> {
  const folder = newFolder();
  const bars = sampleBarsOf(SESSIONS);
  try {
    printHead(['file', 'format', 'stamps', 'bars', 'evidence']);
    for (const { file, format, bytes } of SAMPLES) {
      const path = written(folder, file, bytes(bars));
      if (format === 'bellwether_csv') {
        print([file, format, 'bar opens in UTC', 'as before', 'header']);
        continue;
      }
      const { kind, zone, stamp, rows, evidence } = await readFile(options(path));
      print([file, kind, `bar ${stamp}s in ${zone}`, String(rows.length), evidence.join('; ')]);
    }
    process.stdout.write('\n');
    printHead(['wrong or unclear', 'outcome', 'message']);
    for (const { what, file, bytes, options: more } of MALFORMED) {
      const { code, text } = await refusal(options(written(folder, file, bytes(bars)), more));
      print([what, code, text.length > MESSAGE_LENGTH_MAX ? `${text.slice(0, MESSAGE_LENGTH_MAX)} …` : text]);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof BellwetherError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
