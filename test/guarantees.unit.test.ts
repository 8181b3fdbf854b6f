import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './lint-source.js';

const folder = path.join(root, 'docs/guarantees');
const pages = fs.readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md');

interface Link {
  readonly text: string;
  readonly target: string;
}

function linksOf(markdown: string): Link[] {
  return [...markdown.matchAll(/\[([^\]]+)\]\(([^)#]+)\)/g)].map((match) => ({
    text: match[1] ?? '',
    target: match[2] ?? '',
  }));
}

describe('Guarantee pages', () => {
  it('are listed on their index, and no other is', () => {
    const listed = linksOf(fs.readFileSync(path.join(folder, 'README.md'), 'utf8')).map(
      ({ target }) => target,
    );
    expect(listed.filter((target) => !target.startsWith('..')).sort()).toEqual([...pages].sort());
    expect(pages).toEqual(expect.arrayContaining(['audit.md', 'durability.md', 'order.md', 'parity.md']));
  });

  describe.each(pages)('%s', (page) => {
    const text = fs.readFileSync(path.join(folder, page), 'utf8');
    const [promised = '', limits = ''] = text.split(/^## Where this stops$/m);

    it('says what is promised and where that stops', () => {
      expect(promised).toMatch(/^## What is promised$/m);
      expect(limits.match(/^- /gm)?.length ?? 0).toBeGreaterThanOrEqual(3);
    });

    it('names tests that exist', () => {
      const links = linksOf(text);
      const tests = links.filter(({ target }) => target.endsWith('.test.ts'));
      expect(tests.length).toBeGreaterThanOrEqual(4);
      const missing = links.filter(({ target }) => !fs.existsSync(path.join(folder, target)));
      expect(missing).toEqual([]);
      // A text in backticks is the name of a case in that file.
      const cases = tests.filter((link) => link.text.startsWith('`'));
      const unknown = cases.filter(
        ({ text: name, target }) =>
          !fs
            .readFileSync(path.join(folder, target), 'utf8')
            .includes(name.replaceAll('`', '').replace(/\s+/g, ' ')),
      );
      expect(unknown).toEqual([]);
    });
  });
});
