import { describe, expect, it } from '@jest/globals';
import { AuditLag } from './audit-lag.js';

const bounds = { behindFrames: 10, behindMs: 1_000 };

/** A lag in which frames 1 to `decided` were decided, 10 ms apart, and the log holds the first `audited`. */
function lagOf(decided: number, audited: number | null): AuditLag {
  const lag = new AuditLag(bounds);
  for (let seq = 1; seq <= decided; seq++) lag.addDecided(seq, 10 * seq);
  if (audited !== null) lag.setAudited(audited);
  return lag;
}

describe('AuditLag', () => {
  it('is not behind while the log keeps up', () => {
    const lag = lagOf(50, 45);
    expect(lag.frames).toBe(5);
    expect(lag.isBehind(500)).toBe(false);
    expect(lag.hasCaughtUp(500)).toBe(true);
  });

  it('is behind by number: one frame more than the bound', () => {
    expect(lagOf(50, 40).isBehind(500)).toBe(false);
    expect(lagOf(50, 39).isBehind(500)).toBe(true);
    expect(lagOf(50, 39).tooMany).toBe(true);
  });

  it('is behind by time: the oldest frame that is not in the log counts, not the newest', () => {
    const lag = new AuditLag(bounds);
    lag.setAudited(0);
    lag.addDecided(1, 0);
    lag.addDecided(2, 900);
    expect(lag.isBehind(1_000)).toBe(false);
    expect(lag.isBehind(1_001)).toBe(true);
    lag.setAudited(1);
    expect(lag.ageMs(1_001)).toBe(101);
    expect(lag.isBehind(1_001)).toBe(false);
    expect(lag.isBehind(1_901)).toBe(true);
    lag.setAudited(2);
    expect(lag.isBehind(1_000_000)).toBe(false);
  });

  it('does not age while nothing is decided, however long that is', () => {
    const lag = lagOf(5, 5);
    expect(lag.isBehind(1_000_000)).toBe(false);
    lag.addDecided(6, 1_000_000);
    expect(lag.isBehind(1_000_500)).toBe(false);
  });

  it('has caught up only at half the bounds', () => {
    expect(lagOf(50, 44).hasCaughtUp(500)).toBe(false);
    expect(lagOf(50, 45).hasCaughtUp(500)).toBe(true);
    const lag = new AuditLag(bounds);
    lag.setAudited(0);
    lag.addDecided(1, 0);
    expect(lag.hasCaughtUp(500)).toBe(true);
    expect(lag.hasCaughtUp(501)).toBe(false);
  });

  it('before anything was heard of the log, is behind by time alone and has never caught up', () => {
    const lag = lagOf(50, null);
    expect(lag.isBehind(500)).toBe(false);
    expect(lag.isBehind(1_011)).toBe(true);
    expect(lag.hasCaughtUp(500)).toBe(false);
    expect(lag.tooMany).toBe(true);
  });

  it('takes a log that holds less than before at its word', () => {
    const lag = lagOf(50, 50);
    lag.setAudited(3);
    expect(lag.frames).toBe(47);
    expect(lag.isBehind(500)).toBe(true);
  });

  it('keeps a bounded number of times, and errs on the side of too old', () => {
    const lag = new AuditLag(bounds);
    lag.setAudited(0);
    for (let seq = 1; seq <= 1_000; seq++) lag.addDecided(seq, 200 * seq);
    lag.setAudited(995);
    expect(lag.ageMs(200_000)).toBeGreaterThanOrEqual(4 * 200);
    lag.setAudited(1_000);
    expect(lag.ageMs(200_000)).toBe(0);
  });
});
