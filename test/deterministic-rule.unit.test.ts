import { describe, expect, test } from '@jest/globals';
import { lintingWith } from './lint-source.js';

/**
 * Goal: the build fails on each thing that a stage may not do (architecture, section 9), and only there.
 * Method: pieces of source are linted with the repository's own configuration under the names of files in pure and other
 * packages, so that both the rule and the list of files it holds for are tested.
 */

const lint = lintingWith('bellwether/deterministic');
const verdicts = (source: string, file = 'packages/risk/src/checks.ts') => lint(source, file);

describe('what a stage may not do', () => {
  test.each([
    ['the clock', 'export const t = Date.now();', 'clock'],
    ['the clock as a date', 'export const t = new Date();', 'clock'],
    ['a date from a number, which reads the time zone', 'export const t = new Date(0).getHours();', 'clock'],
    ['the clock as a text', 'export const t = Date();', 'clock'],
    ['the process clock', 'export const t = performance.now();', 'clock'],
    ['random numbers', 'export const r = Math.random();', 'random'],
    ['random numbers by a quoted name', "export const r = Math['random']();", 'random'],
    ['random bytes', 'export const r = crypto.getRandomValues(new Uint8Array(4));', 'random'],
    ['random ids', 'export const r = crypto.randomUUID();', 'random'],
    ['a timer', 'setTimeout(() => {}, 1);', 'timer'],
    ['a repeated timer', 'setInterval(() => {}, 1);', 'timer'],
    ['an immediate', 'setImmediate(() => {});', 'timer'],
    ['a microtask', 'queueMicrotask(() => {});', 'timer'],
    ['a signal that fires by itself', 'export const s = AbortSignal.timeout(1);', 'timer'],
    ['the environment', "export const e = process.env['HOME'];", 'environment'],
    ['the process', 'export const e = process.pid;', 'environment'],
    ['the place of the file', 'export const e = import.meta.url;', 'environment'],
    ['the language of the machine', "export const f = new Intl.NumberFormat('de');", 'environment'],
    ['sorting in the language of the machine', "export const f = 'a'.localeCompare('b');", 'environment'],
    ['writing in the language of the machine', 'export const f = (1).toLocaleString();', 'environment'],
    ['a file', "import fs from 'node:fs'; export const f = fs;", 'impureImport'],
    [
      'a built-in without its prefix',
      "import { readFileSync } from 'fs'; export const f = readFileSync;",
      'impureImport',
    ],
    [
      'random numbers from a built-in',
      "import { randomBytes } from 'node:crypto'; export const f = randomBytes;",
      'impureImport',
    ],
    ['a built-in passed on', "export { readFileSync } from 'node:fs';", 'impureImport'],
    ['a built-in passed on whole', "export * from 'node:timers';", 'impureImport'],
    ['a built-in loaded later', "export const f = import('node:fs');", 'impureImport'],
    ['a computed import', 'export const f = (name: string) => import(name);', 'impureImport'],
    ['a package from outside', "import { pino } from 'pino'; export const f = pino;", 'impureImport'],
    [
      'a package of ours with I/O',
      "import { openBus } from '@bellwether/bus'; export const f = openBus;",
      'impureImport',
    ],
    ['the network', "export const f = fetch('a');", 'io'],
    ['the terminal', "console.log('a');", 'io'],
    ['require', "export const f = require('node:fs');", 'io'],
    [
      'keys of an object by for…in',
      'export function f(o: object) { for (const k in o) return k; return 0; }',
      'order',
    ],
    ['keys of an object', 'export const f = (o: object) => Object.keys(o);', 'order'],
    ['values of an object', 'export const f = (o: object) => Object.values(o);', 'order'],
    ['entries of an object', 'export const f = (o: object) => Object.entries(o);', 'order'],
    ['own keys by reflection', 'export const f = (o: object) => Reflect.ownKeys(o);', 'order'],
    ['own names', 'export const f = (o: object) => Object.getOwnPropertyNames(o);', 'order'],
  ])('%s is refused', async (_name, source, messageId) => {
    expect(await verdicts(source)).toEqual([messageId]);
  });
});

describe('the same by way of another name', () => {
  test.each([
    ['the clock under another name', 'const now = Date.now; export const t = now();', 'clock'],
    ['the clock taken apart', 'const { now } = Date; export const t = now();', 'clock'],
    ['random numbers taken apart', 'const { random } = Math; export const r = random();', 'random'],
    [
      'random numbers taken apart and renamed',
      'const { random: next } = Math; export const r = next();',
      'random',
    ],
    [
      'random numbers assigned apart',
      'let random; ({ random } = Math); export const r = random();',
      'random',
    ],
    ['what is left of Math', 'const { floor, ...rest } = Math; export const r = [floor, rest];', 'alias'],
    ['Math as a value', 'const m = Math; export const r = m.random();', 'alias'],
    ['Math as an argument', 'export const r = ((m: { random(): number }) => m.random())(Math);', 'alias'],
    ['a computed member of Math', "const k = 'random'; export const r = Math[k]();", 'alias'],
    ['Object as a value', 'const o = Object; export const f = o.keys({});', 'alias'],
    ['keys taken apart', 'const { keys } = Object; export const f = keys({});', 'order'],
    ['the global object', 'export const t = globalThis.Date.now();', 'alias'],
    ["Node's global object", 'export const t = global.process.env;', 'alias'],
    ['a function from a text', "export const f = new Function('return Date.now()');", 'alias'],
    [
      'a name declared for the occasion',
      'declare const clock: { now(): number }; export const t = clock.now();',
      'declared',
    ],
    ['a global that the list does not know', 'export const w = new WeakRef({});', 'unknownGlobal'],
    ['bytes of Node', "export const b = Buffer.from('a');", 'unknownGlobal'],
  ])('%s is refused', async (_name, source, messageId) => {
    expect(await verdicts(source)).toEqual([messageId]);
  });
});

describe('what only looks like it', () => {
  test.each([
    ['a field named after the clock', 'export const f = (o: { now(): number }) => o.now();'],
    ['a parameter named after the process', 'export const f = (process: { env: string }) => process.env;'],
    ['a local function named random', 'const random = () => 0.5; export const r = random();'],
    ['a property named random', 'export const f = (source: { random: number }) => source.random;'],
    [
      'a class of our own named Date',
      'class Date { now() { return 0; } } export const t = new Date().now();',
    ],
    ['a type named Date', 'export type T = { at: Date };'],
    ['a word in a text', "export const s = 'Date.now() Math.random() process.env';"],
    [
      'other arithmetic',
      'export const r = Math.floor(Math.log2(8)); const { max } = Math; export const m = max(1, 2);',
    ],
    ['members of Object that list nothing', "export const f = Object.freeze(Object.hasOwn({}, 'a'));"],
    [
      'a walk over a Map and a Set',
      'export function f(m: Map<string, number>, s: Set<number>) { for (const x of m) return x; for (const y of s) return y; return 0; }',
    ],
    [
      'keys of a Map and an array',
      'export const f = (m: Map<string, number>, a: number[]) => [...m.keys(), ...a.entries()];',
    ],
    ['a deep copy', 'export const f = structuredClone([1]);'],
    [
      'typed arrays, JSON and errors',
      "export const f = [new Float64Array(3), JSON.parse('1'), new RangeError('a'), NaN];",
    ],
    ['the arguments of a function', 'export function f() { return arguments.length; }'],
    [
      'files of the package itself',
      "import { a } from './a.js'; export { b } from './b.js'; export const c = a;",
    ],
    [
      'pure packages of ours',
      "import { assert } from '@bellwether/kernel'; import type { Frame } from '@bellwether/contracts'; export const f = (x: Frame) => assert(x.seq > 0, '');",
    ],
  ])('%s is allowed', async (_name, source) => {
    expect(await verdicts(source)).toEqual([]);
  });
});

describe('where the rule holds', () => {
  const clock = 'export const t = Date.now();';
  const pure =
    'kernel market indicators streams features regime forecast portfolio strategies bandit sizing risk line'.split(
      ' ',
    );

  test.each(pure)('in packages/%s', async (name) => {
    expect(await verdicts(clock, `packages/${name}/src/deep/inside.ts`)).toEqual(['clock']);
  });

  test('in the paper broker', async () => {
    expect(await verdicts(clock, 'packages/execution/src/paper-broker-fills.ts')).toEqual(['clock']);
  });

  test.each([
    'packages/host/src/a.ts',
    'packages/execution/src/service.ts',
    'packages/risk/src/a.unit.test.ts',
  ])('not in %s', async (file) => {
    expect(await verdicts(clock, file)).toEqual([]);
  });

  test('a comment does not switch it off', async () => {
    const switchedOff = `/* eslint-disable */ // eslint-disable-next-line\n${clock} // eslint-disable-line`;
    expect(await verdicts(switchedOff)).toContain('clock');
  });
});
