import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Frame } from '@bellwether/contracts';
import { describeWithNats } from '@bellwether/testkit';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { samplePlan, type DataPlan } from '../data/data-plan.js';
import { NATS_SERVER, drawTargets, killable } from './chaos.js';
import { replayInMemory } from './memory-replay.js';
import { replayOverNats } from './nats-replay.js';
import { renderProof } from './proof.js';

const nothing = (): void => undefined;
/** Killed in every run, beside some that are drawn: the log, and what everything else stands on. */
const ALWAYS = ['audit', NATS_SERVER];
const DRAWN = 3;

/** Two sessions over NATS take tens of seconds: eleven processes share two cores, and each start takes its second. */
const TIMEOUT_MS = 600_000;

/** The sample's book with learning on: arms are chosen over the trunk of the registry, and each reward moves its posteriors. */
async function learningBook(folder: string): Promise<string> {
  const sample = new URL('../../../../config/books/sample.yaml', import.meta.url);
  const book = z.record(z.string(), z.unknown()).parse(parse(await readFile(sample, 'utf8')));
  const file = path.join(folder, 'book.yaml');
  await writeFile(file, stringify({ ...book, bandit: { selection: 'neural_linear', min_count: 0 } }));
  return file;
}

const twoSessions = async (folder: string): Promise<DataPlan> =>
  samplePlan({ data: [], symbol: [], from: 20_250_410, warmup: 60, book: await learningBook(folder) });

const TRUNK = 'strategy_selection';
/** Rewards that were put to the trunk at the end of their trades. */
const learnedIn = ({ portfolio, inferences }: Frame): boolean =>
  (portfolio?.closed.length ?? 0) > 0 && inferences.some(({ model }) => model === TRUNK);

/** Sizes that the shipped sizing agent had a say in. */
const sizedIn = ({ sizing }: Frame): boolean => (sizing?.cvar_agent?.multiplier ?? null) !== null;

describeWithNats('a replay over NATS, every service a process of its own', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw-learning-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it(
    'gives the digest of a replay in memory, and a whole audit log, also when anything is killed at random moments',
    async () => {
      const plan = await twoSessions(folder);
      let [learned, sized] = [0, 0];
      const inMemory = await replayInMemory(plan, nothing, (frame) => {
        if (learnedIn(frame)) learned += 1;
        if (sizedIn(frame)) sized += 1;
      });
      expect(learned).toBeGreaterThan(3);
      expect(sized).toBeGreaterThan(3);
      const seed = process.env['BW_KILL_SEED'] ?? String(Date.now());
      const kill = [...ALWAYS, ...drawTargets(DRAWN, seed, killable(true))];
      process.stdout.write(`killing ${kill.join(', ')} with seed ${seed} (repeat: BW_KILL_SEED=${seed})\n`);
      const overNats = await replayOverNats({
        plan,
        natsUrl: null,
        kill,
        seed,
        onStart: nothing,
        onKill: nothing,
        onFrame: undefined,
        signal: new AbortController().signal,
      });
      expect(overNats.kills.map(({ target }) => target).sort()).toEqual([...kill].sort());
      expect(overNats.summary).toEqual(inMemory.summary);
      expect(overNats.digest).toBe(inMemory.digest);
      const { audit } = overNats;
      expect(audit).toMatchObject({ ok: true, first_seq: 1, last_seq: inMemory.summary.frames });
      expect((audit?.frames ?? 0) + (audit?.idle_frames ?? 0)).toBe(inMemory.summary.frames);
      const proof = renderProof({ ...overNats, expected: inMemory.digest });
      expect(proof).toContain(`${kill.length} by SIGKILL: `);
      expect(proof).toContain('equal');
      expect(proof).toContain('audit log  verified');
    },
    TIMEOUT_MS,
  );
});
