import { describe, expect, it } from '@jest/globals';
import { deepFreeze, firstDifference, firstMismatch, firstUnplain, restored } from './plain-data.js';

describe('plain data', () => {
  it.each([
    ['a number', { a: 1 }, { a: 2 }, 'value.a: Expected 1, was 2'],
    ['the sign of zero', { a: 0 }, { a: -0 }, 'value.a: Expected 0, was -0'],
    ['a missing key', { a: 1 }, {}, 'value.a: Expected 1, was undefined'],
    ['a key too many', {}, { a: undefined }, 'value.a: Expected undefined, was undefined'],
    ['the length of a list', { a: [1] }, { a: [1, 2] }, 'value.a: Expected 1 items, was 2'],
    ['a list for an object', { a: [] }, { a: {} }, 'value.a: Expected [], was {}'],
    ['a typed array', new Float64Array([1]), new Float64Array([2]), 'value: The typed arrays differ'],
    ['the kind of a typed array', new Float64Array(1), new Float32Array(2), 'value: Expected'],
  ])('shows a difference in %s', (_name, expected, actual, message) => {
    expect(firstDifference(expected, actual)).toContain(message);
  });

  it('finds nothing between data and its restored snapshot', () => {
    const data = { a: [1, null, { b: 'x' }], sums: new Float64Array([0.1, -0]), none: undefined };
    expect(firstDifference(data, restored(data))).toBeNull();
  });

  it('matches what is listed', () => {
    expect(firstMismatch({ a: [{ b: 1 }] }, { a: [{ b: 1, c: 2 }], d: 3 })).toBeNull();
    expect(firstMismatch({ a: [{ b: 1 }] }, { a: [{ b: 1 }, { b: 1 }] })).toContain('part.a');
    expect(firstMismatch({ a: { b: 1 } }, { a: null })).toContain('part.a');
    expect(firstMismatch({ a: null }, { a: { b: 1 } })).toContain('part.a');
  });

  it('knows plain data, also from another realm', () => {
    expect(firstUnplain(restored({ a: [1, { b: null }], c: new Float64Array(1) }))).toBeNull();
    expect(firstUnplain({ a: [1, { b: new Set() }] })).toBe('state.a.1.b: An instance of a class');
  });

  it('freezes to the bottom and leaves typed arrays', () => {
    const frozen = deepFreeze({ a: [{ b: 1 }], sums: new Float64Array(1) });
    expect(Object.isFrozen(frozen.a[0])).toBe(true);
    frozen.sums[0] = 1;
    expect(frozen.sums[0]).toBe(1);
  });
});
