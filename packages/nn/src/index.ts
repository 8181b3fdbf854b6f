export { ARENA_LENGTH_MAX, Block, type Numbers } from './engine/arena.js';
export { twinEngine, wasmEngine, type Engine } from './engine/engine.js';
export { train, parametersOf, predict, setParameters, TrainingDiverged } from './training/train.js';
export type { EpochDone, TrainOptions } from './training/train.js';
export { encodedWidth, encodeInputs, fitEncoding, type InputEncoding } from './training/inputs.js';
export { gatherRows, minibatches, shuffledOrder } from './training/minibatches.js';
export type { AdamStep, Kernels, LstmStep, Offset } from './kernels/kernels.js';
export type { Precision } from './kernels/twin.js';
export { sigmoidCrossEntropy, softmaxCrossEntropy, type ClassWeights } from './loss/classification.js';
export type { LossPlace, LossValue, LossWeights } from './loss/loss.js';
export { huber, squaredError } from './loss/regression.js';
export {
  HIDDEN,
  assertDescription,
  hiddenWidth,
  inputWidth,
  parameterCount,
  parameterRanges,
  type Activation,
  type DenseDescription,
  type HeadDescription,
  type HeadOutput,
  type InputDescription,
  type LayerDescription,
  type LstmDescription,
  type NetworkDescription,
  type ParameterRange,
} from './network/description.js';
export { initialParameters } from './network/initialisation.js';
export { Network } from './network/network.js';
export {
  networkWeights,
  type DenseWeights,
  type HeadWeights,
  type LstmWeights,
  type NetworkWeights,
} from './network/weights.js';
export { Adam, type AdamOptions, type AdamState, type StepTaken } from './optimiser/adam.js';
export { learningRate, type Schedule } from './optimiser/schedule.js';
export { runSeeds, SeedFailed, type SeedsOptions } from './seeds/run-seeds.js';
export type { RunSeed } from './seeds/seed-worker.js';
