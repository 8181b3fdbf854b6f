// Writes the cron lines of .github/workflows from the calendar table of packages/schedule, and says what it changed. With --check it
// writes nothing and fails where a file differs. Needs a built packages/schedule.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.join(root, '.github/workflows');
const schedule = path.join(root, 'packages/schedule/dist/index.js');
const { JOB_NAMES, cronLines, jobNamed } = await import(pathToFileURL(schedule).href);

/** From a line that names jobs to the one that ends what is made. */
const BLOCK =
  /^( *)# Made by `npm run schedules`: ([a-z_, ]+)\.\n(?:[\s\S]*?\n)??\1# End of what is made\.\n/gm;

function blockOf(file, indent, names) {
  const lines = names.flatMap((name) => {
    if (!JOB_NAMES.includes(name)) throw new Error(`${file}: there is no job ${name}`);
    return cronLines(jobNamed(name).cadence).map((line) => `${indent}- cron: '${line}' # ${name}\n`);
  });
  return `${indent}# Made by \`npm run schedules\`: ${names.join(', ')}.\n${lines.join('')}${indent}# End of what is made.\n`;
}

const check = process.argv.includes('--check');
let differing = 0;
for (const file of fs.readdirSync(folder).sort()) {
  const place = path.join(folder, file);
  const before = fs.readFileSync(place, 'utf8');
  const after = before.replace(BLOCK, (_all, indent, names) => blockOf(file, indent, names.split(', ')));
  if (after === before) continue;
  differing += 1;
  if (check) process.stderr.write(`${file} is not what the table gives: npm run schedules\n`);
  else {
    fs.writeFileSync(place, after);
    process.stdout.write(`Wrote .github/workflows/${file}\n`);
  }
}
if (check && differing > 0) process.exitCode = 1;
