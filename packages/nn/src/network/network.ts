import { assert, present } from '@bellwether/kernel';
import type { Block } from '../engine/arena.js';
import type { Engine } from '../engine/engine.js';
import { Dense } from './dense.js';
import {
  HIDDEN,
  hiddenWidth,
  inputWidth,
  parameterCount,
  parameterRanges,
  type HeadDescription,
  type NetworkDescription,
} from './description.js';
import type { Layer, LayerInput, Parameter } from './layer.js';
import { Lstm } from './lstm.js';

/** Most rows of a batch. */
const BATCH_MAX = 65_536;

interface Head {
  readonly description: HeadDescription;
  readonly layer: Layer;
  /** What the trained head says: the layer's output, squashed or as probabilities. */
  readonly final: Block;
}

/**
 * A network in the memory of an engine, laid out for a largest batch. Input and output gradients are written into its blocks
 * by the caller, so that any scalar can be made smaller: a loss of this package, or a gradient from elsewhere.
 */
export class Network {
  /** [batch, width of the input]; a sequence step by step. */
  readonly input: Block;
  /** Gradient of the input, where `backward` was asked for it. */
  readonly inputGradient: Block;
  readonly parameters: Block;
  readonly gradients: Block;
  readonly #layers: readonly Layer[];
  readonly #heads: ReadonlyMap<string, Head>;
  readonly #hidden: LayerInput;

  constructor(
    private readonly engine: Engine,
    readonly description: NetworkDescription,
    readonly batchMax: number,
  ) {
    assert(Number.isInteger(batchMax) && batchMax > 0 && batchMax <= BATCH_MAX, `Batch of ${batchMax} rows`);
    const count = parameterCount(description);
    this.parameters = engine.allocate(count);
    this.gradients = engine.allocate(count);
    this.input = engine.allocate(batchMax * inputWidth(description));
    this.inputGradient = engine.allocate(this.input.length);
    const parameter = this.#parametersByName();
    let input: LayerInput = { values: this.input, gradient: this.inputGradient };
    const layers: Layer[] = [];
    description.layers.forEach((_, index) => {
      const layer = this.#makeLayer(index, input, parameter);
      layers.push(layer);
      input = { values: layer.output, gradient: layer.outputGradient };
    });
    this.#layers = layers;
    this.#hidden = input;
    this.#heads = new Map(
      description.heads.map((head) => [head.name, this.#makeHead(head, input, parameter)]),
    );
  }

  /**
   * Output of a head before softmax and sigmoid, which is what losses take, or of the last layer: [batch, width].
   */
  output(name: string): Block {
    return name === HIDDEN ? this.#hidden.values : this.#head(name).layer.output;
  }

  /** Where the gradient of {@link output} is written before `backward`, which overwrites it. */
  outputGradient(name: string): Block {
    return name === HIDDEN ? this.#hidden.gradient : this.#head(name).layer.outputGradient;
  }

  /** Runs the first rows of `input`. */
  forward(rows: number): void {
    this.#assertRows(rows);
    for (const layer of this.#layers) layer.forward(rows);
    for (const { layer } of this.#heads.values()) layer.forward(rows);
  }

  /** What an output says after `forward`: probabilities where its head is a softmax or a sigmoid. */
  final(name: string, rows: number): Block {
    if (name === HIDDEN) return this.#hidden.values;
    const { description, layer, final } = this.#head(name);
    const { kernels } = this.engine;
    const count = rows * description.out;
    const [from, to] = [layer.output.offset, final.offset];
    if (description.output === 'softmax') kernels.softmax(from, to, rows, description.out);
    if (description.output === 'sigmoid') kernels.sigmoid(from, to, count);
    if (description.output === 'tanh') kernels.tanh(from, to, count);
    return final;
  }

  /**
   * Adds to `gradients` what follows from the output gradients of the outputs named (others count as 0), for the rows of the
   * last `forward`.
   */
  backward(
    rows: number,
    outputs: readonly string[],
    options: { readonly inputGradient?: boolean } = {},
  ): void {
    this.#assertRows(rows);
    assert(outputs.length > 0, 'A gradient comes from an output');
    const wanted = options.inputGradient === true;
    const beneath = this.#layers.length > 0 || wanted;
    let written = outputs.includes(HIDDEN);
    for (const name of outputs) {
      if (name === HIDDEN) continue;
      const mode = written ? 'accumulate' : 'write';
      this.#head(name).layer.backward(rows, beneath ? mode : 'none');
      written = true;
    }
    for (let index = this.#layers.length - 1; index >= 0; index--) {
      this.#layers[index]!.backward(rows, index > 0 || wanted ? 'write' : 'none');
    }
  }

  zeroGradients(): void {
    this.gradients.view.fill(0);
  }

  #assertRows(rows: number): void {
    assert(
      Number.isInteger(rows) && rows >= 0 && rows <= this.batchMax,
      `The network is laid out for ${this.batchMax} rows, was given ${rows}`,
    );
  }

  #head(name: string): Head {
    return present(this.#heads.get(name), `head ${name}`);
  }

  #parametersByName(): (name: string) => Parameter {
    const ranges = new Map(parameterRanges(this.description).map((range) => [range.name, range]));
    return (name) => {
      const { offset, rows, columns } = present(ranges.get(name), `parameter ${name}`);
      const length = rows * columns;
      return {
        values: this.parameters.part(offset, length),
        gradient: this.gradients.part(offset, length),
      };
    };
  }

  #makeLayer(index: number, input: LayerInput, parameter: (name: string) => Parameter): Layer {
    const { engine, batchMax } = this;
    const layer = this.description.layers[index]!;
    const name = `layer${index}`;
    const bias = parameter(`${name}.bias`);
    if (layer.kind === 'dense') {
      return new Dense(engine, { ...layer, batchMax, input, bias, weights: parameter(`${name}.weights`) });
    }
    const sequence = this.description.input;
    assert(sequence.kind === 'sequence', 'An LSTM reads a sequence');
    return new Lstm(engine, {
      ...{ in: layer.in, hidden: layer.hidden, steps: sequence.steps, batchMax, input, bias },
      inputWeights: parameter(`${name}.input`),
      recurrentWeights: parameter(`${name}.recurrent`),
    });
  }

  #makeHead(head: HeadDescription, input: LayerInput, parameter: (name: string) => Parameter): Head {
    const { engine, batchMax } = this;
    const layer = new Dense(engine, {
      ...{ in: hiddenWidth(this.description), out: head.out, activation: 'linear', batchMax, input },
      weights: parameter(`${head.name}.weights`),
      bias: parameter(`${head.name}.bias`),
    });
    const final = head.output === 'linear' ? layer.output : engine.allocate(batchMax * head.out);
    return { description: head, layer, final };
  }
}
