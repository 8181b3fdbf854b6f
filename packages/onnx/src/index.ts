export { metadataProperties, parseMetadata, type ModelMetadata } from './metadata.js';
export {
  IR_VERSION,
  MODEL_BYTES_MAX,
  OPSET_VERSION,
  encodeModel,
  readMetadata,
  scanModel,
  type ScannedModel,
} from './model.js';
export {
  FEATURES_INPUT,
  MASK_INPUT,
  type DenseLayer,
  type GraphInput,
  type HeadLayer,
  type LstmLayer,
  type NetworkGraph,
  type OutputRange,
} from './network-graph.js';
