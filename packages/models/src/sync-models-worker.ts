import { workerData, type MessagePort } from 'node:worker_threads';
import { OnnxSession } from './onnx-session.js';
import type { SyncAnswer, SyncQuestion } from './sync-models.js';
import type { CheckedModel } from './verification.js';

/** Answers one question after the other; see {@link SyncModels}. */

const { models, port, answered } = workerData as {
  readonly models: readonly CheckedModel[];
  readonly port: MessagePort;
  readonly answered: Int32Array;
};

const open = new Map<string, Promise<OnnxSession>>();

function sessionOf(sha256: string): Promise<OnnxSession> {
  const known = open.get(sha256);
  if (known !== undefined) return known;
  const model = models.find(({ manifest }) => manifest.sha256 === sha256);
  if (model === undefined) throw new Error('nobody has it here');
  const opening = OnnxSession.open(model.manifest.name, model);
  open.set(sha256, opening);
  return opening;
}

async function answer({ sha256, inputs }: SyncQuestion): Promise<SyncAnswer> {
  try {
    const [outputs] = await (await sessionOf(sha256)).run([inputs]);
    return { outputs: outputs ?? null, error: '' };
  } catch (cause) {
    return { outputs: null, error: cause instanceof Error ? cause.message : String(cause) };
  }
}

port.on('message', (question: SyncQuestion) => {
  void answer(question).then((said) => {
    port.postMessage(said);
    Atomics.store(answered, 0, 1);
    Atomics.notify(answered, 0);
  });
});
