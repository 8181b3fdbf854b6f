import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { root } from './lint-source.js';
import {
  dependencyNames,
  ownFiles,
  projects,
  readManifest,
  readText,
  referencesOf,
  type Project,
} from './workspace.js';

/**
 * Goal: what holds for the whole workspace and no compiler checks.
 * Method: the files themselves are read. Forbidden words are put together from parts, so that this file does not hold them.
 */

const all = projects();
const files = ownFiles();
const sources = files.filter((file) => /\.(ts|mjs|proto|sh)$/.test(file) || file === '.ci/run');

/** `file:line: text` of every line that the pattern matches. */
function linesMatching(pattern: RegExp, inside: readonly string[]): string[] {
  return inside.flatMap((file) =>
    readText(file)
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${file}:${index + 1}: ${line.trim().slice(0, 120)}`] : [],
      ),
  );
}

/** The folders of the projects for which this is not so. */
const exceptions = (holds: (project: Project) => boolean) =>
  all.filter((project) => !holds(project)).map(({ folder }) => folder);

describe('each project', () => {
  test('has a README', () => {
    expect(exceptions(({ folder }) => fs.existsSync(path.join(root, folder, 'README.md')))).toEqual([]);
  });

  test('is named after its folder', () => {
    const expected = (folder: string) =>
      folder.replace('packages/', '@bellwether/').replace('services/', '@bellwether/service-');
    expect(exceptions(({ folder, manifest }) => manifest.name === expected(folder))).toEqual([]);
  });

  test('is private, an ES module, under the licence, and says in one sentence what it is', () => {
    const complete = ({ manifest }: Project) =>
      manifest.private === true &&
      manifest.type === 'module' &&
      manifest.license === 'Apache-2.0' &&
      /^[A-Z].*\.$/.test(manifest.description ?? '');
    expect(exceptions(complete)).toEqual([]);
  });

  test('refers in tsconfig.json to what it depends on in package.json', () => {
    const same = ({ folder, uses }: Project) => referencesOf(folder).join() === [...uses].sort().join();
    expect(exceptions(same)).toEqual([]);
  });

  test('depends on no service', () => {
    expect(exceptions(({ uses }) => !uses.some((folder) => folder.startsWith('services/')))).toEqual([]);
  });

  test('pins exact versions', () => {
    // DuckDB numbers the releases of its client for one database version: 1.5.6-r.1.
    const exact = /^(workspace:\*|\d+\.\d+\.\d+(-r\.\d+)?)$/;
    const pinned = ({ manifest }: Project) =>
      Object.values({ ...manifest.dependencies, ...manifest.devDependencies }).every((version) =>
        exact.test(version),
      );
    expect(exceptions(pinned)).toEqual([]);
  });
});

describe('the workspace', () => {
  test('the root tsconfig.json refers to every project, to the bench and to the tests', () => {
    expect(referencesOf('')).toEqual([...all.map(({ folder }) => folder), 'bench', 'test'].sort());
  });

  test('packages form an acyclic order', () => {
    const left = new Map(all.map(({ folder, uses }) => [folder, uses]));
    for (let freed = 1; freed > 0;) {
      const free = [...left].filter(([, uses]) => uses.every((folder) => !left.has(folder)));
      for (const [folder] of free) left.delete(folder);
      freed = free.length;
    }
    expect([...left.keys()]).toEqual([]);
  });

  test('one version of each dependency', () => {
    const versions = new Map<string, Set<string>>();
    for (const manifest of [readManifest(''), ...all.map((project) => project.manifest)]) {
      for (const [name, version] of Object.entries({
        ...manifest.dependencies,
        ...manifest.devDependencies,
      })) {
        versions.set(name, (versions.get(name) ?? new Set()).add(version));
      }
    }
    expect([...versions].filter(([, found]) => found.size > 1).map(([name]) => name)).toEqual([]);
  });

  test('every dependency from outside is explained in ADR 0004', () => {
    const page = readText('docs/adr/0004-dependencies.md');
    const names = [readManifest(''), ...all.map((project) => project.manifest)].flatMap(dependencyNames);
    const outside = [...new Set(names)].filter((name) => !name.startsWith('@bellwether/'));
    // The parts of one family stand in one row: `@nats-io/transport-node`, `nats-core`.
    const explained = (name: string) =>
      page.includes(`\`${name}\``) || page.includes(`\`${name.split('/')[1] ?? ''}\``);
    expect(outside.filter((name) => !explained(name))).toEqual([]);
  });

  test('the lockfile names no host', () => {
    expect(linesMatching(/:\/\//, ['pnpm-lock.yaml'])).toEqual([]);
  });

  test('no dependency builds anything at installation', () => {
    const { allowBuilds } = parse(readText('pnpm-workspace.yaml')) as {
      allowBuilds: Record<string, boolean>;
    };
    expect(Object.values(allowBuilds)).not.toContain(true);
  });

  test('the licence is Apache 2.0', () => {
    expect(readText('LICENSE')).toMatch(/Apache License\s+Version 2\.0, January 2004/);
    expect(readManifest('').license).toBe('Apache-2.0');
  });
});

describe('names of files', () => {
  test('say what is inside', () => {
    const vague = /^(utils?|helpers?|common|misc|shared|stuff)$/;
    const named = files.filter((file) => file.split(/[/.]/).some((part) => vague.test(part)));
    expect(named).toEqual([]);
  });

  test('of sources are kebab-case', () => {
    const odd = sources.filter((file) => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(path.basename(file)));
    expect(odd.filter((file) => !/^proto\/.*\/[a-z_]+\.proto$/.test(file))).toEqual([]);
  });

  test('of tests name their level', () => {
    const tests = files.filter((file) => /\.test\.(ts|mjs|js)$/.test(file));
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.filter((file) => !/\.(unit|property|contract|int|e2e|sim)\.test\.ts$/.test(file))).toEqual(
      [],
    );
  });
});

describe('what no file may hold', () => {
  test('marks of unfinished work', () => {
    const marks = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`);
    expect(linesMatching(marks, sources)).toEqual([]);
  });

  test('a test that runs alone', () => {
    const tests = files.filter((file) => file.endsWith('.test.ts'));
    expect(linesMatching(/\b(describe|it|test)\.only\b|\b(fdescribe|fit)\(/, tests)).toEqual([]);
  });

  test('paths of the machine it was written on', () => {
    const paths = new RegExp(
      `(^|[\\s'"\`(=:\\[])/(${['wo' + 'rk', 'ro' + 'ot', 'ho' + 'me', 'Us' + 'ers'].join('|')})/`,
    );
    expect(linesMatching(paths, files)).toEqual([]);
  });

  test('hosts of package registries', () => {
    const hosts = [
      ['registry', 'npmjs'],
      ['deb', 'debian'],
      ['pypi', 'org'],
      ['crates', 'io'],
      ['proxy', 'golang'],
    ];
    const named = new RegExp(hosts.map((parts) => parts.join('\\.')).join('|'));
    expect(linesMatching(named, files)).toEqual([]);
  });
});

describe('documents', () => {
  const pages = files.filter((file) => file.endsWith('.md'));

  test('every decision is linked from the list, numbered without gaps, and has its four parts', () => {
    const adrs = files
      .filter((file) => /^docs\/adr\/\d{4}-.*\.md$/.test(file))
      .map((file) => path.basename(file));
    const list = readText('docs/adr/README.md');
    expect(adrs.map((name) => Number(name.slice(0, 4)))).toEqual(adrs.map((_, index) => index + 1));
    expect(adrs.filter((name) => !list.includes(`(${name})`))).toEqual([]);
    for (const name of adrs) {
      const text = readText(`docs/adr/${name}`);
      expect(text.startsWith(`# ${name.slice(0, 4)}: `)).toBe(true);
      const parts = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
      expect(parts).toEqual(['Context', 'Decision', 'Rejected', 'Consequences']);
    }
  });

  test('links lead to something', () => {
    const broken = pages.flatMap((page) =>
      [...readText(page).matchAll(/\]\(([^)\s]+)\)/g)]
        .map((match) => (match[1] ?? '').replace(/#.*$/, ''))
        .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
        .filter((target) => !fs.existsSync(path.join(root, path.dirname(page), target)))
        .map((target) => `${page}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test('every stream and subject is described in docs/reference/subjects.md', async () => {
    const page = readText('docs/reference/subjects.md');
    const contracts = (await import(path.join(root, 'packages/contracts/dist/index.js'))) as {
      readonly STREAMS: readonly { readonly name: string; readonly subjects: readonly string[] }[];
      readonly subjects: Readonly<Record<string, unknown>>;
    };
    const streams = contracts.STREAMS.map(({ name }) =>
      name.startsWith('BW_LINE_') ? 'BW_LINE_<STAGE>' : name,
    );
    expect(streams.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    const prefixes = [
      'input',
      'journal',
      'line',
      'decision',
      'audit',
      'audit-query',
      'control',
      'model',
      'status',
    ];
    expect(prefixes.filter((prefix) => !page.includes(`\`bw.${prefix}.`))).toEqual([]);
    const builders = Object.keys(contracts.subjects).map((name) =>
      name.replace(/(Of|Kind)$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    );
    expect([...new Set(builders)].sort()).toEqual([...prefixes].sort());
  });
});
