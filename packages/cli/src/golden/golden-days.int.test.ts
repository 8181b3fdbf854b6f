import { describe, expect, it } from '@jest/globals';
import { CONTRACT_VERSION, DataOrigin, EntryKind } from '@bellwether/contracts';
import { readEntries } from './entry-file.js';
import { inputsFile, readGolden } from './golden-files.js';
import { firstChanged, journalOf, recompute, resultOf, runOnBus, withTheseStages } from './golden-run.js';
import { RECORDED_DAYS } from './recorded-days.js';

const HOW_TO_MOVE = 'If that is meant: npm run golden -- --update --reason "…", in the same commit.';

describe('Golden days', () => {
  const golden = readGolden();

  it('are of this contract version, and every change of a digest has a reason', () => {
    expect(golden.contract_version).toBe(CONTRACT_VERSION);
    expect(golden.changes.length).toBeGreaterThan(0);
    for (const reason of golden.changes) expect(reason.trim()).not.toBe('');
    expect(Object.keys(golden.days).sort()).toEqual(RECORDED_DAYS.map(({ name }) => name).sort());
  });

  describe.each(RECORDED_DAYS.map(({ name }) => name))('%s', (name) => {
    const inputs = withTheseStages(readEntries(inputsFile(name)));
    const expected = golden.days[name];
    const frames = runOnBus(inputs);

    it('comes to the same decisions, byte for byte', async () => {
      if (expected === undefined) throw new Error(`${name}: Nothing is written down`);
      const result = resultOf(await frames);
      const changed = firstChanged(expected, result);
      if (changed !== null) throw new Error(`${name}: Frame ${changed} is another. ${HOW_TO_MOVE}`);
      expect(result).toEqual(expected);
    });

    it('recomputes to the same bytes from its journal alone', async () => {
      const recorded = await frames;
      const again = await recompute(journalOf(recorded));
      expect(again).toHaveLength(recorded.length);
      recorded.forEach((bytes, i) => {
        if (Buffer.compare(bytes, again[i] as Uint8Array) !== 0) throw new Error(`Frame ${i + 1} differs`);
      });
    });

    it('is synthetic from the first byte on', () => {
      const origins = inputs.filter(({ kind }) => kind !== EntryKind.RELEASE).map(({ origin }) => origin);
      expect(new Set(origins)).toEqual(new Set([DataOrigin.SYNTHETIC]));
    });
  });

  it('reach both strategies, both latches, every kind of question and every outcome', () => {
    const all = Object.values(golden.days);
    const decisions = new Set(all.flatMap((day) => Object.keys(day.decisions)));
    for (const wanted of ['buy ok', 'sell ok', 'exit kill_latched', 'hold kill_latched']) {
      expect([...decisions]).toContain(wanted);
    }
    const events = all.flatMap((day) => day.events).join('\n');
    for (const latch of ['soft_trade_date', 'kill_trade_date']) expect(events).toContain(latch);
    const kinds = new Set(
      RECORDED_DAYS.flatMap(({ name }) => readEntries(inputsFile(name)).map(({ kind }) => kind)),
    );
    const raw = ['RELEASE', 'WARMUP', 'BAR', 'CLOCK', 'SIGNAL', 'ABANDON', 'FILL', 'CLOSE'] as const;
    for (const kind of raw) expect([...kinds]).toContain(EntryKind[kind]);
  });
});
