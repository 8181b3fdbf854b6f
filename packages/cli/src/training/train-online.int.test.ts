/**
 * Goal: the agent that learns from audited decisions is trained from an audit log on disk, kept signed, and takes its empty place; logs that
 * say too little are refused. Method: logs written as the audit service writes them, of made-up decisions in which small sizes lose less.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ONLINE_AGENT } from '@bellwether/agent-training';
import { AuditLog, auditKeyOf, newPrivatePem, nodeAuditFiles } from '@bellwether/audit';
import { encodeFrame, type Frame } from '@bellwether/contracts';
import { present, uniformSource } from '@bellwether/kernel';
import { sizingInputs } from '@bellwether/model-slots';
import { ModelHost, ModelRegistry, folderStore, slotNamed } from '@bellwether/models';
import { loadOrCreateKey, readPublicKey, type SigningKey } from '@bellwether/signing';
import {
  A_TRADE_DATE,
  aBookConfig,
  aFrame,
  aPortfolioPart,
  aReleaseEntry,
  aSizingObservation,
  aSizingPart,
  anAccount,
} from '@bellwether/testkit';
import { trainOnline, type OnlineTraining } from './train-online.js';

const R_CENTS = 50_000;
const SESSIONS = 12;
const SIZES = 30;
const SEEN = aSizingObservation();

/** Each size loses as many R as its multiplier says. */
function decisions(multiplierOf: (uniform: number) => number, sessions = SESSIONS): readonly Frame[] {
  const uniform = uniformSource('audited sizes');
  const release = aReleaseEntry(aBookConfig({ risk_per_trade_cents: R_CENTS }));
  const frames: Frame[] = [aFrame({ seq: 1, entry: release })];
  let equity_cents = 5_000_000;
  for (let i = 0; i < sessions * SIZES; i++) {
    const trade_date = A_TRADE_DATE + Math.floor(i / SIZES);
    const multiplier = multiplierOf(uniform());
    const day = { trade_date, realised_cents: 0, open_pnl_cents: 0, fees_cents: 0, pnl_cents: 0 };
    const portfolio = aPortfolioPart({ day, account: anAccount({ equity_cents }) });
    const sizing = aSizingPart({ observation: SEEN, multiplier });
    frames.push(aFrame({ seq: frames.length + 1, portfolio, sizing }));
    equity_cents -= Math.round(multiplier * R_CENTS);
    const after = aPortfolioPart({ day, account: anAccount({ equity_cents }) });
    frames.push(aFrame({ seq: frames.length + 1, portfolio: after }));
  }
  return frames;
}

describe('training from an audit log', () => {
  let folder = '';
  let key: SigningKey;
  let registry: ModelRegistry;
  const at = (name: string): string => path.join(folder, name);

  async function write(audit: string, book: string, frames: readonly Frame[]): Promise<void> {
    const files = nodeAuditFiles(at(audit));
    const log = await AuditLog.open({ files, book, key: auditKeyOf(newPrivatePem()) });
    for (const frame of frames) {
      log.append(encodeFrame(frame), { seq: frame.seq, received_us: 1, latency_us: null, idle: false });
    }
    await log.commit(1);
    await log.close();
    await files.close();
  }

  const training = (audit: string, changes: Partial<OnlineTraining> = {}): OnlineTraining => ({
    ...{ registry, key, audit: at(audit), book: null, lessons: 300, seed: '1' },
    ...{ command: 'bw train rl/sac_agent', again: false, challenge: false },
    ...changes,
  });

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw-online-'));
    key = await loadOrCreateKey(at('key'), 'model-key');
    const trust = { keys: [readPublicKey(key.publicPem)], unsigned: false };
    registry = new ModelRegistry(folderStore(at('models')), trust);
    await write(
      'audit',
      'sized',
      decisions((uniform) => 0.1 + 1.9 * uniform),
    );
    await write(
      'alike',
      'plain',
      decisions(() => 1, 3),
    );
    await write(
      'alike',
      'another',
      decisions(() => 1, 3),
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('keeps an agent that learned from it, champion of its empty place, and does not train it twice', async () => {
    const done = present(await trainOnline(training('audit')), 'an agent');
    const { facts, card } = done.trained;
    // The session of the last one has not ended in the log.
    expect(card).toContain(`Audit log of sized: ${SESSIONS * SIZES - 1} sizes of ${SESSIONS} sessions`);
    expect(facts.name).toBe(ONLINE_AGENT);
    const { version } = facts;
    expect(slotNamed(await registry.state(), ONLINE_AGENT)?.champion).toBe(version);

    const trust = { keys: [readPublicKey(key.publicPem)], unsigned: false };
    const host = new ModelHost({ store: registry.store, trust });
    const inputs = sizingInputs(SEEN);
    const [answer] = await host.infer([{ model: ONLINE_AGENT, version, sha256: done.sha256, inputs }]);
    await host.close();
    // Where each R of size loses one, the least is best; without learning it says 1.05.
    expect(present(answer, 'an answer').outputs[0]).toBeLessThan(0.9);

    expect(await trainOnline(training('audit'))).toBeNull();
    const again = present(await trainOnline(training('audit', { again: true })), 'the same agent');
    expect(again.sha256).toBe(done.sha256);
  });

  it('refuses what says too little of sizes, a log that is not there, and one of several books without a name', async () => {
    await expect(trainOnline(training('alike', { book: 'plain' }))).rejects.toMatchObject({
      code: 'sizing_log_thin',
      message: expect.stringMatching(
        /89 sizes.*expected 300; 3 sessions.*; multipliers deviate by 0.000/,
      ) as unknown,
    });
    await expect(trainOnline(training('alike'))).rejects.toThrow(/--of-book: another, plain/);
    await expect(trainOnline(training('alike', { book: 'nobody' }))).rejects.toThrow(
      /no audit log of nobody/,
    );
    await expect(trainOnline(training('nowhere'))).rejects.toMatchObject({ code: 'audit_missing' });
    const { versions } = present(slotNamed(await registry.state(), ONLINE_AGENT) ?? null, 'the place');
    expect(versions).toHaveLength(1);
  });
});
