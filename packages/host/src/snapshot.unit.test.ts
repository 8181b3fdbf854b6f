import { describe, expect, it } from '@jest/globals';
import { MemoryBus } from '@bellwether/bus';
import { SnapshotCorrupt, SnapshotStore, decodeSnapshot, encodeSnapshot } from './snapshot.js';

const value = { head: { seq: 3 }, doubles: new Float64Array([0.1, -0, 1e-300]), nested: [{ minusZero: -0 }] };

describe('a snapshot', () => {
  it('comes back exactly, typed arrays and -0 included', () => {
    const back = decodeSnapshot(encodeSnapshot(value)) as typeof value;
    expect(back).toEqual(value);
    expect(Object.is(back.nested[0]?.minusZero, -0)).toBe(true);
  });

  it('is refused when any single byte is changed or the end is cut', () => {
    const bytes = encodeSnapshot(value);
    for (let i = 0; i < bytes.length; i++) {
      const changed = bytes.slice();
      changed[i] = (changed[i] ?? 0) ^ 0x40;
      expect(() => decodeSnapshot(changed)).toThrow(SnapshotCorrupt);
      expect(() => decodeSnapshot(bytes.slice(0, i))).toThrow(SnapshotCorrupt);
    }
  });
});

describe('SnapshotStore', () => {
  const open = (bus: MemoryBus, corrupt: number[] = []): SnapshotStore<{ head: { seq: number } }> =>
    new SnapshotStore(bus.blobs, 'b/s', (slot) => corrupt.push(slot));

  it('keeps two and never overwrites the newest whole one', async () => {
    const bus = new MemoryBus();
    for (const seq of [1, 2, 3]) {
      const store = open(bus);
      await store.newest(Infinity);
      await store.save({ head: { seq } });
    }
    expect((await open(bus).newest(Infinity))?.head.seq).toBe(3);
    expect((await open(bus).newest(2))?.head.seq).toBe(2);
  });

  it('reports a corrupt slot and falls back to the other', async () => {
    const bus = new MemoryBus();
    const store = open(bus);
    await store.save({ head: { seq: 1 } });
    await store.save({ head: { seq: 2 } });
    await bus.blobs.put('snapshot/b/s/1', new Uint8Array([1, 2, 3]));
    const corrupt: number[] = [];
    expect((await open(bus, corrupt).newest(Infinity))?.head.seq).toBe(1);
    expect(corrupt).toEqual([1]);
  });

  it('gives nothing where nothing covers little enough', async () => {
    const bus = new MemoryBus();
    await open(bus).save({ head: { seq: 9 } });
    expect(await open(bus).newest(8)).toBeNull();
  });
});
