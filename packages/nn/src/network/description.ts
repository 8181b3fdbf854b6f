import { assert } from '@bellwether/kernel';

/** What one row of input is: so many numbers, or a sequence of steps of so many numbers, step by step. */
export type InputDescription =
  | { readonly kind: 'row'; readonly width: number }
  | { readonly kind: 'sequence'; readonly steps: number; readonly width: number };

export type Activation = 'linear' | 'relu' | 'tanh';

export interface DenseDescription {
  readonly kind: 'dense';
  readonly in: number;
  readonly out: number;
  readonly activation: Activation;
}

/** Reads a sequence from its first step to its last, and gives the output of the last. */
export interface LstmDescription {
  readonly kind: 'lstm';
  readonly in: number;
  readonly hidden: number;
}

export type LayerDescription = DenseDescription | LstmDescription;

/** What a head's numbers are once trained: as they come, squashed, or probabilities. Losses work before that step. */
export type HeadOutput = 'linear' | 'tanh' | 'softmax' | 'sigmoid';

/** A dense layer of its own behind the last layer. */
export interface HeadDescription {
  readonly name: string;
  readonly out: number;
  readonly output: HeadOutput;
}

/**
 * A network as plain data: layers one behind another, and heads side by side behind the last. With one flat vector of
 * parameters it is the whole model. The output of the last layer is an output too, by the name of {@link HIDDEN}.
 */
export interface NetworkDescription {
  readonly input: InputDescription;
  readonly layers: readonly LayerDescription[];
  readonly heads: readonly HeadDescription[];
}

/** Name of the output of the last layer, which feeds the heads. */
export const HIDDEN = 'hidden';

const WIDTH_MAX = 4_096;
const STEPS_MAX = 4_096;
const LAYERS_MAX = 16;
const HEADS_MAX = 64;

/** A range of the parameter vector. A matrix lies by rows: [in, out]. */
export interface ParameterRange {
  readonly name: string;
  readonly kind: 'weights' | 'bias';
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
}

/** Where each weight and bias lies in the parameter vector, in the order of layers and heads. */
export function parameterRanges(description: NetworkDescription): readonly ParameterRange[] {
  assertDescription(description);
  const ranges: ParameterRange[] = [];
  let offset = 0;
  const add = (name: string, kind: 'weights' | 'bias', rows: number, columns: number): void => {
    ranges.push({ name, kind, offset, rows, columns });
    offset += rows * columns;
  };
  description.layers.forEach((layer, index) => {
    const name = `layer${index}`;
    if (layer.kind === 'dense') {
      add(`${name}.weights`, 'weights', layer.in, layer.out);
      add(`${name}.bias`, 'bias', 1, layer.out);
    } else {
      add(`${name}.input`, 'weights', layer.in, 4 * layer.hidden);
      add(`${name}.recurrent`, 'weights', layer.hidden, 4 * layer.hidden);
      add(`${name}.bias`, 'bias', 1, 4 * layer.hidden);
    }
  });
  const width = hiddenWidth(description);
  for (const head of description.heads) {
    add(`${head.name}.weights`, 'weights', width, head.out);
    add(`${head.name}.bias`, 'bias', 1, head.out);
  }
  return ranges;
}

/** Length of the parameter vector. */
export function parameterCount(description: NetworkDescription): number {
  const last = parameterRanges(description).at(-1);
  return last === undefined ? 0 : last.offset + last.rows * last.columns;
}

/** Numbers in one row of input. */
export function inputWidth({ input }: NetworkDescription): number {
  return input.kind === 'row' ? input.width : input.steps * input.width;
}

/** Width of the last layer. */
export function hiddenWidth({ input, layers }: NetworkDescription): number {
  const last = layers.at(-1);
  if (last === undefined) return input.width;
  return last.kind === 'dense' ? last.out : last.hidden;
}

/** A description that does not fit together is a programmer's error. */
export function assertDescription(description: NetworkDescription): void {
  const { input, layers, heads } = description;
  assertSize(input.width, WIDTH_MAX, 'Width of the input');
  if (input.kind === 'sequence') assertSize(input.steps, STEPS_MAX, 'Steps of the input');
  assert(layers.length <= LAYERS_MAX, `A network has at most ${LAYERS_MAX} layers`);
  assert(heads.length > 0 && heads.length <= HEADS_MAX, `A network has 1 to ${HEADS_MAX} heads`);
  let width = input.width;
  layers.forEach((layer, index) => {
    const recurrent = layer.kind === 'lstm';
    assert(
      recurrent === (index === 0 && input.kind === 'sequence'),
      'A sequence is read by an LSTM as first layer, and nothing else is',
    );
    assert(layer.in === width, `Layer ${index} takes ${layer.in} numbers, and is given ${width}`);
    width = recurrent ? layer.hidden : layer.out;
    assertSize(width, WIDTH_MAX, `Width of layer ${index}`);
  });
  assert(input.kind === 'row' || layers.length > 0, 'A sequence is read by an LSTM');
  const names = new Set<string>([HIDDEN]);
  for (const { name, out } of heads) {
    assert(/^[a-z][a-z0-9_]*$/.test(name) && !names.has(name), `Heads have names of their own: ${name}`);
    names.add(name);
    assertSize(out, WIDTH_MAX, `Width of head ${name}`);
  }
}

function assertSize(size: number, most: number, what: string): void {
  assert(Number.isInteger(size) && size > 0 && size <= most, `${what} is 1 to ${most}, was ${size}`);
}
