import { BellwetherError, type BookConfig } from '@bellwether/contracts';
import type { FrameReceiver } from '@bellwether/backtest';
import { REPORT_LIMITS, type BacktestReport, type ReportBody } from '@bellwether/backtest-report';
import { stageVersions } from '@bellwether/line';
import type { ResearchLog, RunResult } from '@bellwether/research';
import type { Variant, VariantParameter, WalkForwardFold } from '@bellwether/statistics';
import { dataLine, type DataMark, type MarkFinding } from '@bellwether/verdict';
import type { DataPlan } from '../data/data-plan.js';
import { ambiguityOf, runPlan } from './plan-run.js';
import { checkInSample } from './in-sample.js';
import { propFirmOf } from './prop-firm.js';
import { buildReport, configHash } from './report-builder.js';
import { judgedStatistics } from './research-figures.js';
import { foldsOf, walkForwardPart, type WalkForwardOptions } from './walk-forward.js';
import type { RunCollector } from './run-collector.js';
import { sessionsOf } from './walk-forward-models.js';

export interface BacktestRequest {
  readonly plan: DataPlan;
  readonly walk: WalkForwardOptions;
  /** Folds whose tests alone the plan runs, with models of their own; default: those of `walk`, inside the run. */
  readonly folds?: readonly WalkForwardFold[];
  /** Profit that passes an evaluation; null: the usual share of the balance. */
  readonly target_cents: number | null;
  readonly acceptVerdict: boolean;
  /** Models that were trained on what is tested are taken; the report says so. */
  readonly allowOverlap?: boolean;
  readonly log: ResearchLog;
  /** What it was told besides its book and data. */
  readonly parameters: readonly VariantParameter[];
  readonly signal: AbortSignal;
  readonly onFrame?: FrameReceiver;
}

export interface BacktestOutcome {
  readonly report: BacktestReport;
  readonly mark: DataMark;
  readonly run: RunCollector;
}

/** A variant of a sweep that is run alone later is the same trial. */
const KIND = 'backtest';

/** What a run is among all that was ever tried. `other`: a run of another kind, or of another configuration, on the same data. */
export function variantOf(
  { settings, options, references }: DataPlan,
  parameters: readonly VariantParameter[],
  other: { readonly kind: string; readonly config: BookConfig } = { kind: KIND, config: settings.config },
): Variant {
  const { from, to, warmup } = options;
  const range = `${from ?? ''}..${to ?? ''}`;
  return {
    kind: other.kind,
    configuration: configHash(other.config),
    data: references().map(
      ({ symbol, reference, sha256 }) => `${symbol}=${reference}@${sha256 ?? 'made'} ${range}`,
    ),
    logic: stageVersions().map(({ stage, logic_version }) => ({ stage, logic_version })),
    parameters: from === undefined ? parameters : [...parameters, { name: 'warmup', value: warmup }],
  };
}

function refuse(mark: DataMark, accepted: boolean): void {
  if (mark.result !== 'refuse' || accepted) return;
  throw new BellwetherError('data_refused', `${dataLine(mark)}. A backtest of it would say nothing`);
}

/**
 * A backtest from a plan to a report. The run is noted in the research log before it begins.
 *
 * @throws BellwetherError `data_refused`, `models_in_sample`, `usage` where the data are too short to walk forward, and those of the inputs; null
 *   where the signal ended it
 */
export async function backtestPlan(request: BacktestRequest): Promise<BacktestOutcome | null> {
  const { plan, walk, log, signal, parameters, onFrame } = request;
  const mark = await plan.mark();
  refuse(mark, request.acceptVerdict);
  const in_sample = [...(await checkInSample(plan, request.allowOverlap === true))];
  const walked = walk.train !== undefined || walk.test !== undefined || walk.validate !== undefined;
  const folds = request.folds ?? (walked ? foldsOf(await sessionsOf(plan), walk) : null);
  const started = await log.started(variantOf(plan, parameters));
  const made = await runPlan(plan, { signal, ...(onFrame === undefined ? {} : { onFrame }) });
  if (!made.finished) return null;
  const { collector: run, digest } = made;
  const ambiguity = await ambiguityOf(plan, run, signal);
  if (signal.aborted) return null;
  const days = run.days.days();
  const result: RunResult = {
    trade_dates: days.map(({ trade_date }) => trade_date),
    net_cents: days.map(({ net_cents }) => net_cents),
  };
  await log.finished(started, result);
  const history = await log.history();
  const { config } = plan.settings;
  const report = buildReport(run, config, {
    data: dataPart(plan, mark, await plan.findings()),
    references: [...plan.references()],
    digest,
    statistics: judgedStatistics({ history, variant_id: started.variant_id, result }),
    ambiguity,
    prop_firm: propFirmOf(config, days, request.target_cents),
    walk_forward: walkForwardPart(folds, days, walk.embargo),
    in_sample,
  });
  return { report, mark, run };
}

/** A message of a finding may name many stamps; its beginning says what it is. */
const shortened = (text: string): string =>
  text.length <= REPORT_LIMITS.text ? text : `${text.slice(0, REPORT_LIMITS.text - 1)}…`;

function dataPart(plan: DataPlan, mark: DataMark, findings: readonly MarkFinding[]): ReportBody['data'] {
  return {
    origin: plan.synthetic ? 'synthetic' : 'market',
    result: mark.result,
    reason: shortened(mark.reason),
    accepted: mark.result === 'refuse',
    findings: findings
      .slice(0, REPORT_LIMITS.findings)
      .map(({ code, level, message }) => ({ code, level, message: shortened(message) })),
  };
}
