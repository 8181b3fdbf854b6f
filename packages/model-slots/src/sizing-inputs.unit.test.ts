import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SIZING_COUNT, SIZING_SCHEMA_SHA256, sizingInputs, sizingSchemaText } from './sizing-inputs.js';

describe('What a sizing agent is asked', () => {
  it('has the schema hash of its names, units and order', () => {
    expect(createHash('sha256').update(sizingSchemaText()).digest('hex')).toBe(SIZING_SCHEMA_SHA256);
  });

  it('is each number beside a 1, and a missing one as two noughts', () => {
    const seen = { win_probability: null, volatile: 0.25, day_r: -1.5, drawdown_r: 2, headroom_r: null };
    expect([...sizingInputs({ ...seen, session_left: 0.5 })]).toEqual([
      ...[0, 0.25, -1.5, 2, 0, 0.5],
      ...[0, 1, 1, 1, 0, 1],
    ]);
    expect(SIZING_COUNT).toBe(6);
  });
});
