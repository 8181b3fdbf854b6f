/** Goal: the reference pages say what the code says. Method: the generator itself, in its checking mode. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { ERRORS, REASONS } from './index.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

it('the committed pages are what their sources give', () => {
  const generator = path.join(root, 'tools/generate-reference.mjs');
  const run = spawnSync(process.execPath, [generator, '--check'], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
});

it('every code is on the page of codes', () => {
  const page = fs.readFileSync(path.join(root, 'docs/reference/codes.md'), 'utf8');
  for (const { name } of Object.values(REASONS)) expect(page).toContain(`| \`${name}\` |`);
  for (const code of Object.keys(ERRORS)) expect(page).toContain(`| \`${code}\` |`);
});

it('the page of messages knows every definition and its comments', () => {
  const page = fs.readFileSync(path.join(root, 'docs/reference/messages.md'), 'utf8');
  const folder = path.join(root, 'proto/bellwether/v1');
  for (const file of fs.readdirSync(folder)) {
    const source = fs.readFileSync(path.join(folder, file), 'utf8');
    for (const match of source.matchAll(/^(?:message|enum) (\w+)/gm))
      expect(page).toContain(`### ${match[1] ?? ''}\n`);
    if (file === 'codes.proto') continue;
    for (const match of source.matchAll(/^ *\/\/ (.+)$/gm))
      expect(page).toContain(match[1]?.replaceAll('|', '\\|'));
  }
});
