/**
 * Goal: what stands beside a profit says the worst that is known, and never more than that.
 * Method: marks made of verdicts and of each other.
 */
import { describe, expect, it } from '@jest/globals';
import { SYNTHETIC_MARK, dataLine, markOf, unknownMark, worstMark } from './data-mark.js';

const finding = (code: string, level: 'note' | 'warn' | 'refuse') => ({ code, level });

describe('a mark', () => {
  it('of a pass names the source alone', () => {
    const mark = markOf({ result: 'pass', origin: 'market', findings: [finding('jumps', 'note')] }, 'es.csv');
    expect(dataLine(mark)).toBe('data: pass (es.csv)');
  });

  it('of a warning names what is warned of, and how much more there is', () => {
    const codes = ['no_volume', 'missing_bars', 'missing_sessions', 'level_untested', 'in_halt'];
    const findings = codes.map((code) => finding(code, 'warn'));
    expect(markOf({ result: 'warn', origin: 'market', findings }, 'es.csv').reason).toBe(
      'no_volume, missing_bars, missing_sessions, level_untested and 1 more; es.csv',
    );
  });

  it('of synthetic bars says so first', () => {
    const findings = [finding('synthetic', 'warn')];
    expect(markOf({ result: 'warn', origin: 'synthetic', findings }, 'made.csv').reason).toBe(
      `${SYNTHETIC_MARK.reason}; made.csv`,
    );
  });

  it('of an accepted refusal stays a refusal', () => {
    const mark = markOf(
      { result: 'refuse', origin: 'market', findings: [finding('odd_hour', 'refuse')] },
      'x.csv',
      true,
    );
    expect(dataLine(mark)).toBe('data: refuse (odd_hour; accepted all the same by --accept-verdict; x.csv)');
  });
});

describe('the mark of several sources', () => {
  const pass = { result: 'pass', reason: 'a' } as const;
  const warn = { result: 'warn', reason: 'b' } as const;
  const refuse = { result: 'refuse', reason: 'c' } as const;
  const unknown = unknownMark('d');

  it('is the worst: refuse, then unknown, then warn', () => {
    expect(worstMark([pass, warn])).toEqual(warn);
    expect(worstMark([unknown, warn, pass])).toEqual(unknown);
    expect(worstMark([unknown, refuse, pass])).toEqual(refuse);
  });

  it('gives each reason that is as bad once, and of none is unknown', () => {
    expect(worstMark([warn, pass, { ...warn, reason: 'e' }, warn]).reason).toBe('b | e');
    expect(worstMark([]).result).toBe('unknown');
  });
});
