import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { BellwetherError, type Frame } from '@bellwether/contracts';
import {
  checkData,
  filePlan,
  namesNoData,
  samplePlan,
  type DataOptions,
  type DataPlan,
} from '../data/data-plan.js';
import { UNGATED_PAST } from '@bellwether/evidence';
import { warnOfCalendar } from '../data/calendar-end.js';
import { inSampleLine, inSampleModels } from '../backtest/in-sample.js';
import { replayFolder } from '../folders.js';
import { shadowReplay, type ShadowReplay } from '../models/shadow-replay.js';
import { renderShadow } from '../models/shadow-text.js';
import { LINE } from '@bellwether/line';
import { showProgress, type Progress } from '../progress.js';
import type { FollowResult } from '../replay/follow.js';
import { replayInMemory } from '../replay/memory-replay.js';
import { drawTargets, killable } from '../replay/chaos.js';
import { replayOverNats, type NatsReplayResult } from '../replay/nats-replay.js';
import { renderProof } from '../replay/proof.js';
import { renderSummary } from '../replay/report.js';
import { RunOutput } from '../replay/run-output.js';

/** Decisions between two looks at the progress. */
const PROGRESS_EVERY = 256;

/** What a shell gives a program that Ctrl-C has ended. */
const INTERRUPTED_EXIT = 130;

export interface ReplayOptions extends DataOptions {
  readonly transport: 'memory' | 'nats';
  readonly out?: string;
  readonly killEachOnce?: boolean;
  readonly kills?: number;
  readonly seed?: string;
}

/** `bw replay`: the tables on standard output, the digest as the last line. */
export async function replay(options: ReplayOptions): Promise<void> {
  if (options.transport === 'memory' && (options.killEachOnce === true || options.kills !== undefined)) {
    throw new BellwetherError(
      'usage',
      '--kill-each-once and --kills need --transport nats: in memory there is one process',
    );
  }
  if (options.seed !== undefined && options.killEachOnce !== true && options.kills === undefined) {
    throw new BellwetherError('usage', '--seed is the seed of --kill-each-once or --kills');
  }
  checkData(options);
  const plan = namesNoData(options) ? await samplePlan(options) : await filePlan(options);
  process.stderr.write(`Replaying ${plan.title} as book ${plan.book} over ${options.transport}\n`);
  const started = performance.now();
  const stop = new AbortController();
  const end = (): void => {
    stop.abort();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  const shadow = await shadowReplay(plan.models);
  const output = await RunOutput.open(path.resolve(options.out ?? replayFolder(plan.book)));
  const reached = { us: 0 };
  const result = await run({ plan, options, output, shadow, signal: stop.signal, reached });
  process.off('SIGINT', end);
  process.off('SIGTERM', end);
  if (!result.finished) {
    process.stderr.write('Ended before the last decision; nothing was written as finished.\n');
    process.exitCode = INTERRUPTED_EXIT;
    return;
  }
  const wallMs = performance.now() - started;
  const data = await plan.mark();
  await output.close(result, data);
  warnOfCalendar(plan, reached.us);
  process.stdout.write(`${renderSummary(result.summary, wallMs, data)}\n\n${UNGATED_PAST}\n\n`);
  const inSample = inSampleLine(await inSampleModels(plan));
  if (inSample !== '') process.stdout.write(`${inSample}\n\n`);
  if (shadow !== null) process.stdout.write(`${renderShadow(shadow.state)}\n\n`);
  process.stdout.write(`decisions and trades in ${path.relative(process.cwd(), output.folder)}\n`);
  if ('audit' in result) process.stdout.write(`${renderProof(result)}\n`);
  process.stdout.write(`digest ${result.digest}\n`);
  if (!('expected' in result) || result.expected === null || result.expected === result.digest) return;
  throw new BellwetherError('diverged', `In memory the digest is ${result.expected}`);
}

/** A run over NATS, with the digest of the same run in memory where services were killed. */
interface ProvenResult extends NatsReplayResult {
  readonly expected: string | null;
}

interface Run {
  readonly plan: DataPlan;
  readonly options: ReplayOptions;
  readonly output: RunOutput;
  /** Challengers beside the run; null where nobody challenges. */
  readonly shadow: ShadowReplay | null;
  readonly signal: AbortSignal;
  /** Is told the book's time at each decision. */
  readonly reached: { us: number };
}

async function run(all: Run): Promise<FollowResult | ProvenResult> {
  const { plan, options, output, shadow, signal, reached } = all;
  let progress: Progress | null = null;
  let inputs = 0;
  let done = 0;
  const onStart = (count: number): void => {
    inputs = count;
    progress = showProgress('decisions', count);
  };
  const onFrame = (frame: Frame, bytes: Uint8Array): void | Promise<void> => {
    done += 1;
    reached.us = frame.book_time_us;
    // Fills and orders come on top of the inputs, so the count can pass the total by a little.
    if (done % PROGRESS_EVERY === 0) progress?.update(Math.min(done, inputs));
    const written = output.add(bytes) ?? undefined;
    return shadow === null ? written : Promise.all([written, shadow.next(frame)]).then(() => undefined);
  };
  try {
    if (options.transport === 'memory') return await replayInMemory(plan, onStart, onFrame, LINE, signal);
    const natsUrl = process.env['NATS_URL'] ?? null;
    const chosen = chaos(options, natsUrl === null);
    const expected = chosen.kill.length === 0 ? null : await digestInMemory(plan, signal);
    const result = await replayOverNats({ plan, ...chosen, natsUrl, signal, onStart, onFrame });
    return { ...result, expected };
  } finally {
    // The closure above sets it; the type checker does not follow that.
    (progress as Progress | null)?.end();
  }
}

/** What a run in which nothing dies comes to. */
async function digestInMemory(plan: DataPlan, signal: AbortSignal): Promise<string | null> {
  const { digest, finished } = await replayInMemory(plan, () => undefined, undefined, LINE, signal);
  if (finished) process.stderr.write(`In memory: digest ${digest}\n`);
  return finished ? digest : null;
}

function chaos(
  options: ReplayOptions,
  ownServer: boolean,
): Pick<Parameters<typeof replayOverNats>[0], 'kill' | 'seed' | 'onKill'> {
  const seed = options.seed ?? randomBytes(4).toString('hex');
  const targets = killable(ownServer);
  const kill = options.killEachOnce === true ? targets : drawTargets(options.kills ?? 0, seed, targets);
  if (kill.length > 0) process.stderr.write(`Killing ${kill.length} times by SIGKILL; seed ${seed}\n`);
  let n = 0;
  return {
    ...{ kill, seed },
    onKill: ({ target, afterFrames }) => {
      n += 1;
      process.stderr.write(`SIGKILL ${n} of ${kill.length}: ${target} after ${afterFrames} decisions\n`);
    },
  };
}
