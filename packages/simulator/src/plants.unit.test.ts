import { describe, expect, it } from '@jest/globals';
import { planted, type Rewrite } from './plant-loader.js';
import { PLANTS } from './plants.js';

const REWRITE: Rewrite = { plant: 'none', url: 'file:///a.js', find: 'if (a) {', replace: 'if ($&) {' };

describe('a planted bug', () => {
  it('replaces its text and nothing else, taken as it stands', () => {
    expect(planted('x; if (a) { y }', REWRITE)).toBe('x; if ($&) { y }');
  });

  it('is out of date where its text is not there exactly once', () => {
    expect(() => planted('if (b) {', REWRITE)).toThrow('The plant none is out of date');
    expect(() => planted('if (a) { if (a) {', REWRITE)).toThrow('2 times, expected once');
  });

  it('has a name of its own', () => {
    expect(new Set(PLANTS.map(({ name }) => name)).size).toBe(PLANTS.length);
  });
});
