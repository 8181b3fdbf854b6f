import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from './virtual-time.js';

const never = (): boolean => false;

describe('VirtualTime', () => {
  it('lets events happen in order of time, and those of one moment in the order they were asked for', async () => {
    const time = new VirtualTime();
    const seen: string[] = [];
    for (const [ms, name] of [
      [30, 'c'],
      [10, 'a1'],
      [20, 'b'],
      [10, 'a2'],
    ] as const) {
      time.after(ms, () => seen.push(`${name} at ${time.now_ms}`));
    }
    expect(await time.run(never, 1_000)).toBe('idle');
    expect(seen).toEqual(['a1 at 10', 'a2 at 10', 'b at 20', 'c at 30']);
  });

  it('keeps the order over many events with times drawn at random', async () => {
    const time = new VirtualTime();
    const seen: number[] = [];
    for (let i = 0; i < 1_000; i++) time.after((i * 7_919) % 1_009, () => seen.push(time.now_ms));
    await time.run(never, 10_000);
    expect(seen).toHaveLength(1_000);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('begins no event before all that follows from the one before has happened', async () => {
    const time = new VirtualTime();
    const seen: string[] = [];
    time.after(1, () => {
      void (async () => {
        for (let i = 0; i < 100; i++) await Promise.resolve();
        seen.push('after a hundred awaits');
      })();
    });
    time.after(1, () => seen.push('next event'));
    await time.run(never, 1_000);
    expect(seen).toEqual(['after a hundred awaits', 'next event']);
  });

  it('ends when it is over, at the limit, or with nothing left; what is left goes on in the next run', async () => {
    const time = new VirtualTime();
    const seen: number[] = [];
    for (const ms of [10, 20, 30]) time.after(ms, () => seen.push(ms));
    expect(await time.run(() => seen.length === 1, 1_000)).toBe('over');
    expect(await time.run(never, 25)).toBe('late');
    expect([seen, time.now_ms]).toEqual([[10, 20], 25]);
    expect(await time.run(never, 1_000)).toBe('idle');
    expect([seen, time.now_ms]).toEqual([[10, 20, 30], 30]);
  });

  it('forgets what was cancelled, and gives on what an event throws', async () => {
    const time = new VirtualTime();
    const seen: string[] = [];
    time.after(1, () => seen.push('cancelled'))();
    await time.run(never, 1_000);
    expect(seen).toEqual([]);
    time.after(1, () => {
      throw new Error('broken on purpose');
    });
    await expect(time.run(never, 1_000)).rejects.toThrow('broken on purpose');
  });
});
