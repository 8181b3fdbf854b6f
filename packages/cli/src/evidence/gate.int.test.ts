// Goal: in a book of market data nothing decides that no evidence proves, and the user's word lets it. Method: bars in a file, which is
// market data to the system, through the whole line with drawn models, behind the gate and behind it with an override.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ReasonCode,
  RegimeMethod,
  STRATEGY_KEYS,
  mayDecide,
  type Bar,
  type Frame,
} from '@bellwether/contracts';
import { evidenceLine } from '@bellwether/evidence';
import { schemaSha256 } from '@bellwether/features';
import { present } from '@bellwether/kernel';
import { sampleBars } from '@bellwether/testkit';
import { runPlan } from '../backtest/plan-run.js';
import { filePlan, samplePlan, type DataPlan } from '../data/data-plan.js';
import { drawModels } from '../models/models-for-tests.js';

const TIMEOUT_MS = 120_000;
/** The last morning of the bars is decided on: enough for setups and models. */
const DECIDED = { from: 20_250_410, to: 20_250_410, warmup: 20 };
const UNTIL_MS = Date.UTC(2025, 3, 10, 17);

let folder = '';
let frames = new Map<string, readonly Frame[]>();

const at = (name: string): string => path.join(folder, name);

function rowOf(bar: Bar): string {
  const prices = [bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks].map((ticks) => ticks / 4);
  return [new Date(bar.open_us / 1_000).toISOString(), ...prices, bar.volume].join(',');
}

async function planOf(name: string, override: unknown, gate: boolean): Promise<DataPlan> {
  const book = at(`${name}.yaml`);
  const models = { allow_synthetic: true };
  await writeFile(
    book,
    JSON.stringify({
      ...{ book: 'gate', symbols: [{ symbol: 'ES' }], policy: 'learned', known_time: 'event', models },
      evidence: { override },
    }),
  );
  const options = { data: [at('bars.csv')], symbol: ['ES'], ...DECIDED, book, models: at('models') };
  return filePlan({ ...options, ...(gate ? { gate: at('evidence.json') } : {}) });
}

async function framesOf(name: string, override: unknown): Promise<readonly Frame[]> {
  const seen: Frame[] = [];
  await runPlan(await planOf(name, override, true), {
    signal: new AbortController().signal,
    onFrame: (frame) => {
      seen.push(frame);
    },
  });
  return seen;
}

const framesIn = (name: string): readonly Frame[] => present(frames.get(name) ?? null, name);
const chosen = (name: string): number =>
  framesIn(name).filter(({ bandit }) => (bandit?.chosen ?? null) !== null).length;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw-gate-'));
  process.env['BW_MODEL_KEY_FOLDER'] = at('key');
  const rows = [...sampleBars()].filter(({ open_us }) => open_us < UNTIL_MS * 1_000).map(rowOf);
  await writeFile(at('bars.csv'), ['ts,open,high,low,close,volume', ...rows].join('\n'));
  const schema_hash = present(schemaSha256(60_000_000), 'the features of one-minute bars');
  await drawModels({ folder: at('models'), keyFolder: at('key'), schema_hash });
  frames = new Map([
    ['gate', await framesOf('gate', [])],
    ['arms', await framesOf('arms', STRATEGY_KEYS)],
  ]);
}, TIMEOUT_MS);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a book of market data', () => {
  it('without evidence chooses nothing, and its setups stand in the frames', () => {
    expect(chosen('gate')).toBe(0);
    const withheld = framesIn('gate').filter(({ bandit }) => (bandit?.withheld.length ?? 0) > 0);
    expect(withheld.length).toBeGreaterThan(0);
    for (const { bandit } of withheld)
      expect(bandit?.refused.map(({ reason }) => reason)).toContain(ReasonCode.ARM_UNPROVEN);
    const release = framesIn('gate').find(({ entry }) => entry?.release !== null)?.entry?.release;
    expect(evidenceLine(release?.config?.evidence ?? null)).toMatch(
      /proven: none; unproven, in shadow: regime_model/,
    );
  });

  it('with its arms overridden chooses, while models are asked and not used', () => {
    const own = framesIn('arms');
    expect(chosen('arms')).toBeGreaterThan(0);
    const regimes = own.filter(({ regime }) => regime?.model_reason === ReasonCode.MODEL_IN_SHADOW);
    expect(regimes.length).toBeGreaterThan(100);
    expect(regimes.every(({ regime }) => regime?.method === RegimeMethod.RULE)).toBe(true);
    const asked = new Set(own.flatMap(({ inferences }) => inferences.map(({ model }) => model)));
    expect([...asked].sort()).toEqual(['confidence_prediction', 'regime_classifier', 'rl_model']);
    const forecasts = own.filter(({ forecast }) => (forecast?.p_cloud ?? null) !== null);
    expect(forecasts.length).toBeGreaterThan(100);
    expect(forecasts.every(({ forecast }) => forecast?.p_final === null)).toBe(true);
    const candidates = own.flatMap(({ bandit }) => bandit?.candidates ?? []);
    expect(candidates.length).toBeGreaterThan(0);
    expect(candidates.every(({ confidence }) => confidence === null)).toBe(true);
  });

  it('with everything overridden is configured as without the gate, and says who decides without proof', async () => {
    const { evidence, ...all } = (await planOf('all', 'all', true)).settings.config;
    const { evidence: none, ...free } = (await planOf('free', [], false)).settings.config;
    expect(none).toBeNull();
    expect(all).toEqual(free);
    expect(evidence?.standings.every(mayDecide)).toBe(true);
    expect(evidenceLine(evidence)).toMatch(/OVERRIDDEN, deciding without proof: regime_model, .*S12$/);
  });

  it('that is made up has no gate', async () => {
    const plan = await samplePlan({ data: [], symbol: [], ...DECIDED, gate: at('evidence.json') });
    expect(plan.settings.config.evidence).toBeNull();
  });
});
