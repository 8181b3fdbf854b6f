import { describe, expect, it } from '@jest/globals';
import { Action, ReasonCode, Strategy, type RiskPart } from '@bellwether/contracts';
import { DayCounts } from './day-counts.js';
import { FrameIndex, type IndexedFrame } from './frame-index.js';
import { Latencies } from './latencies.js';
import type { FrameFilter } from './frame-outline.js';
import { Waiters } from './waiters.js';

const frame = (seq: number, trade_date: number, entry_id = `e${seq}`): IndexedFrame => ({
  entry_id,
  seq,
  sequence: seq * 10,
  trade_date,
  latency_us: null,
  outline: {
    book_time_us: seq * 100,
    action: seq % 2 === 0 ? Action.BUY : Action.HOLD,
    reason: ReasonCode.OK,
    symbol: 'ES',
    strategy: seq % 2 === 0 ? Strategy.S2 : null,
    asked: seq % 5 !== 0,
  },
});

describe('FrameIndex', () => {
  it('keeps the last two trade dates', () => {
    const index = new FrameIndex(100);
    for (const [seq, date] of [
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 2],
      [5, 5],
    ] as const)
      index.add(frame(seq, date));
    expect(index.size).toBe(3);
    expect(index.byEntry('e2')).toBeNull();
    expect(index.bySeq(2)).toBeNull();
    expect(index.byEntry('e3')?.sequence).toBe(30);
    expect(index.bySeq(5)?.entry_id).toBe('e5');
  });

  it('keeps no more than its limit, the newest', () => {
    const index = new FrameIndex(3);
    for (let seq = 1; seq <= 10; seq++) index.add(frame(seq, 1));
    expect(index.size).toBe(3);
    expect(index.bySeq(7)).toBeNull();
    expect(index.bySeq(8)?.seq).toBe(8);
  });
});

describe('FrameIndex, filtered', () => {
  const everything: FrameFilter = {
    ...{ from_us: null, to_us: null, action: null, reason: null, symbol: null, strategy: null },
    asked_only: false,
  };
  const index = new FrameIndex(20);
  for (let seq = 1; seq <= 30; seq++) index.add(frame(seq, 1));
  const find = (filter: Partial<FrameFilter>, from = 30, after = 0, limit = 100) =>
    index.matching({ ...everything, ...filter }, { from, after, limit });

  it('gives what lies between two frames, newest first, and where it has ended', () => {
    expect(find({}, 15, 12)).toEqual({ seqs: [15, 14, 13], ended: 13 });
    expect(find({}, 30, 12, 2)).toEqual({ seqs: [30, 29], ended: 29 });
    expect(find({}, 12, 3)).toEqual({ seqs: [12, 11], ended: 11 });
    expect(find({}, 12, 12)).toEqual({ seqs: [], ended: 13 });
    expect(find({}, 5, 0)).toEqual({ seqs: [], ended: 6 });
  });

  it('narrows by each field', () => {
    expect(find({ asked_only: true }, 16, 13).seqs).toEqual([16, 14]);
    expect(find({ action: Action.BUY }, 16, 13).seqs).toEqual([16, 14]);
    expect(find({ strategy: Strategy.S3 }).seqs).toEqual([]);
    expect(find({ strategy: Strategy.S2 }, 13, 11).seqs).toEqual([12]);
    expect(find({ symbol: 'NQ' }).seqs).toEqual([]);
    expect(find({ reason: ReasonCode.NO_SETUP }).seqs).toEqual([]);
    expect(find({ to_us: 1_300 }).seqs).toEqual([12, 11]);
  });

  it('looks no further than the first that is too old, for the time of a book never goes back', () => {
    expect(find({ from_us: 2_800 })).toEqual({ seqs: [30, 29, 28], ended: 1 });
  });

  it('knows its oldest', () => {
    expect(index.oldest?.seq).toBe(11);
    expect(new FrameIndex(5).oldest).toBeNull();
  });
});

describe('DayCounts', () => {
  const risk = (action: Action, reason: ReasonCode): RiskPart => ({
    logic_version: 1,
    fault: null,
    decision_id: '',
    action,
    size: 0,
    reason,
    policy: 1,
    checks: [],
    latches: null,
    intents: [],
    valid_until_us: null,
    headroom_cents: null,
    headroom_after_cents: null,
    heat: null,
    heat_after: null,
    dry_run: false,
    operator: null,
    plan: null,
    degraded: false,
  });

  it('counts by action and reason, and forgets all but two dates', () => {
    const counts = new DayCounts();
    counts.add(1, risk(Action.HOLD, ReasonCode.NO_SETUP));
    counts.add(2, risk(Action.HOLD, ReasonCode.NO_SETUP));
    counts.add(2, risk(Action.BUY, ReasonCode.OK));
    counts.add(3, risk(Action.HOLD, ReasonCode.FLAT_WINDOW));
    expect(counts.all()).toEqual([
      { trade_date: 2, decisions: 2, by_action: { hold: 1, buy: 1 }, by_reason: { no_setup: 1, ok: 1 } },
      { trade_date: 3, decisions: 1, by_action: { hold: 1 }, by_reason: { flat_window: 1 } },
    ]);
  });
});

describe('Latencies', () => {
  it('has no mean before the first, and that of the last thousand later', () => {
    const latencies = new Latencies();
    expect(latencies.meanUs()).toBeNull();
    for (let i = 0; i < 1_000; i++) latencies.add(1_000_000);
    expect(latencies.meanUs()).toBe(1_000_000);
    for (let i = 0; i < 1_000; i++) latencies.add(3);
    expect(latencies.meanUs()).toBe(3);
  });
});

describe('Waiters', () => {
  it('gives the value to everybody who waits for it, and null to the others at their deadline', async () => {
    const waiters = new Waiters<number>();
    const waits = [waiters.wait('a', 1_000), waiters.wait('a', 1_000), waiters.wait('b', 1)];
    waiters.settle('a', 7);
    waiters.settle('c', 8);
    expect(await Promise.all(waits.map((wait) => wait.result))).toEqual([7, 7, null]);
    expect(waiters.any).toBe(false);
  });

  it('keeps nothing of a wait that was given up', async () => {
    const waiters = new Waiters<number>();
    const one = waiters.wait('a', 60_000);
    const other = waiters.wait('b', 60_000);
    one.cancel();
    expect(await one.result).toBeNull();
    expect(waiters.any).toBe(true);
    waiters.giveUp();
    expect(await other.result).toBeNull();
    expect(waiters.any).toBe(false);
  });
});
