// The account profiles of config/profiles/ as a module, so that a book can name one wherever it is read: no program has
// to find the folder, and a release holds the rules themselves.
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** Names of the profile files, sorted. */
export function profileFiles(folder) {
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
}

/** Text of the module. The content is checked where it is used, by packages/contracts/src/account-profile.ts. */
export function profilesModule(folder) {
  const entries = profileFiles(folder).map((file) => {
    const content = parse(fs.readFileSync(path.join(folder, file), 'utf8'));
    const name = file.slice(0, -'.yaml'.length);
    if (content?.profile !== name) throw new Error(`${file}: Expected \`profile: ${name}\``);
    return `  ${JSON.stringify(name)}: ${JSON.stringify(content)},`;
  });
  return [
    '/** Made from config/profiles by tools/generate-contracts.mjs. */',
    'export const PROFILE_FILES: Readonly<Record<string, unknown>> = {',
    ...entries,
    '};',
    '',
  ].join('\n');
}
