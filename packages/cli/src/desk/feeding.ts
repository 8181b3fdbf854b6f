import type { Logger } from 'pino';
import type { Bus } from '@bellwether/bus';
import { DataOrigin, type BookConfig } from '@bellwether/contracts';
import { untilAborted } from '@bellwether/host';
import {
  appendInput,
  clockRuleOf,
  latestRelease,
  nextRelease,
  releaseEntry,
  runIngestion,
  runLiveClock,
} from '@bellwether/ingestion';
import { stageVersions } from '@bellwether/line';
import { REGISTRY_EVERY_MS, followRegistry, promoteAtStart } from '@bellwether/models';
import { inSampleLine, inSampleModels } from '../backtest/in-sample.js';
import { warnOfCalendar } from '../data/calendar-end.js';
import { measure, type DataPlan } from '../data/data-plan.js';
import type { PlanModels } from '../data/plan-models.js';
import { auditFolder } from '../folders.js';
import { showProgress } from '../progress.js';
import { followDecisions } from '../replay/follow.js';
import { renderAuditHead, renderSummary } from '../replay/report.js';
import type { EmbeddedAudit } from './embedded-audit.js';

export interface Feeding {
  readonly bus: Bus;
  readonly audit: EmbeddedAudit;
  /** Of the store. */
  readonly folder: string;
  readonly log: Logger;
}

/** Feeds bars of the past, shows how far it is, and prints the tables when the last decision is there. */
export async function feed(
  { bus, audit, folder, log }: Feeding,
  plan: DataPlan,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const { count, lastId } = await measure(plan.inputs(null));
  process.stdout.write(`Feeding ${plan.title}: ${count.toLocaleString('en-US')} inputs\n`);
  const progress = showProgress('decisions', count);
  const latest = await latestRelease(bus, plan.book);
  let done = 0;
  let end_us = 0;
  const following = followDecisions({
    ...{ bus, book: plan.book, lastId, inputs: plan.inputs(null), signal },
    onFrame: (frame) => {
      done += 1;
      end_us = frame.book_time_us;
      progress.update(Math.min(done, count));
    },
  });
  const ingestion = runIngestion({ bus, book: plan.book, inputs: plan.inputs(latest), signal });
  const [result, fed] = await Promise.all([following, ingestion]);
  progress.end();
  if (!result.finished) return;
  const wallMs = performance.now() - started;
  log.info({ ...fed }, 'fed');
  warnOfCalendar(plan, end_us);
  process.stdout.write(`\n${renderSummary(result.summary, wallMs, await plan.mark())}\n\n`);
  const inSample = inSampleLine(await inSampleModels(plan));
  if (inSample !== '') process.stdout.write(`${inSample}\n\n`);
  process.stdout.write(`digest ${result.digest}\n`);
  const head = await Promise.race([audit.covers(result.summary.frames), ended(signal)]);
  if (head !== null) process.stdout.write(`\n${renderAuditHead(head, auditFolder(folder))}\n`);
  const example = result.summary.trades[0]?.decision_id ?? `${plan.book}-${result.summary.frames}`;
  process.stdout.write(`\nTry: npx bw why ${example}\nStill serving; Ctrl-C ends it.\n`);
}

function ended(signal: AbortSignal): Promise<null> {
  return untilAborted(signal).then(() => null);
}

export interface LiveBook {
  readonly book: string;
  readonly config: BookConfig;
  readonly knownTime: 'receive' | 'event';
  readonly models: PlanModels;
}

/**
 * A live book: its release, then clock entries; bars come over `POST /v1/tick`. A book with `known_time: event` is fed
 * with the past over HTTP: this machine's clock has nothing to say in it.
 */
export async function live(
  bus: Bus,
  { book, config, knownTime, models }: LiveBook,
  nowUs: () => number,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const fromPast = knownTime === 'event';
  const release = nextRelease({ config, stages: stageVersions(), latest: await latestRelease(bus, book) });
  if (release !== null) {
    const at_us = fromPast ? 0 : nowUs();
    await appendInput({ bus, signal }, releaseEntry(book, release, at_us, DataOrigin.MARKET));
  }
  if (fromPast) await promoteAtStart(bus, book, models.promotions, signal);
  process.stdout.write('Live: send completed bars to POST /v1/tick. Ctrl-C ends it.\n');
  if (fromPast) return;
  const clock = runLiveClock({
    bus,
    book,
    rule: clockRuleOf(config),
    origin: DataOrigin.MARKET,
    nowUs,
    signal,
  });
  const { registry } = models;
  if (registry === null) return clock;
  const everyMs = REGISTRY_EVERY_MS;
  await Promise.all([clock, followRegistry({ bus, book, registry, nowUs, log, everyMs, signal })]);
}
