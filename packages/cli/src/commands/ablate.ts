import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BellwetherError, STRATEGY_KEYS, type BookConfig, type BookFile } from '@bellwether/contracts';
import { inUse } from '@bellwether/evidence';
import { present } from '@bellwether/kernel';
import { ResearchLog, variantId } from '@bellwether/research';
import { dataLine } from '@bellwether/verdict';
import { ablationPage } from '../ablation/ablation-page.js';
import { ablationText, type AblationReport, type AbsentPart } from '../ablation/ablation-text.js';
import { judgeAblation, type JudgedComparison } from '../ablation/judge.js';
import { ACTING, MODEL_OF, PARTS, variantBook, type Part } from '../ablation/parts.js';
import { freshFor, staleAt, staleWhy, type AgedModel } from '../ablation/stale-models.js';
import { ablationOf, type AblationVariant } from '../ablation/variants.js';
import { variantOf } from '../backtest/backtest-run.js';
import { checkInSample, decidedFrom } from '../backtest/in-sample.js';
import { runSweep, type SweepVariant } from '../backtest/sweep-run.js';
import { planOf, sweepResult, type SweepResult, type SweepTask } from '../backtest/sweep-task.js';
import { checkData, type DataOptions, type DataPlan } from '../data/data-plan.js';
import { writeEvidence } from '../evidence/write-evidence.js';
import { evidenceFile, researchFolder } from '../folders.js';
import { showProgress } from '../progress.js';
import { whileRunning } from '../while-running.js';
import { ResultFile } from '../workers/result-file.js';

export interface AblateOptions extends DataOptions {
  readonly strategy: string;
  readonly part: readonly string[];
  readonly out: string;
  readonly jobs: number;
  readonly html?: string;
  readonly research?: string;
  /** Each strategy removed alone from all, too. */
  readonly arms?: boolean;
  /** File that the evidence is written to; true for the usual one. */
  readonly evidence?: string | true;
  readonly acceptVerdict?: boolean;
  readonly allowOverlap?: boolean;
}

const WORKER = new URL('../backtest/sweep-worker.js', import.meta.url);
const INTERRUPTED_EXIT = 130;

interface Runnable extends SweepVariant<SweepTask> {
  readonly own: AblationVariant;
  readonly config: BookConfig;
}

function partsNamed({ part, strategy }: AblateOptions): readonly Part[] {
  const unknown = part.filter((name) => !PARTS.some((one) => one === name));
  if (unknown.length > 0)
    throw new BellwetherError(
      'usage',
      `There is no part ${unknown.join(', ')}: expected ${PARTS.join(', ')}`,
    );
  if (!STRATEGY_KEYS.some((key) => key === strategy))
    throw new BellwetherError(
      'usage',
      `There is no strategy ${strategy}: expected ${STRATEGY_KEYS.join(', ')}`,
    );
  return PARTS.filter((one) => part.length === 0 || part.includes(one));
}

/** Parts whose model nobody has promoted, or whose models are all stale. The forecast has an online half, which needs none. */
function absentOf(
  parts: readonly Part[],
  { models }: DataPlan,
  stale: readonly AgedModel[],
): readonly AbsentPart[] {
  return parts.flatMap((part) => {
    const name = MODEL_OF[part];
    if (name === undefined || part === 'forecast') return [];
    const own = models.promotions.filter(({ model, version }) => model.startsWith(name) && version !== '');
    const old = stale.filter(({ model }) => model.startsWith(name));
    if (own.length > old.length) return [];
    if (own.length > 0) return [{ part, why: old.map(staleWhy).join('; ') }];
    return [
      {
        part,
        why: `no model ${name}${name.endsWith('/') ? '…' : ''} is promoted in the registry, so it cannot be looked at`,
      },
    ];
  });
}

function notesOf(
  parts: readonly Part[],
  { bookFile, models }: DataPlan,
  stale: readonly AgedModel[],
): readonly string[] {
  const given = bookFile.models ?? {};
  const acting = (['forecast_min', 'confidence_min'] as const).filter(
    (key) => (given[key] ?? 0) === 0 && parts.includes(key === 'forecast_min' ? 'forecast' : 'confidence'),
  );
  const network = models.promotions.some(({ model }) => model === MODEL_OF.forecast);
  return [
    ...acting.map((key) => `the book has ${key} 0, which never acts: ${ACTING[key]} was taken`),
    ...(parts.includes('forecast') && !network
      ? ['forecast: no network is promoted, the online half speaks alone']
      : []),
    ...stale.filter(({ model }) => parts.includes('forecast') && model === MODEL_OF.forecast).map(staleWhy),
  ];
}

/** A part that lets nothing through hides all that stands beside it. */
function silentNotes(judged: readonly JudgedComparison[]): readonly string[] {
  const all = judged.find(({ kind }) => kind === 'all');
  if (all === undefined || all.trades[0] > 0) return [];
  const silent = judged
    .filter(({ kind, trades }) => kind === 'added' && trades[0] === 0)
    .map(({ part }) => part ?? '');
  const who = silent.length === 0 ? '' : `; added alone none is left by ${silent.join(', ')}`;
  return [
    `all parts together made no trade, so that the rows of parts removed say nothing${who}: see the bounds of the book`,
  ];
}

/** Each variant with a book file of its own, which `bw backtest --book` takes too. */
async function runnables(
  options: AblateOptions,
  base: BookFile,
  variants: readonly AblationVariant[],
): Promise<readonly Runnable[]> {
  const folder = path.join(path.resolve(options.out), 'books');
  await mkdir(folder, { recursive: true });
  const made: Runnable[] = [];
  for (const [i, own] of variants.entries()) {
    const bookFile = variantBook(base, new Set(own.on), options.strategy, own);
    const book = path.join(folder, `${String(i + 1).padStart(2, '0')}.yaml`);
    // JSON is YAML.
    await writeFile(book, `${JSON.stringify(bookFile, null, 2)}\n`);
    const data = { ...dataOf(options), book };
    const plan = await planOf(data);
    const asked = plan.models.promotions.map(({ sha256 }) => sha256).join(',');
    const variant = variantOf(plan, asked === '' ? [] : [{ name: 'models', value: asked }]);
    made.push({ own, variant, task: { data }, config: plan.settings.config });
  }
  return made;
}

/** What a thread is told of the data: nothing of the command around them. */
function dataOf(options: AblateOptions): DataOptions {
  const { data, symbol, warmup, catalog, from, to, events, lexicon, models, unsignedModels } = options;
  const given = { catalog, from, to, events, lexicon, models, unsignedModels };
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  return { data, symbol, warmup, ...(Object.fromEntries(named) as Partial<DataOptions>) };
}

async function basePlan(options: AblateOptions): Promise<DataPlan> {
  checkData(options);
  const given = dataOf(options);
  const plan = await planOf({
    ...given,
    ...(options.book === undefined ? {} : { book: options.book }),
    policy: 'learned',
  });
  const mark = await plan.mark();
  process.stderr.write(`${dataLine(mark)}\n`);
  if (mark.result === 'refuse' && options.acceptVerdict !== true)
    throw new BellwetherError('data_refused', `${dataLine(mark)}. An ablation over it would say nothing`);
  return plan;
}

/** `bw ablate`: what each part of the system adds. */
export async function ablate(options: AblateOptions): Promise<void> {
  const named = partsNamed(options);
  const base = await basePlan(options);
  const in_sample = await checkInSample(base, options.allowOverlap === true);
  const stale = staleAt(base.models.promotions, freshFor(base), await decidedFrom(base));
  const absent = absentOf(named, base, stale);
  const parts = named.filter((part) => !absent.some((one) => one.part === part));
  const arms = options.arms === true ? armsInUse(base) : [];
  const { variants, comparisons } = ablationOf(parts, arms);
  const runs = await runnables(options, base.bookFile, variants);
  const folder = path.resolve(options.out);
  const file = await ResultFile.open(path.join(folder, 'results.jsonl'), sweepResult);
  const log = new ResearchLog({ folder: researchFolder(options.research ?? null) });
  const progress = showProgress('variants', runs.length);
  const onDone = (done: number): void => {
    progress.update(done);
  };
  const finished = await whileRunning(async (signal) => {
    await runSweep({ variants: runs, file, log, script: WORKER, jobs: options.jobs, signal, onDone });
    return !signal.aborted;
  }).finally(() => {
    progress.end();
  });
  if (!finished) {
    process.stderr.write('Ended before the last variant; the same command goes on.\n');
    process.exitCode = INTERRUPTED_EXIT;
    return;
  }
  const results = new Map<string, SweepResult>();
  for (const { own, variant } of runs) {
    const result = file.results.get(variantId(variant));
    if (result !== undefined) results.set(own.name, result);
  }
  const judged = judgeAblation(comparisons, results);
  const report: AblationReport = {
    ...{ title: base.title, synthetic: base.synthetic, mark: await base.mark(), in_sample },
    ...{
      fixed: options.strategy,
      parts,
      absent,
      notes: [...notesOf(parts, base, stale), ...silentNotes(judged)],
    },
    comparisons: judged,
    trials: (await log.history()).trials,
  };
  await writeFile(path.join(folder, 'ablation.json'), `${JSON.stringify(report, null, 1)}\n`);
  if (options.html !== undefined) await writeFile(path.resolve(options.html), ablationPage(report));
  process.stdout.write(`${ablationText(report)}\n`);
  if (options.evidence !== undefined) {
    const file = evidenceFile(options.evidence === true ? null : options.evidence);
    const written = await writeEvidence(file, { plan: base, config: allConfig(runs), report, results });
    process.stdout.write(`\n${written}\n`);
  }
}

/** The configuration with all parts: what is measured against. */
function allConfig(runs: readonly Runnable[]): BookConfig {
  const most = Math.max(...runs.map(({ own }) => own.on.length));
  const all = runs.find(({ own }) => own.on.length === most && !own.uniform && own.withoutArm === null);
  return present(all ?? null, 'the variant with all parts').config;
}

/** Arms that the book has on somewhere. */
function armsInUse({ settings }: DataPlan): readonly string[] {
  return inUse(settings.config).filter((name) => STRATEGY_KEYS.some((key) => key === name));
}
