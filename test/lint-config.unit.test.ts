import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ESLint, type Linter } from 'eslint';
import { lintingWith, root } from './lint-source.js';

/**
 * Goal: the rules that the code style promises are really on, and nobody can switch them off in passing.
 * Method: as in `deterministic-rule.unit.test.ts`; rules that need types are looked up in the configuration instead.
 */

describe('imports', () => {
  const lint = lintingWith('no-restricted-imports');
  const importing = (name: string) => `import { x } from '${name}'; export const y = x;`;

  test.each([
    ['a package its package.json does not name', 'packages/kernel/src/a.ts', '@bellwether/market'],
    ['a package further down the order', 'packages/bus/src/a.ts', '@bellwether/host'],
    ['the inside of a package', 'packages/host/src/a.ts', '@bellwether/kernel/dist/random.js'],
    ['a service from a package', 'packages/host/src/a.ts', '@bellwether/service-risk'],
    ['a service from a service', 'services/risk/src/main.ts', '@bellwether/service-sizing'],
    ['a neighbour by its path', 'packages/host/src/a.ts', '../../../packages/kernel/src/index.js'],
    ['a service by its path', 'packages/host/src/a.ts', '../../../services/risk/src/main.js'],
  ])('%s is refused', async (_name, file, source) => {
    expect(await lint(importing(source), file)).toHaveLength(1);
  });

  test.each([
    ['packages/bus/src/a.ts', '@bellwether/kernel'],
    ['services/risk/src/main.ts', '@bellwether/risk'],
    ['packages/bus/src/a.ts', './memory/memory-bus.js'],
    ['packages/bus/src/a.ts', 'node:fs'],
  ])('%s may import %s', async (file, source) => {
    expect(await lint(importing(source), file)).toEqual([]);
  });
});

describe('syntax', () => {
  const lint = lintingWith('no-restricted-syntax');

  test.each([
    ['a default export', 'export default 1;'],
    ['an enum', 'export enum A { B }'],
    ['a cast by way of unknown', 'export const f = (x: number) => x as unknown as string;'],
    ['`!` on anything but an element', 'export const f = (x: { y?: number }) => x.y!;'],
  ])('%s is refused', async (_name, source) => {
    expect(await lint(source, 'packages/host/src/a.ts')).toHaveLength(1);
  });

  test('`!` on an element is allowed', async () => {
    const source = 'export const f = (x: number[]) => [x[0]!, x.at(-1)!];';
    expect(await lint(source, 'packages/host/src/a.ts')).toEqual([]);
  });
});

describe('length of a function', () => {
  const lint = lintingWith('max-lines-per-function');
  const lines = (count: number) => `export function f() {\n${'  f();\n'.repeat(count - 2)}}\n`;

  test('71 lines are refused, 70 are allowed', async () => {
    expect(await lint(lines(71), 'packages/host/src/a.ts')).toHaveLength(1);
    expect(await lint(lines(70), 'packages/host/src/a.ts')).toEqual([]);
  });

  test('a test may be longer', async () => {
    expect(await lint(lines(200), 'packages/host/src/a.unit.test.ts')).toEqual([]);
  });
});

describe('rules that need types', () => {
  test.each([
    '@typescript-eslint/no-floating-promises',
    '@typescript-eslint/no-misused-promises',
    '@typescript-eslint/no-explicit-any',
    '@typescript-eslint/no-unsafe-call',
    '@typescript-eslint/consistent-type-imports',
    '@typescript-eslint/switch-exhaustiveness-check',
  ])('%s is an error in every project', async (rule) => {
    const eslint = new ESLint({ cwd: root });
    for (const file of [
      'packages/kernel/src/a.ts',
      'services/risk/src/main.ts',
      'packages/risk/src/a.unit.test.ts',
    ]) {
      const config = (await eslint.calculateConfigForFile(path.join(root, file))) as Linter.Config;
      expect([config.rules?.[rule]].flat()[0]).toBe(2);
      expect(config.linterOptions?.noInlineConfig).toBe(true);
    }
  });
});
