import { createHash } from 'node:crypto';
import { BookRun } from '@bellwether/backtest';
import type { BanditStageState } from '@bellwether/bandit';
import {
  CalibrationMethod,
  DataOrigin,
  PromotionCause,
  RegimeState,
  type Entry,
  type Frame,
  type ModelPromotion,
} from '@bellwether/contracts';
import { DecisionDigest, StageUnit, decodeSnapshot, encodeSnapshot, type Infer } from '@bellwether/host';
import { barEntry, nextRelease, promotionEntry, releaseEntry } from '@bellwether/ingestion';
import {
  FIRST_FRAME_HEAD,
  frameHead,
  hash32,
  openFrame,
  present,
  uniformSource,
  type FrameHead,
} from '@bellwether/kernel';
import { LINE, stageVersions } from '@bellwether/line';
import { sessionOf } from '@bellwether/market';
import { FEATURE_COUNT } from '@bellwether/model-slots';
import { worldBars } from '@bellwether/testkit';
import { edgeConfig } from './edge-world.js';
import { stateBytes } from './state-bytes.js';

export interface RebuildPlan {
  readonly seed: string;
  /** Sessions of one-minute bars; the first twenty warm up. */
  readonly sessions: number;
  /** Crashes of the rebuilding line, at drawn entries. */
  readonly restarts: number;
  readonly snapshotEvery: number;
}

/** What was learned in the run, and whether the journal gives it again. */
export interface RebuildResult {
  readonly entries: number;
  readonly restarts: number;
  /** Entries that were decided once more because of them. */
  readonly again: number;
  /** Rewards that the arms and the regressions, and the posteriors over the trunk of the end, hold. */
  readonly rewards: number;
  readonly trunk_rewards: number;
  readonly trunk: string;
  readonly state_bytes: number;
  readonly live: Digests;
  readonly rebuilt: Digests;
}

export interface Digests {
  /** Of all decisions. */
  readonly decisions: string;
  /** Of the states of all stages at the end. */
  readonly states: string;
}

const SYMBOL = 'ES';
const FIRST_TRADE_DATE = 20_240_103;
const STAMP = { source: 'rebuild', origin: DataOrigin.SYNTHETIC };
const TRUNK = 'strategy_selection';
const OUTPUTS = 76;
const WARMUP_SESSIONS = 20;
const BANDIT = LINE.findIndex(({ name }) => name === 'bandit');

/** Made-up trunks that answer by a formula of their hash and the inputs: the state is looked at, not what is chosen. */
const formula: Infer = (requests) =>
  requests.map(({ model, version, sha256, inputs }) => ({
    ...{ model, version, sha256 },
    outputs: Array.from({ length: OUTPUTS }, (_, i) =>
      Math.fround(Math.sin(hash32(sha256, i) + inputs[i % FEATURE_COUNT]!)),
    ),
  }));

function promotionOf(version: string, schema_hash: string): ModelPromotion {
  return {
    ...{ model: TRUNK, regime: RegimeState.UNSPECIFIED, version, schema_hash },
    sha256: createHash('sha256').update(version).digest('hex'),
    ...{ inputs: 2 * FEATURE_COUNT, outputs: OUTPUTS, trained_on_synthetic: true, trained_until_us: 0 },
    ...{ calibration: CalibrationMethod.IDENTITY, calibration_parameters: [] },
    ...{ cause: PromotionCause.PROMOTED, note: '' },
  };
}

/** A run with learning on: bars of a walk, a trunk once its features are known, another in the middle of what is decided. */
async function lived({ seed, sessions }: RebuildPlan, journal: Entry[]): Promise<BookRun> {
  const config = edgeConfig({ selection: 'neural_linear' });
  let schema = '';
  const run = new BookRun(config.book, LINE, formula, ({ entry, features }) => {
    if (entry !== null) journal.push(entry);
    schema = features?.vector?.schema_sha256 ?? schema;
  });
  const release = present(nextRelease({ config, stages: stageVersions(), latest: null }), 'a release');
  const { open_us } = present(sessionOf(FIRST_TRADE_DATE), 'the first session');
  await run.accept(releaseEntry(config.book, release, open_us, STAMP.origin));
  const world = { kind: 'random_walk', seed, symbol: SYMBOL, firstTradeDate: FIRST_TRADE_DATE } as const;
  const due = new Map([
    [WARMUP_SESSIONS, 'first'],
    [WARMUP_SESSIONS + Math.ceil((sessions - WARMUP_SESSIONS) / 2), 'second'],
  ]);
  let [before_us, session] = [0, 0];
  for (const { bar } of worldBars({ ...world, sessions })) {
    const pause = bar.open_us - before_us > bar.interval_us;
    before_us = bar.open_us;
    const version = pause ? due.get(session++) : undefined;
    if (version !== undefined) {
      const promoted = promotionEntry(config.book, promotionOf(version, schema), bar.open_us, STAMP.origin);
      await run.accept(promoted);
    }
    await run.accept(barEntry(config.book, bar, STAMP));
  }
  return run;
}

interface Held {
  readonly head: FrameHead;
  readonly states: readonly unknown[];
}

/** The line over a journal, thrown away and begun again from its last snapshot at drawn entries. */
class Rebuilding {
  readonly digest = new DecisionDigest();
  states: readonly unknown[];
  again = 0;
  private readonly unit = new StageUnit(LINE, formula);
  /** Decisions behind the last snapshot, by their place in the journal. */
  private readonly decided = new Map<number, Frame>();
  private head: FrameHead = FIRST_FRAME_HEAD;
  private saved: Uint8Array | null = null;

  constructor(private readonly journal: readonly Entry[]) {
    this.states = this.unit.initialStates();
  }

  async run(crashes: ReadonlySet<number>, snapshotEvery: number): Promise<void> {
    for (let i = 0; i < this.journal.length; i++) {
      const { frame, bytes } = await this.step(i, null);
      this.decided.set(i, frame);
      this.digest.add(bytes);
      if (this.head.seq % snapshotEvery === 0) {
        this.saved = encodeSnapshot(this.held());
        this.decided.clear();
      }
      if (crashes.has(i)) await this.restart();
    }
  }

  private held(): Held {
    return { head: this.head, states: this.states };
  }

  /** As the host does it: the last snapshot, then what is decided already with the recorded answers of models. */
  private async restart(): Promise<void> {
    const end = this.head.seq;
    const held = this.saved === null ? null : (decodeSnapshot(this.saved) as Held);
    this.head = held?.head ?? FIRST_FRAME_HEAD;
    this.states = held?.states ?? this.unit.initialStates();
    while (this.head.seq < end) {
      const i = this.head.seq;
      await this.step(i, this.decided.get(i) ?? null);
      this.again += 1;
    }
  }

  private async step(i: number, recorded: Frame | null) {
    const done = await this.unit.step(this.states, openFrame(this.head, this.journal[i]!), recorded);
    this.states = done.states;
    this.head = frameHead(done.frame);
    return done;
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Runs a book that learns, and rebuilds it from its journal in a line that is killed again and again. The same plan, the same result. */
export async function runRebuild(plan: RebuildPlan): Promise<RebuildResult> {
  const journal: Entry[] = [];
  const live = await lived(plan, journal);
  const uniform = uniformSource(`restarts|${plan.seed}`);
  const first = Math.floor(journal.length / 2);
  const crashes = new Set(
    Array.from({ length: plan.restarts }, () => first + Math.floor(uniform() * (journal.length - first))),
  );
  const rebuilding = new Rebuilding(journal);
  await rebuilding.run(crashes, plan.snapshotEvery);
  const bytes = stateBytes(live.states);
  const { arms, neural } = live.states[BANDIT] as BanditStageState;
  return {
    ...{ entries: journal.length, restarts: crashes.size, again: rebuilding.again },
    rewards: arms.reduce((sum, { count }) => sum + count, 0),
    trunk_rewards: neural?.trunk?.rewards ?? 0,
    trunk: neural?.trunk?.sha256 ?? '',
    state_bytes: bytes.length,
    live: { decisions: live.digest(), states: sha256(bytes) },
    rebuilt: { decisions: rebuilding.digest.hex(), states: sha256(stateBytes(rebuilding.states)) },
  };
}

export const trunkHash = (version: string): string => promotionOf(version, '').sha256;
