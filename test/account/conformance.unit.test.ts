import { expect, it } from '@jest/globals';
import { CASES } from './conformance.js';

it.each(CASES.map((item) => [item.name, item] as const))('%s', (_, item) => {
  expect(item.run()).not.toBe('');
});
