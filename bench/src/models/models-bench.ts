import path from 'node:path';
import { runBacktest, type AnswerRows } from '@bellwether/backtest';
import { PromotionCause, type ModelPromotion } from '@bellwether/contracts';
import { noModels } from '@bellwether/host';
import { LINE } from '@bellwether/line';
import { ModelHost, ModelRegistry, folderStore, promotionFor, slotOf, trustedKeys, widthOf } from '@bellwether/models';
import type { Manifest } from '@bellwether/models';
import { check, type BenchReport, type Progress, type Scale } from '../bench.js';
import { learnedCase, syntheticCase, type BenchCase } from '../cases.js';
import { WORKSPACE } from '../environment.js';
import { median, percentile, table, whole } from '../figures.js';
import { timed } from '../timing.js';

const BATCH = 256;

interface Desk {
  readonly host: ModelHost;
  readonly manifests: readonly Manifest[];
}

/** The shipped models: trained on the synthetic sample, of the size that a desk has. */
async function desk(): Promise<Desk> {
  const store = folderStore(path.join(WORKSPACE, 'models'));
  const trust = { keys: await trustedKeys(path.join(WORKSPACE, 'config/model-keys')), unsigned: false };
  const registry = new ModelRegistry(store, trust);
  const { slots } = await registry.state();
  const manifests: Manifest[] = [];
  for (const { name, regime, champion } of slots) {
    if (champion !== null) manifests.push(await registry.verified(slotOf(name, regime), champion));
  }
  return { host: new ModelHost({ store, trust }), manifests };
}

interface Latency {
  readonly model: string;
  readonly p50_us: number;
  readonly p99_us: number;
  /** A row among {@link BATCH}. */
  readonly batched_us: number;
}

async function latencyOf({ host }: Desk, manifest: Manifest, asks: number): Promise<Latency> {
  const { name, regime, version, sha256 } = manifest;
  const asked = { model: slotOf(name, regime), version, sha256 };
  const width = widthOf(manifest.inputs);
  const rows = Array.from({ length: BATCH }, (_, i) =>
    Float32Array.from({ length: width }, (__, k) => (k < width / 2 ? Math.sin(i + k) : 1)),
  );
  const together = await host.answerRows(asked, rows);
  const times: number[] = [];
  for (let i = 0; i < asks; i++) {
    const from = performance.now();
    const [answer] = await host.infer([{ ...asked, inputs: rows[i % BATCH]! }]);
    times.push(1_000 * (performance.now() - from));
    const same = answer?.outputs.every((value, k) => value === together[i % BATCH]![k]) === true;
    check(same, `${name}: A row alone and among many has the same answer`);
  }
  const batches: number[] = [];
  for (let i = 0; i < Math.max(3, asks / BATCH); i++) {
    const from = performance.now();
    await host.answerRows(asked, rows);
    batches.push((1_000 * (performance.now() - from)) / BATCH);
  }
  return {
    model: asked.model,
    p50_us: percentile(times, 0.5),
    p99_us: percentile(times, 0.99),
    batched_us: median(batches),
  };
}

interface Way {
  readonly way: string;
  readonly bars_per_s: number;
  readonly bars_per_cpu_s: number;
  readonly digest: string;
  /** Answers in the decisions, by model. */
  readonly answers: ReadonlyMap<string, number>;
}

async function wayOf(
  way: string,
  of: BenchCase,
  host: ModelHost | null,
  answerRows: AnswerRows | null,
): Promise<Way> {
  let digest = '';
  const answers = new Map<string, number>();
  const { ms, cpu_ms } = await timed(async () => {
    const result = await runBacktest({
      ...{ book: of.book, stages: LINE, infer: host?.infer ?? noModels, inputs: of.batches(), answerRows },
      signal: new AbortController().signal,
      onFrame: ({ inferences }) => {
        for (const { model } of inferences) answers.set(model, (answers.get(model) ?? 0) + 1);
      },
    });
    ({ digest } = result);
  });
  return {
    ...{ way, digest, answers },
    ...{ bars_per_s: (1_000 * of.bars) / ms, bars_per_cpu_s: (1_000 * of.bars) / cpu_ms },
  };
}

const RULES = 'rules, no model';
const SINGLY = 'all models, asked one by one';
const AHEAD = 'all models, the market asked ahead';
const EVERYTHING = 'the same, with arms over the trunk (neural_linear)';
/** Asked for each choice and each size, not ahead: they must have been, or the line was not all of it. Nothing is chosen in the first sessions. */
const AT_CHOICES = ['strategy_selection', 'rl/cvar_ppo_agent'] as const;

/** One round of each way, after what must be equal and what must not. */
async function roundOf(cases: Readonly<Record<'rules' | 'learned' | 'all', BenchCase>>, host: ModelHost,
  chooses: boolean,
): Promise<readonly Way[]> {
  const rows: AnswerRows = (model, inputs) => host.answerRows(model, inputs);
  const [rules, singly, ahead, all] = [
    await wayOf(RULES, cases.rules, null, null),
    await wayOf(SINGLY, cases.learned, host, null),
    await wayOf(AHEAD, cases.learned, host, rows),
    await wayOf(EVERYTHING, cases.all, host, rows),
  ];
  check(singly.digest === ahead.digest, 'Asked ahead the line comes to the same digest');
  check(rules.digest !== singly.digest, 'The models change what is decided');
  check(ahead.digest !== all.digest, 'The trunk changes what is decided');
  for (const model of chooses ? AT_CHOICES : []) {
    // The first answer is that at its promotion.
    check((all.answers.get(model) ?? 0) > 1, `With everything on ${model} answers for choices or sizes`);
  }
  return [rules, singly, ahead, all];
}

/** One question to each model, and the line with all of them: asked one by one, asked ahead, and with everything on. */
export async function modelsBench(scale: Scale, progress: Progress): Promise<BenchReport> {
  const full = scale === 'full';
  const own = await desk();
  const latencies: Latency[] = [];
  for (const manifest of own.manifests) {
    progress(`latency of ${manifest.name}`);
    latencies.push(await latencyOf(own, manifest, full ? 10_000 : 200));
  }
  const sessions = full ? 30 : 1;
  const rules = syntheticCase(sessions);
  const promotions: ModelPromotion[] = own.manifests.map((manifest) =>
    promotionFor(manifest, PromotionCause.START, ''),
  );
  const learned = learnedCase(sessions, promotions);
  const all = learnedCase(sessions, promotions, { selection: 'neural_linear', min_count: 0 });
  const rounds = full ? 5 : 1;
  const runs = new Map<string, Way[]>([RULES, SINGLY, AHEAD, EVERYTHING].map((way) => [way, []]));
  for (let round = 0; round <= rounds; round++) {
    progress(`line, round ${round} of ${rounds}`);
    const made = await roundOf({ rules, learned, all }, own.host, full);
    // The first round is for the compiler.
    if (round > 0) for (const way of made) runs.get(way.way)?.push(way);
  }
  await own.host.close();
  return reportOf(latencies, runs, rules.bars, full);
}

function reportOf(
  latencies: readonly Latency[],
  runs: ReadonlyMap<string, readonly Way[]>,
  bars: number,
  chooses: boolean,
): BenchReport {
  const ways = [...runs].map(([way, own]) => ({
    way,
    bars_per_s: median(own.map(({ bars_per_s }) => bars_per_s)),
    bars_per_cpu_s: median(own.map(({ bars_per_cpu_s }) => bars_per_cpu_s)),
  }));
  const ratio = (ways[2]?.bars_per_s ?? NaN) / (ways[1]?.bars_per_s ?? NaN);
  return {
    title: 'Models: one question, and the line with all of them',
    checked: [
      'every model verifies: hashes, signature, golden rows',
      `a row alone and among ${BATCH} has the same answer in every bit`,
      'the learned line asked one by one and asked ahead come to the same digest, in every round',
      ...(chooses ? ['with everything on the trunk answers for choices and the sizing agent for sizes'] : []),
    ],
    lines: [
      ...table(
        ['model', 'p50, µs', 'p99, µs', `a row of ${BATCH}, µs`],
        latencies.map(({ model, p50_us, p99_us, batched_us }) => [
          ...[model, p50_us.toFixed(1), p99_us.toFixed(1), batched_us.toFixed(2)],
        ]),
      ),
      '',
      `${whole(bars)} made-up bars`,
      '',
      ...table(
        ['line', 'bars/s', 'bars/CPU-s'],
        ways.map(({ way, bars_per_s, bars_per_cpu_s }) => [way, whole(bars_per_s), whole(bars_per_cpu_s)]),
      ),
      '',
      `asked ahead ${ratio.toFixed(2)} times as fast as one by one`,
    ],
    figures: { bars, latencies, ways, ratio },
  };
}
