// Goal: nothing is called proven that is not, and what is not proven does not decide. Method: one entry that proves, changed in one thing at
// a time; the configuration of a book behind the gate.
import { describe, expect, it } from '@jest/globals';
import {
  BellwetherError,
  EvidenceStatus,
  Policy,
  Selection,
  bookConfigOf,
  mayDecide,
  type BookFile,
  type ModelPromotion,
} from '@bellwether/contracts';
import {
  NO_EVIDENCE,
  evidenceLine,
  gated,
  judged,
  parseEvidence,
  settingsOf,
  standingsOf,
  statusOf,
  withEvidence,
  type EvidenceEntry,
  type NewEvidence,
  type Situation,
} from './index.js';

const BOOK: BookFile = { book: 'es', symbols: [{ symbol: 'ES' }], policy: 'learned' };
const STAGES = ['regime', 'forecast', 'bandit', 'sizing'].map((stage) => ({ stage, logic_version: 3 }));
const NOW: Situation = { config: bookConfigOf(BOOK).config, stages: STAGES, promotions: [] };

const proof = (name = 'S2', changes: Partial<EvidenceEntry> = {}): EvidenceEntry => ({
  name,
  status: 'proven',
  why: '',
  numbers: {
    ...{ mean_usd: 12.5, low_usd: 4, high_usd: 21, p: 0.0005, p_adjusted: 0.01, comparisons: 33 },
    ...{ sessions: 400, trades_with: 300, trades_without: 200 },
  },
  data: {
    title: 'catalog:ES:1m',
    sources: [{ symbol: 'ES', reference: 'catalog:ES:1m', sha256: 'a' }],
    ...{ synthetic: false, in_sample: false, verdict: 'pass', from: 20_240_102, to: 20_250_801 },
  },
  run: {
    ...{ id: 'r1', command: 'bw ablate', times: 1, models: [], settings: settingsOf(name, NOW.config) },
    logic_versions: { regime: 3, forecast: 3, bandit: 3, sizing: 3 },
  },
  ...changes,
});
const GOOD = proof();
const numbers = (changes: Partial<EvidenceEntry['numbers']>): EvidenceEntry =>
  proof('S2', { numbers: { ...GOOD.numbers, ...changes } });
const data = (changes: Partial<EvidenceEntry['data']>): EvidenceEntry =>
  proof('S2', { data: { ...GOOD.data, ...changes } });
const run = (changes: Partial<EvidenceEntry['run']>): EvidenceEntry =>
  proof('S2', { run: { ...GOOD.run, ...changes } });

describe('the rule', () => {
  it.each<[string, EvidenceEntry, string]>([
    ['a gain told apart on unseen market data', GOOD, 'proven'],
    ['made-up data', data({ synthetic: true }), 'unproven'],
    ['days that its models knew', data({ in_sample: true }), 'unproven'],
    ['refused data', data({ verdict: 'refuse' }), 'unproven'],
    ['a gain not told apart', numbers({ p_adjusted: 0.06 }), 'unproven'],
    ['a gain asked for so often that chance finds one', run({ times: 6 }), 'unproven'],
    ['too few sessions', numbers({ sessions: 249 }), 'unproven'],
    ['a gain by standing aside', numbers({ trades_with: 0 }), 'unproven'],
    ['too few trades with it', numbers({ trades_with: 49 }), 'unproven'],
    ['nothing measured', numbers({ p_adjusted: null, mean_usd: null }), 'unproven'],
    ['a loss told apart', numbers({ mean_usd: -3 }), 'rejected'],
    ['a loss not told apart', numbers({ mean_usd: -3, p_adjusted: 0.2 }), 'unproven'],
    [
      'a loss on made-up data',
      proof('S2', { numbers: { ...GOOD.numbers, mean_usd: -3 }, data: { ...GOOD.data, synthetic: true } }),
      'unproven',
    ],
  ])('%s', (_what, entry, status) => {
    const said = judged(entry);
    expect(said.status).toBe(status);
    expect(said.why).toContain('USD a day');
  });
});

describe('evidence of another book', () => {
  const of = (entry: EvidenceEntry, now: Partial<Situation> = {}) =>
    statusOf(entry.name, { ...NO_EVIDENCE, entries: [entry] }, { ...NOW, ...now });
  const promotion = { model: 'regime_classifier', regime: 0, version: '2', sha256: 'f' } as ModelPromotion;

  it('counts as long as nothing has changed', () => {
    expect(of(GOOD)).toMatchObject({ status: 'proven' });
    expect(of(proof('regime_model'))).toMatchObject({ status: 'proven' });
  });

  it.each<[string, EvidenceEntry, Partial<Situation>, RegExp]>([
    [
      'the logic of its stage',
      GOOD,
      { stages: [{ stage: 'bandit', logic_version: 4 }] },
      /logic version 3 and has 4/,
    ],
    ['the model', proof('regime_model'), { promotions: [promotion] }, /another model/],
    [
      'its settings',
      GOOD,
      { config: bookConfigOf({ ...BOOK, strategies: { S2: { all: { tp1_r: 2 } } } }).config },
      /settings/,
    ],
    [
      'the index',
      GOOD,
      { config: bookConfigOf({ ...BOOK, symbols: [{ symbol: 'NQ' }] }).config },
      /nothing was measured in NQ/,
    ],
  ])('is stale when %s has changed', (_what, entry, now, why) => {
    const said = of(entry, now);
    expect(said.status).toBe('unproven');
    expect(said.why).toMatch(why);
  });

  it('of a choice rests on the trunk where it is over one, and only there', () => {
    const trunk = { ...promotion, model: 'strategy_selection' };
    expect(of(proof('bandit'), { promotions: [trunk] })).toMatchObject({ status: 'proven' });
    const { config } = bookConfigOf({ ...BOOK, bandit: { selection: 'neural_linear' } });
    const entry = proof('bandit', { run: { ...GOOD.run, settings: settingsOf('bandit', config) } });
    expect(of(entry, { config })).toMatchObject({ status: 'proven' });
    expect(of(entry, { config, promotions: [trunk] })).toMatchObject({ status: 'unproven' });
  });

  it('still counts when the logic of another stage, or the model of another part, has changed', () => {
    const stages = STAGES.map((one) => (one.stage === 'sizing' ? { ...one, logic_version: 9 } : one));
    expect(of(GOOD, { stages, promotions: [promotion] })).toMatchObject({ status: 'proven' });
    expect(
      of(GOOD, { config: bookConfigOf({ ...BOOK, symbols: [{ symbol: 'MES' }] }).config }),
    ).toMatchObject({
      status: 'proven',
    });
  });
});

describe('a book behind the gate', () => {
  const request = (entries: readonly EvidenceEntry[], overridden: readonly string[] = []) => ({
    ...NOW,
    overridden,
    evidence: { ...NO_EVIDENCE, entries: [...entries] },
  });

  it('without evidence has everything in shadow', () => {
    const { evidence, models, bandit } = gated({ ...NOW, overridden: [], evidence: null });
    expect(evidence?.standings.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'regime_model',
        'forecast',
        'confidence',
        'sizing_agent',
        'bandit',
        'S1',
        'S2',
      ]),
    );
    expect(evidence?.standings.some(mayDecide)).toBe(false);
    expect(models).toMatchObject({
      ...{ regime_shadow: true, forecast_shadow: true, confidence_shadow: true, sizing_shadow: true },
    });
    expect(bandit?.selection).toBe(Selection.UNIFORM);
  });

  it('lets the proven and the overridden decide, and says of each why', () => {
    const config = gated(request([GOOD, proof('forecast')], ['bandit']));
    const by = new Map((config.evidence?.standings ?? []).map((one) => [one.name, one]));
    expect(by.get('S2')).toMatchObject({ status: EvidenceStatus.PROVEN, overridden: false });
    expect(by.get('bandit')).toMatchObject({ status: EvidenceStatus.UNPROVEN, overridden: true });
    expect(by.get('S3')).toMatchObject({ status: EvidenceStatus.UNPROVEN, why: 'no evidence' });
    expect(config.models).toMatchObject({ forecast_shadow: false, regime_shadow: true });
    expect(config.bandit?.selection).toBe(Selection.UCB1);
    const line = evidenceLine(config.evidence);
    expect(line).toMatch(/proven: forecast, S2; unproven, in shadow: regime_model/);
    expect(line).toMatch(/deciding without proof: bandit$/);
  });

  it('knows under rules of no model, and of no arm that is off', () => {
    const config = bookConfigOf({
      ...BOOK,
      policy: 'rules',
      strategies: { S4: { all: { on: false } } },
    }).config;
    const names = standingsOf({ ...NOW, config, overridden: [], evidence: null }).map(({ name }) => name);
    expect(names).not.toEqual(expect.arrayContaining(['forecast']));
    expect(names).not.toContain('S4');
    expect(names).toContain('bandit');
    expect(
      gated({ ...NOW, config: { ...config, policy: Policy.RULES }, overridden: [], evidence: null }).models,
    ).toEqual({
      ...config.models,
      ...{ regime_shadow: false, forecast_shadow: false, confidence_shadow: false, sizing_shadow: false },
    });
  });
});

describe('an evidence file', () => {
  const made = (changes: Partial<NewEvidence> = {}, id = 'r1'): NewEvidence => {
    const { times: _, ...own } = GOOD.run;
    return { name: 'S2', numbers: GOOD.numbers, data: GOOD.data, run: { ...own, id }, ...changes };
  };

  it('counts the runs that looked at a name, the same run once', () => {
    let file = withEvidence(NO_EVIDENCE, [made()]);
    expect(file.entries).toMatchObject([{ status: 'proven', run: { times: 1 } }]);
    file = withEvidence(withEvidence(file, [made()]), [made({}, 'r2')]);
    expect(file.entries).toMatchObject([{ status: 'proven', run: { id: 'r2', times: 2 } }]);
  });

  it('is not displaced by what proves nothing', () => {
    const file = withEvidence(NO_EVIDENCE, [made()]);
    const worse = made({ data: { ...GOOD.data, synthetic: true } }, 'r2');
    expect(withEvidence(file, [worse])).toEqual(file);
    expect(withEvidence(NO_EVIDENCE, [worse]).entries).toMatchObject(
      [{ status: 'unproven', why: /made-up/ }].map(({ status }) => ({ status })),
    );
  });

  it('is read back as written, and refused with unknown keys, names and numbers', () => {
    const file = withEvidence(NO_EVIDENCE, [made()]);
    expect(parseEvidence(JSON.parse(JSON.stringify(file)), 'evidence.json')).toEqual(file);
    const entry = file.entries[0]!;
    for (const wrong of [
      { ...file, more: 1 },
      { ...file, format: 2 },
      { ...file, entries: [{ ...entry, more: 1 }] },
      { ...file, entries: [{ ...entry, name: 'S13' }] },
      { ...file, entries: [{ ...entry, numbers: { ...entry.numbers, p_adjusted: 2 } }] },
      { ...file, entries: [{ ...entry, run: { ...entry.run, times: 0 } }] },
    ])
      expect(() => parseEvidence(wrong, 'evidence.json')).toThrow(BellwetherError);
  });

  it('cannot be talked into a proof: what its numbers do not give is judged anew', () => {
    const file = parseEvidence(
      { ...NO_EVIDENCE, entries: [{ ...numbers({ p_adjusted: 0.5 }), status: 'proven' }] },
      'evidence.json',
    );
    expect(statusOf('S2', file, NOW).status).toBe('unproven');
  });
});
