import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { root } from './lint-source.js';

/**
 * Goal: set-up installs only when something changed, and each failure names its cause and the command to repeat.
 * Method: the real scripts run in a workspace of one empty package, with a stand-in for npm and npx on the path. What the
 * real ones do is seen by CI, which starts from a clean clone.
 */

let workspace = '';
let bin = '';

function write(file: string, text: string): void {
  const full = path.join(workspace, file);
  fs.mkdirSync(path.dirname(full), { recursive: true });
  fs.writeFileSync(full, text);
}

/** A stand-in for a command: notes its arguments in a file and ends with this code. */
function standIn(name: string, exitCode: number): void {
  fs.writeFileSync(path.join(bin, name), `#!/bin/sh\necho "$0 $*" >> "${bin}/calls"\nexit ${exitCode}\n`, {
    mode: 0o755,
  });
}

function calls(): string[] {
  const file = path.join(bin, 'calls');
  if (!fs.existsSync(file)) return [];
  return fs
    .readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => path.basename(line.split(' ')[0] ?? ''));
}

function setUp({ nodeVersion }: { nodeVersion?: string } = {}) {
  const preload = `Object.defineProperty(process.versions, 'node', { value: '${nodeVersion ?? ''}' })`;
  const asOther =
    nodeVersion === undefined ? [] : ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...asOther, 'tools/setup.mjs'], {
    cwd: workspace,
    env: { PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` },
    encoding: 'utf8',
  });
  return { status, out: stdout + stderr };
}

beforeEach(() => {
  workspace = fs.mkdtempSync(path.join(os.tmpdir(), 'bellwether-setup-'));
  bin = path.join(workspace, 'bin');
  fs.mkdirSync(bin);
  for (const file of ['tools/setup.mjs', 'tools/stale-output.mjs']) {
    write(file, fs.readFileSync(path.join(root, file), 'utf8'));
  }
  write('package.json', JSON.stringify({ type: 'module', packageManager: 'pnpm@10.34.9' }));
  write('pnpm-lock.yaml', 'one');
  write('pnpm-workspace.yaml', '');
  write('.npmrc', '');
  write('packages/one/package.json', '{}');
  write('packages/one/tsconfig.json', '{}');
  write('packages/one/src/kept.ts', '');
  write('packages/a-file-that-is-no-project', '');
  write('services/.keep', '');
  write('node_modules/typescript/package.json', '{}');
  write('node_modules/typescript/bin/tsc', '');
  write('tools/generate-contracts.mjs', '');
  write('tools/build-kernels.mjs', '');
  standIn('npx', 0);
  standIn('npm', 0);
});

afterEach(() => fs.rmSync(workspace, { recursive: true, force: true }));

describe('installation', () => {
  test('happens once, and again when the lockfile or a package.json changed', () => {
    expect(setUp().status).toBe(0);
    expect(setUp().status).toBe(0);
    expect(calls()).toEqual(['npx']);
    write('pnpm-lock.yaml', 'two');
    expect(setUp().status).toBe(0);
    write('packages/one/package.json', '{"name":"one"}');
    expect(setUp().status).toBe(0);
    expect(calls()).toEqual(['npx', 'npx', 'npx']);
  });

  test('that failed is tried again', () => {
    standIn('npx', 1);
    expect(setUp().status).toBe(1);
    standIn('npx', 0);
    expect(setUp().status).toBe(0);
    expect(calls().filter((name) => name === 'npx')).toHaveLength(2);
  });

  test('without a registry says so and names the command', () => {
    standIn('npx', 1);
    standIn('npm', 1);
    const { status, out } = setUp();
    expect(status).toBe(1);
    expect(out).toContain('The package registry cannot be reached from here.');
    expect(out).toContain('npx --yes pnpm@10.34.9 install --frozen-lockfile');
  });

  test('that failed for another reason does not blame the registry', () => {
    standIn('npx', 1);
    const { out } = setUp();
    expect(out).not.toContain('registry');
    expect(out).toContain('npx --yes pnpm@10.34.9 install --frozen-lockfile');
  });
});

describe('the rest', () => {
  test.each(['18.20.4', '20.18.3'])('Node %s is refused by name', (nodeVersion) => {
    const { status, out } = setUp({ nodeVersion });
    expect(status).toBe(1);
    expect(out).toContain(`Bellwether needs Node 20.19 or later; this is ${nodeVersion}`);
    expect(calls()).toEqual([]);
  });

  test.each(['20.19.0', '22.1.0'])('Node %s is taken', (nodeVersion) => {
    expect(setUp({ nodeVersion }).status).toBe(0);
  });

  test.each([
    ['tools/generate-contracts.mjs', 'node tools/generate-contracts.mjs'],
    ['node_modules/typescript/bin/tsc', 'npx tsc -b'],
  ])('a failing step (%s) names the command to run by hand', (script, byHand) => {
    write(script, 'process.exitCode = 2;');
    const { status, out } = setUp();
    expect(status).toBe(1);
    expect(out).toContain(`Run it by hand: ${byHand}`);
  });

  test('compiled files whose source is gone are removed, others stay', () => {
    const compiled = ['kept.js', 'kept.d.ts', 'kept.js.map', 'gone.unit.test.js', 'deep/gone.js'];
    for (const name of compiled) write(`packages/one/dist/${name}`, '');
    expect(setUp().out).toContain('Removed 2 compiled files');
    const left = compiled.filter((name) => fs.existsSync(path.join(workspace, 'packages/one/dist', name)));
    expect(left).toEqual(['kept.js', 'kept.d.ts', 'kept.js.map']);
  });

  test('a build record without its output is removed, so that tsc compiles again', () => {
    write('packages/one/tsconfig.tsbuildinfo', '{}');
    expect(setUp().status).toBe(0);
    expect(fs.existsSync(path.join(workspace, 'packages/one/tsconfig.tsbuildinfo'))).toBe(false);
  });
});
