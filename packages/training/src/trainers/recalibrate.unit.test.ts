// Goal: a map takes the place of another only where later sessions, which neither was fitted on, say that it is better.
import { describe, expect, it } from '@jest/globals';
import { present } from '@bellwether/kernel';
import type { Manifest } from '@bellwether/models';
import { columnNamed, type DataSet } from '../data-sets/data-set.js';
import { regimeRowsForTests } from './data-set-for-tests.js';
import { calibratedModel, recalibrated, type Recalibration } from './recalibrate.js';

const CLASSES = 4;
const set = regimeRowsForTests({ sessions: 14, rowsEach: 60, planted: true, seed: 'calibrate' });
const sessions = [...new Set(set.session)];
/** The model has seen the first six sessions. */
const until_us = set.start_us[set.session.indexOf(sessions[6]!)]!;

const manifest = (method: 'identity' | 'temperature', parameters: number[]): Manifest =>
  ({
    ...{ name: 'regime_classifier', version: '20250106-0123456789ab', regime: null, trained_on: 'market' },
    ...{ trained_until_us: until_us, calibration: { method, parameters }, data: [], metrics: {} },
    ...{ outputs: [{ name: 'probabilities', shape: [CLASSES] }], inputs: [], seed: '1', producer: 'x' },
  }) as Partial<Manifest> as Manifest;

/** A graph that knows the class of four rows in five, as the rows were made, and says so with some confidence. */
function graph(confidence: number) {
  const rest = (1 - confidence) / (CLASSES - 1);
  return (rows: readonly Float32Array[]): Promise<readonly (readonly number[])[]> =>
    Promise.resolve(
      rows.map((row) => {
        const told = (row[0]! > 0 ? 2 : 0) + (row[1]! > 1 ? 0 : 1);
        return Array.from({ length: CLASSES }, (_, k) => (k === told ? confidence : rest));
      }),
    );
}

const ask = (own: Manifest, confidence: number, of: DataSet = set): Promise<Recalibration> =>
  recalibrated({ set: of, manifest: own, answers: graph(confidence) });

const betterOf = ({ better }: Recalibration) => present(better, 'a better map');

describe('a calibration on later sessions', () => {
  it('given a model that is too sure, then a temperature takes the place of no map', async () => {
    const found = await ask(manifest('identity', []), 0.999);
    expect(found).toMatchObject({ why: 'better', sessions: 8, newest: sessions.at(-1) });
    expect(found.better?.map.kind).toBe('temperature');
    expect(betterOf(found).after.log_loss).toBeLessThan(betterOf(found).before.log_loss);
    expect(betterOf(found).after.brier).toBeLessThan(betterOf(found).before.brier);
  });

  it('given a map that makes a good model worse, then no map takes its place', async () => {
    const found = await ask(manifest('temperature', [4]), 0.82);
    expect(found.why).toBe('better');
    expect(betterOf(found).after.log_loss).toBeLessThan(betterOf(found).before.log_loss - 0.05);
  });

  it('given the map that is best already, then nothing changes', async () => {
    const first = await ask(manifest('identity', []), 0.999);
    const { map } = betterOf(first);
    const parameters = map.kind === 'temperature' ? [map.temperature] : [];
    expect(await ask(manifest('temperature', parameters), 0.999)).toMatchObject({
      why: 'not_better',
      better: null,
    });
  });

  it('given fewer than four sessions that it has not seen, then nothing is said', async () => {
    const late = {
      ...manifest('identity', []),
      trained_until_us: set.start_us[set.session.indexOf(sessions[11]!)]!,
    };
    expect(await ask(late, 0.999)).toMatchObject({ why: 'too_few_sessions', sessions: 3, better: null });
  });

  it('does not look at rows that the model was made from', async () => {
    const labels = columnNamed(set.labelColumns, 'regime').slice();
    labels.forEach((_, row) => {
      if (set.start_us[row]! < until_us) labels[row] = 0;
    });
    const other = { ...set, labelColumns: [{ name: 'regime', values: labels }] };
    expect((await ask(manifest('identity', []), 0.999, other)).better).toEqual(
      (await ask(manifest('identity', []), 0.999)).better,
    );
  });

  it('is a version of its own, whose card tells what it rests on', async () => {
    const own = manifest('identity', []);
    const found = await ask(own, 0.999);
    const made = {
      data: { title: 'x', synthetic: true, references: [{ reference: 'rows', sha256: null }] },
      ...{
        card: 'Trained on market data.\n\n# x\n\n## Calibration older\n\nold\n',
        command: 'bw calibrate',
        node: 'y',
      },
    };
    const { facts, card } = calibratedModel(
      { set, manifest: own },
      { ...found, better: betterOf(found) },
      made,
    );
    expect(facts.version).toMatch(/^20250106-0123456789ab-c\d{8}[0-9a-f]{6}$/);
    expect(facts).toMatchObject({ trained_on: 'synthetic', trained_until_us: found.until_us });
    expect(card.split('\n')[0]).toMatch(/^Trained on synthetic data/);
    expect(card).not.toContain('old\n');
    // Calibrated again it does not grow.
    const again = calibratedModel(
      { set, manifest: { ...own, version: facts.version } },
      { ...found, better: betterOf(found) },
      made,
    );
    expect(again.facts.version).toHaveLength(facts.version.length);
  });
});
