// Goal: models that were trained on what is tested are refused with names, spans and what to do; where they are taken, every page and the
// digest say so. Method: the shipped models, which were trained on the sample, over the sample as a file of a user and as itself.
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { BellwetherError } from '@bellwether/contracts';
import { samplePlan, type DataPlan } from '../data/data-plan.js';
import { checkInSample, inSampleLine, inSampleModels } from './in-sample.js';

const DAY = { data: [], symbol: [], from: 20_250_410, to: 20_250_410, warmup: 2 };
const SHIPPED = ['confidence_prediction', 'regime_classifier', 'rl_model', 'strategy_selection'];
let plan: DataPlan;

beforeAll(async () => {
  plan = await samplePlan(DAY);
});

describe('models that were trained on what is tested', () => {
  it('are found by the end of their newest label, and are marked where the sample runs', async () => {
    const found = await checkInSample(plan, false);
    expect(found.map(({ model }) => model)).toEqual(SHIPPED);
    expect(inSampleLine(found)).toContain('IN SAMPLE: confidence_prediction');
    const [first] = found;
    expect(first?.trained_until_us).toBeGreaterThan(first?.tested_from_us ?? Infinity);
  });

  it('are refused over data of a user, with both spans, unless they are taken', async () => {
    const own: DataPlan = { ...plan, sources: ['ES=own.csv'] };
    const refusal: unknown = await checkInSample(own, false).catch((cause: unknown) => cause);
    expect(refusal).toMatchObject({ code: 'models_in_sample' });
    const { problems } = refusal as BellwetherError;
    expect(problems.map((one) => one.path)).toEqual(SHIPPED);
    expect(problems[1]?.message).toMatch(
      /trained on labels until 2025-04-11T\d\d:00Z, and the run decides from 2025-04-09T22:00Z on/,
    );
    expect(await checkInSample(own, true)).toHaveLength(SHIPPED.length);
  });

  it('are none under rules, where the data are of another kind, and where the tested days come later', async () => {
    expect(await inSampleModels(await samplePlan({ ...DAY, policy: 'rules' }))).toEqual([]);
    expect(await inSampleModels({ ...plan, synthetic: false })).toEqual([]);
    const promotions = plan.models.promotions.map((one) => ({ ...one, trained_until_us: 1 }));
    expect(await inSampleModels({ ...plan, models: { ...plan.models, promotions } })).toEqual([]);
  });
});
