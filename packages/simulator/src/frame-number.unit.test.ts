import { expect, it } from '@jest/globals';
import { encodeFrame } from '@bellwether/contracts';
import { aFrame, aRiskPart } from '@bellwether/testkit';
import { frameNumber } from './frame-number.js';

it.each([1, 127, 128, 16_384, 2 ** 31, 2 ** 40 + 7])('reads the number %p of an encoded frame', (seq) => {
  expect(frameNumber(encodeFrame(aFrame({ seq, risk: aRiskPart() })))).toBe(seq);
});

it('refuses bytes that are no frame', () => {
  expect(() => frameNumber(Uint8Array.of(0x10, 1))).toThrow('contract version');
  expect(() => frameNumber(new Uint8Array(0))).toThrow('does not end in its head');
});
