import { InferenceSession, Tensor } from 'onnxruntime-node';
import { assert } from '@bellwether/kernel';
import { widthOf, type Golden, type TensorShape } from './manifest.js';
import { modelRefused, type CheckedModel, type ModelProblem } from './verification.js';

const ABSOLUTE = 1e-5;
const RELATIVE = 1e-5;

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/**
 * A model that answered its golden rows and may be asked. One thread, nodes in order: the same bytes on the same kind of
 * processor whatever the batch (learning.md section 3).
 */
export class OnnxSession {
  private constructor(
    private readonly session: InferenceSession,
    private readonly inputs: readonly TensorShape[],
    private readonly outputs: readonly TensorShape[],
  ) {}

  /**
   * Creates the session and puts the golden rows to it.
   *
   * @throws BellwetherError `model_refused`: `graph`, `schema`, `answers`, `not_finite`
   */
  static async open(what: string, { manifest, golden, onnx }: CheckedModel): Promise<OnnxSession> {
    let session: InferenceSession;
    try {
      session = await InferenceSession.create(onnx, {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
      });
    } catch (cause) {
      throw modelRefused(what, [['graph', `ONNX Runtime refuses it: ${String(cause)}`.slice(0, 300)]]);
    }
    const opened = new OnnxSession(session, manifest.inputs, manifest.outputs);
    try {
      const problems = [...opened.shapeProblems()];
      if (problems.length === 0) problems.push(...(await opened.goldenProblems(golden.rows)));
      if (problems.length > 0) throw modelRefused(what, problems);
      return opened;
    } catch (cause) {
      await session.release();
      throw cause;
    }
  }

  /** What a graph says of rows, for its golden file. Nothing is checked: only who makes a model may use it. */
  static async unverified(
    onnx: Uint8Array,
    inputs: readonly TensorShape[],
    outputs: readonly TensorShape[],
    rows: readonly Float32Array[],
  ): Promise<Golden> {
    const session = await InferenceSession.create(onnx, { intraOpNumThreads: 1 });
    const answers = await new OnnxSession(session, inputs, outputs).run(rows);
    await session.release();
    return { rows: rows.map((row, i) => ({ inputs: Array.from(row), outputs: [...answers[i]!] })) };
  }

  /**
   * Answers rows of inputs, row-major; the tensors of a row stand one after the other as in the manifest. Each answer has
   * the numbers of all outputs, in the manifest's order.
   */
  async run(rows: readonly Float32Array[]): Promise<readonly (readonly number[])[]> {
    // ONNX Runtime 1.30.0 ends the whole process where a recurrent graph is run with no row.
    if (rows.length === 0) return [];
    const feeds: Record<string, Tensor> = {};
    let offset = 0;
    for (const { name, shape } of this.inputs) {
      const size = sizeOf(shape);
      const data = new Float32Array(rows.length * size);
      rows.forEach((row, i) => data.set(row.subarray(offset, offset + size), i * size));
      feeds[name] = new Tensor('float32', data, [rows.length, ...shape]);
      offset += size;
    }
    assert(
      rows.every((row) => row.length === offset),
      'A row has another width than the model',
    );
    const answers = await this.session.run(feeds);
    const found = this.outputs.map(({ name, shape }) => ({
      size: sizeOf(shape),
      data: answers[name]?.data as Float32Array,
    }));
    return rows.map((_, i) => {
      const numbers: number[] = [];
      for (const { size, data } of found) {
        for (let k = i * size; k < (i + 1) * size; k++) numbers.push(data[k]!);
      }
      return numbers;
    });
  }

  release(): Promise<void> {
    return this.session.release();
  }

  private *shapeProblems(): Generator<[ModelProblem, string]> {
    const sides = [
      ['input', this.inputs, this.session.inputMetadata],
      ['output', this.outputs, this.session.outputMetadata],
    ] as const;
    for (const [side, wanted, found] of sides) {
      const names = found.map(({ name }) => name);
      if (side === 'input' && found.length !== wanted.length) {
        yield [
          'schema',
          `The graph has inputs ${names.join(', ')}, the manifest ${wanted.map(({ name }) => name).join(', ')}`,
        ];
      }
      for (const { name, shape } of wanted) {
        const real = found.find((one) => one.name === name);
        if (real?.isTensor !== true || real.type !== 'float32') {
          yield ['schema', `The graph has no float ${side} ${name}`];
          continue;
        }
        const row = real.shape.slice(1);
        if (
          row.length !== shape.length ||
          row.some((size, i) => typeof size === 'number' && size !== shape[i])
        ) {
          yield [
            'schema',
            `${side} ${name} is [batch, ${row.join(', ')}] in the graph, [batch, ${shape.join(', ')}] in the manifest`,
          ];
        }
      }
    }
  }

  private async goldenProblems(rows: CheckedModel['golden']['rows']): Promise<[ModelProblem, string][]> {
    const problems: [ModelProblem, string][] = [];
    let answers: readonly (readonly number[])[];
    try {
      answers = await this.run(rows.map(({ inputs }) => Float32Array.from(inputs)));
    } catch (cause) {
      return [['graph', `The golden rows cannot be run: ${String(cause)}`.slice(0, 300)]];
    }
    for (const [i, answer] of answers.entries()) {
      const wanted = rows[i]!.outputs;
      if (answer.length !== widthOf(this.outputs)) {
        problems.push(['schema', `Golden row ${i}: ${answer.length} numbers came back`]);
      } else if (!answer.every(Number.isFinite)) {
        problems.push(['not_finite', `Golden row ${i}: an answer is no number`]);
      } else {
        const at = answer.findIndex(
          (value, k) => Math.abs(value - wanted[k]!) > ABSOLUTE + RELATIVE * Math.abs(wanted[k]!),
        );
        if (at >= 0)
          problems.push([
            'answers',
            `Golden row ${i}, number ${at}: expected ${wanted[at]!}, was ${answer[at]!}`,
          ]);
      }
    }
    return problems;
  }
}
