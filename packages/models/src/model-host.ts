import { BellwetherError } from '@bellwether/contracts';
import { ModelUnavailable, type Infer } from '@bellwether/host';
import { assert, type InferenceOutput, type InferenceRequest } from '@bellwether/kernel';
import type { ModelStore } from './model-store.js';
import { OnnxSession } from './onnx-session.js';
import { checkFiles, type Trust } from './verification.js';

export interface ModelHostOptions {
  readonly store: ModelStore;
  readonly trust: Trust;
  /** Models that stay open. The one that was asked longest ago is released first, when nobody asks it. */
  readonly openMax?: number;
}

const OPEN_MAX = 16;

/** An open model and who is asking it. Released once it has been let go and the last question is answered. */
class Held {
  private asking = 0;
  private letGo = false;

  constructor(private readonly session: OnnxSession) {}

  async ask(rows: readonly Float32Array[]): Promise<readonly (readonly number[])[]> {
    this.asking += 1;
    try {
      return await this.session.run(rows);
    } finally {
      this.asking -= 1;
      if (this.letGo && this.asking === 0) await this.session.release();
    }
  }

  /** A session that is released while a question waits fails that question (learning.md section 3). */
  async release(): Promise<void> {
    assert(!this.letGo, 'A model is let go once');
    this.letGo = true;
    if (this.asking === 0) await this.session.release();
  }
}

/**
 * Answers the questions of stages. A question names the SHA-256 of its model, so which model decides is the stage's state
 * and not this object's: two versions may be open at a time, and a promotion needs no pause.
 */
export class ModelHost {
  /** By SHA-256; the one asked last stands last. */
  private readonly open = new Map<string, Promise<Held>>();
  private readonly openMax: number;
  private closed = false;

  constructor(private readonly options: ModelHostOptions) {
    this.openMax = options.openMax ?? OPEN_MAX;
  }

  /**
   * For `StageUnit`: rejects with {@link ModelUnavailable} where a model cannot be had, which stops the book, and with
   * another error where it answers with what is no number, which marks the stage.
   */
  readonly infer: Infer = async (requests) => {
    const answers: InferenceOutput[] = [];
    for (const request of requests) answers.push(await this.answer(request));
    return answers;
  };

  /** Many rows at once, in order: for a backtest that asks ahead. */
  async answerRows(
    { model, version, sha256 }: Omit<InferenceRequest, 'inputs'>,
    rows: readonly Float32Array[],
  ): Promise<readonly (readonly number[])[]> {
    const held = await this.held(model, version, sha256);
    return held.ask(rows);
  }

  private async answer({ model, version, sha256, inputs }: InferenceRequest): Promise<InferenceOutput> {
    const held = await this.held(model, version, sha256);
    const [outputs] = await held.ask([inputs]);
    if (outputs === undefined || !outputs.every(Number.isFinite)) {
      throw new BellwetherError('model_refused', `${model} ${version} answered with what is no number`);
    }
    return { model, version, sha256, outputs };
  }

  private held(model: string, version: string, sha256: string): Promise<Held> {
    assert(!this.closed, 'The model host is closed');
    const known = this.open.get(sha256);
    const opening = known ?? this.load(model, version, sha256);
    this.open.delete(sha256);
    this.open.set(sha256, opening);
    // What could not be opened is tried again at the next question: the file may have come meanwhile.
    if (known === undefined) opening.catch(() => this.open.delete(sha256));
    void this.shrink();
    return opening;
  }

  private async load(model: string, version: string, sha256: string): Promise<Held> {
    const what = `${model} ${version}`;
    try {
      const files = await this.options.store.files(model, version);
      if (files === null)
        throw new BellwetherError('model_unknown', `${what} is not in ${this.options.store.place}`);
      const checked = checkFiles(what, files, this.options.trust);
      if (checked.manifest.sha256 !== sha256) {
        throw new BellwetherError('model_refused', `${what} has other bytes than the journal names`);
      }
      return new Held(await OnnxSession.open(what, checked));
    } catch (cause) {
      throw new ModelUnavailable(what, cause);
    }
  }

  private async shrink(): Promise<void> {
    while (this.open.size > this.openMax) {
      const [oldest] = this.open;
      if (oldest === undefined) return;
      this.open.delete(oldest[0]);
      await oldest[1].then(
        (held) => held.release(),
        () => undefined,
      );
    }
  }

  /** Lets every model go; those that are being asked end with the last answer. */
  async close(): Promise<void> {
    this.closed = true;
    const opened = [...this.open.values()];
    this.open.clear();
    await Promise.all(
      opened.map((held) =>
        held.then(
          (one) => one.release(),
          () => undefined,
        ),
      ),
    );
  }
}
