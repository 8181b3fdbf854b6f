import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../lint-source.js';

/**
 * Goal: the image holds what runs, for its platform, and nothing that is only for other ones. Method: the last build step runs on
 * a made-up installation in the layout of pnpm, with onnxruntime-node, lmdb and DuckDB as they are published.
 */

const folder = fs.mkdtempSync(path.join(tmpdir(), 'bw-prune-'));
const STORE = 'node_modules/.pnpm';
const OTHER_CPU = process.arch === 'x64' ? 'arm64' : 'x64';
const OWN = `${process.platform}/${process.arch}`;
const OWN_ABI = process.versions.modules;

function file(name: string, content = 'x'): void {
  const full = path.join(folder, name);
  fs.mkdirSync(path.dirname(full), { recursive: true });
  fs.writeFileSync(full, content);
}

/** An installed package: its own folder in the store, the links to its dependencies beside it. */
function installed(
  name: string,
  files: readonly string[],
  manifest: object = {},
  dependencies: readonly string[] = [],
): void {
  const inside = `${STORE}/${name.replace('/', '+')}@1.0.0/node_modules`;
  file(`${inside}/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', ...manifest }));
  for (const item of files) file(`${inside}/${name}/${item}`);
  for (const dependency of dependencies) link(`${inside}/${dependency}`, dependency);
}

function link(at: string, to: string): void {
  const full = path.join(folder, at);
  fs.mkdirSync(path.dirname(full), { recursive: true });
  const target = path.join(folder, STORE, `${to.replace('/', '+')}@1.0.0/node_modules`, to);
  fs.symlinkSync(path.relative(path.dirname(full), target), full);
}

const has = (name: string): boolean => fs.existsSync(path.join(folder, name));
const inStore = (name: string, item: string): boolean =>
  has(`${STORE}/${name.replace('/', '+')}@1.0.0/node_modules/${name}/${item}`);

let said = '';

beforeAll(() => {
  installed(
    'onnxruntime-node',
    [
      `bin/napi-v6/${OWN}/onnxruntime_binding.node`,
      `bin/napi-v6/${OWN}/libonnxruntime.so.1`,
      `bin/napi-v6/${OWN}/libonnxruntime_providers_cuda.so`,
      `bin/napi-v6/${OWN}/libonnxruntime_providers_tensorrt.so`,
      `bin/napi-v6/${OWN}/libonnxruntime_providers_shared.so`,
      `bin/napi-v6/${process.platform}/${OTHER_CPU}/onnxruntime_binding.node`,
      'bin/napi-v6/win32/x64/onnxruntime_binding.node',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/index.js.map',
    ],
    {},
    ['onnxruntime-common', 'adm-zip', 'global-agent'],
  );
  installed('onnxruntime-common', ['index.js']);
  installed('adm-zip', ['index.js']);
  installed('global-agent', ['index.js'], {}, ['roarr']);
  installed('roarr', ['index.js']);
  const own = { os: [process.platform], cpu: [process.arch] };
  installed('lmdb', ['index.js'], {}, ['@lmdb/lmdb-own', '@lmdb/lmdb-other']);
  const binaries = [`node.abi${OWN_ABI}.glibc.node`, 'node.abi1.glibc.node', 'node.napi.glibc.node'];
  installed('@lmdb/lmdb-own', [...binaries, 'node.napi.musl.node', `node.abi${OWN_ABI}.musl.node`], own);
  installed('@lmdb/lmdb-other', ['node.napi.glibc.node'], { ...own, cpu: [OTHER_CPU] });
  installed('@duckdb/bindings-own', ['duckdb.node', 'libduckdb.so'], own);
  installed('@duckdb/bindings-win32', ['duckdb.dll'], { os: ['win32'], cpu: ['x64'] });
  installed('@duckdb/bindings-not-here', ['duckdb.so'], { os: [`!${process.platform}`] });
  const dependencies = ['onnxruntime-node', 'lmdb', '@duckdb/bindings-own', '@duckdb/bindings-win32'];
  for (const dependency of [...dependencies, '@duckdb/bindings-not-here'])
    link(`packages/models/node_modules/${dependency}`, dependency);
  // A project that uses for itself what elsewhere only an installation needs keeps it.
  installed('other-zip', ['index.js']);
  link('services/risk/node_modules/other-zip', 'other-zip');
  for (const item of ['src/main.ts', 'tsconfig.json', 'README.md', 'package.json', 'bin/bw.mjs'])
    file(`packages/models/${item}`);
  for (const item of ['main.js', 'main.d.ts', 'main.js.map', 'deep/main.unit.test.js', 'deep/part.js'])
    file(`packages/models/dist/${item}`);
  const program = path.join(root, 'deploy/image/prune.mjs');
  const result = spawnSync(process.execPath, [program, folder], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
  said = result.stdout;
});

afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

describe('the pruned installation', () => {
  it('keeps onnxruntime for this platform, without CUDA and TensorRT', () => {
    const left = fs.readdirSync(
      path.join(folder, STORE, 'onnxruntime-node@1.0.0/node_modules/onnxruntime-node/bin/napi-v6', OWN),
    );
    expect(left.sort()).toEqual(['libonnxruntime.so.1', 'onnxruntime_binding.node']);
    expect(inStore('onnxruntime-node', 'dist/index.js')).toBe(true);
    expect(inStore('onnxruntime-node', 'bin/napi-v6/win32')).toBe(false);
    expect(inStore('onnxruntime-node', `bin/napi-v6/${process.platform}/${OTHER_CPU}`)).toBe(false);
  });

  it('drops what only the installation script of onnxruntime loads, and what that alone needs', () => {
    for (const name of ['adm-zip', 'global-agent', 'roarr']) expect(inStore(name, 'index.js')).toBe(false);
    expect(inStore('onnxruntime-common', 'index.js')).toBe(true);
    expect(inStore('other-zip', 'index.js')).toBe(true);
  });

  it('keeps one binary of a kind: for this processor, this C library, this Node', () => {
    expect(inStore('@lmdb/lmdb-own', 'node.napi.glibc.node')).toBe(isGlibc());
    expect(inStore('@lmdb/lmdb-own', `node.abi${OWN_ABI}.glibc.node`)).toBe(isGlibc());
    expect(inStore('@lmdb/lmdb-own', 'node.napi.musl.node')).toBe(!isGlibc());
    expect(inStore('@lmdb/lmdb-own', 'node.abi1.glibc.node')).toBe(false);
    expect(inStore('@lmdb/lmdb-other', 'package.json')).toBe(false);
    expect(inStore('@duckdb/bindings-own', 'libduckdb.so')).toBe(true);
    for (const other of ['win32', 'not-here'])
      expect(inStore(`@duckdb/bindings-${other}`, 'package.json')).toBe(false);
  });

  it('leaves no link that leads nowhere', () => {
    const left = fs.readdirSync(path.join(folder, 'packages/models/node_modules/@duckdb'));
    expect(left).toEqual(['bindings-own']);
  });

  it('has no sources, tests, typings or source maps', () => {
    expect(fs.readdirSync(path.join(folder, 'packages/models')).sort()).toEqual([
      ...['bin', 'dist', 'node_modules', 'package.json'],
    ]);
    const compiled = fs.readdirSync(path.join(folder, 'packages/models/dist'), { recursive: true });
    expect(compiled.map(String).sort()).toEqual(['deep', 'deep/part.js', 'main.js']);
    expect(inStore('onnxruntime-node', 'dist/index.d.ts')).toBe(false);
    expect(inStore('onnxruntime-node', 'dist/index.js.map')).toBe(false);
  });

  it('was told step by step', () => {
    expect(said.match(/^prune: \d+\.\d MiB: .+$/gm)).toHaveLength(6);
  });
});

describe('a folder without an installation', () => {
  it('is refused', () => {
    const program = path.join(root, 'deploy/image/prune.mjs');
    const result = spawnSync(process.execPath, [program, path.join(folder, 'packages')], {
      encoding: 'utf8',
    });
    expect(result.status).toBe(2);
    expect(result.stderr).toContain('name the folder of an installed workspace');
  });
});

function isGlibc(): boolean {
  const { header } = process.report.getReport() as {
    readonly header: { readonly glibcVersionRuntime?: string };
  };
  return header.glibcVersionRuntime !== undefined;
}
