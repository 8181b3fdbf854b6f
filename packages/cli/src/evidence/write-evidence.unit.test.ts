// Goal: what an ablation found stands in the evidence file under the name of what it is about, and made-up data prove nothing. Method: two
// judged tables of the sample's plan, one of them said to be of a market.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readEvidence } from '@bellwether/host';
import type { AblationReport } from '../ablation/ablation-text.js';
import type { JudgedComparison } from '../ablation/judge.js';
import { samplePlan } from '../data/data-plan.js';
import { evidenceOf, subjectOf, writeEvidence, type FoundEvidence } from './write-evidence.js';

const judged = (changes: Partial<JudgedComparison>): JudgedComparison => ({
  ...{ kind: 'removed', part: 'confidence', arm: null, name: 'all - confidence', first: 'a', second: 'b' },
  ...{ days: 300, trades: [310, 420], net_cents: [5_000, 1_000], mean_cents: 1_333, low_cents: 200 },
  ...{ high_cents: 2_400, p: 0.001, p_adjusted: 0.01, verdict: 'gain' },
  ...changes,
});
const COMPARISONS = [
  judged({}),
  judged({ kind: 'added', name: '+ confidence' }),
  judged({ part: 'bandit', name: 'all - bandit' }),
  judged({ kind: 'choice', part: 'bandit', name: 'all, arms drawn by chance', mean_cents: -1_000 }),
  judged({ kind: 'arm', part: null, arm: 'S2', name: 'all - S2', p_adjusted: 0.4 }),
  judged({ part: 'streams', name: 'all - streams' }),
];

async function found(synthetic: boolean): Promise<FoundEvidence> {
  const plan = await samplePlan({ data: [], symbol: [], warmup: 20, policy: 'learned' });
  const report: AblationReport = {
    ...{
      title: plan.title,
      synthetic,
      in_sample: [],
      fixed: 'S2',
      parts: ['confidence', 'bandit'],
      absent: [],
    },
    ...{ mark: { result: 'pass', reason: '' }, notes: [], comparisons: COMPARISONS, trials: 4 },
  };
  const days = { digest: '', trades: 1, trade_dates: [20_250_401, 20_250_402], net_cents: [1, 2] };
  return { plan, config: plan.settings.config, report, results: new Map([['a', days]]) };
}

describe('evidence of an ablation', () => {
  it('is of learned parts and arms: removed alone, and of the bandit beside chance', () => {
    expect(COMPARISONS.map(subjectOf)).toEqual(['confidence', null, null, 'bandit', 'S2', null]);
  });

  it('names numbers, data, logic and models', async () => {
    const [confidence] = evidenceOf(await found(false));
    expect(confidence).toMatchObject({
      name: 'confidence',
      numbers: { mean_usd: 13.33, low_usd: 2, high_usd: 24, p_adjusted: 0.01, sessions: 300, comparisons: 6 },
      data: { synthetic: false, from: 20_250_401, to: 20_250_402, sources: [{ symbol: 'ES' }] },
    });
    expect(confidence?.run.models.map(({ model }) => model)).toEqual(['confidence_prediction']);
    expect(confidence?.run.logic_versions).toHaveProperty('bandit');
  });

  it('is written to its file: market data may prove, made-up data do not', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'bw-evidence-'));
    try {
      const file = path.join(folder, 'deep', 'evidence.json');
      const statuses = async (): Promise<unknown> =>
        (await readEvidence(file))?.entries.map(({ name, status }) => [name, status]);
      expect(await readEvidence(file)).toBeNull();
      expect(await writeEvidence(file, await found(true))).toContain('0 proven, 3 unproven, 0 rejected');
      await writeEvidence(file, await found(false));
      const real = [
        ['confidence', 'proven'],
        ['bandit', 'rejected'],
        ['S2', 'unproven'],
      ];
      expect(await statuses()).toEqual(real);
      await writeEvidence(file, await found(true));
      expect(await statuses()).toEqual(real);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
