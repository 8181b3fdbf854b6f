import { BellwetherError } from '@bellwether/contracts';
import { metadataProperties, parseMetadata, type ModelMetadata } from './metadata.js';
import { writeNetwork, type NetworkGraph } from './network-graph.js';
import { WireError, WireWriter, wireFields, type WireField } from './wire.js';

/** Version of the file format and of the operators: both are read by every ONNX Runtime since 1.12. */
export const IR_VERSION = 8;
export const OPSET_VERSION = 17;
const PRODUCER = 'bellwether';

/** Fields of ModelProto that are used (onnx.proto). */
const FIELD = { irVersion: 1, producer: 2, graph: 7, opset: 8, metadata: 14 } as const;
/** The others that onnx.proto has: version, domain and documentation of the model, training and functions. */
const OTHER_FIELDS = new Set([3, 4, 5, 6, 20, 25, 26]);

/**
 * Bytes of an ONNX file: the network, then how it came about. The same arguments give the same bytes.
 *
 * @throws BellwetherError model_not_finite; model_malformed where the metadata are not complete or beyond their limits
 */
export function encodeModel(network: NetworkGraph, metadata: ModelMetadata): Uint8Array {
  const model = new WireWriter()
    .int(FIELD.irVersion, IR_VERSION)
    .text(FIELD.producer, PRODUCER)
    .message(FIELD.graph, writeNetwork(network))
    // No domain: the operators of ONNX itself.
    .message(FIELD.opset, new WireWriter().text(1, '').int(2, OPSET_VERSION));
  // Behind the graph, so that a file that was cut short has lost it.
  for (const [key, value] of metadataProperties(metadata)) {
    model.message(FIELD.metadata, new WireWriter().text(1, key).text(2, value));
  }
  const bytes = model.finish();
  // What is written can be read: otherwise a training would end with a file that nobody takes.
  readMetadata(bytes);
  return bytes;
}

/** What a file says of itself at its top level. */
export interface ScannedModel {
  readonly irVersion: number;
  readonly producer: string;
  readonly properties: ReadonlyMap<string, string>;
  readonly graphBytes: number;
}

/** Our networks have tens of kilobytes. */
export const MODEL_BYTES_MAX = 67_108_864;
const PROPERTIES_MAX = 64;
const KEY_BYTES_MAX = 128;
const VALUE_BYTES_MAX = 65_536;

/** Reads the top level of an ONNX file, without a look into its graph. @throws BellwetherError model_malformed */
export function scanModel(bytes: Uint8Array): ScannedModel {
  if (bytes.length > MODEL_BYTES_MAX) {
    throw malformed(`has ${bytes.length} bytes, more than the ${MODEL_BYTES_MAX} that a model may have`);
  }
  try {
    return scan(bytes);
  } catch (cause) {
    if (cause instanceof WireError) throw malformed(cause.message);
    throw cause;
  }
}

/** How a model came about, from its file. @throws BellwetherError model_malformed */
export function readMetadata(bytes: Uint8Array): ModelMetadata {
  return parseMetadata(scanModel(bytes).properties);
}

function scan(bytes: Uint8Array): ScannedModel {
  const single = new Map<number, WireField>();
  const properties = new Map<string, string>();
  let opsets = 0;
  for (const field of wireFields(bytes)) {
    if (field.field === FIELD.metadata) addProperty(properties, field);
    else if (field.field === FIELD.opset) opsets += 1;
    else if (Object.values<number>(FIELD).includes(field.field)) {
      if (single.has(field.field)) throw new WireError(`holds field ${field.field} twice`);
      single.set(field.field, field);
    } else if (!OTHER_FIELDS.has(field.field)) throw new WireError(`holds an unknown field ${field.field}`);
  }
  const version = single.get(FIELD.irVersion);
  if (version?.kind !== 'number' || version.value < 1) throw new WireError('names no version of its format');
  if (opsets === 0) throw new WireError('names no version of its operators');
  const graph = single.get(FIELD.graph);
  if (graph === undefined) throw new WireError('holds no graph');
  const producer = single.get(FIELD.producer);
  return {
    irVersion: version.value,
    producer: producer === undefined ? '' : textOf(producer, KEY_BYTES_MAX),
    properties,
    graphBytes: bytesOf(graph).length,
  };
}

function addProperty(properties: Map<string, string>, field: WireField): void {
  if (properties.size === PROPERTIES_MAX) throw new WireError(`holds more than ${PROPERTIES_MAX} properties`);
  let key: string | null = null;
  let value: string | null = null;
  for (const part of wireFields(bytesOf(field))) {
    if (part.field === 1 && key === null) key = textOf(part, KEY_BYTES_MAX);
    else if (part.field === 2 && value === null) value = textOf(part, VALUE_BYTES_MAX);
    else throw new WireError('holds a property that is more than a key and a value');
  }
  if (key === null || value === null) throw new WireError('holds a property without a key or a value');
  if (properties.has(key)) throw new WireError(`holds the property ${key} twice`);
  properties.set(key, value);
}

function bytesOf(field: WireField): Uint8Array {
  if (field.kind === 'number') throw new WireError(`holds a number in field ${field.field}`);
  return field.bytes;
}

function textOf(field: WireField, bytesMax: number): string {
  const bytes = bytesOf(field);
  if (bytes.length > bytesMax) throw new WireError(`holds a text of more than ${bytesMax} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new WireError('holds a text that is not UTF-8');
  }
}

function malformed(what: string): BellwetherError {
  return new BellwetherError('model_malformed', `The file ${what}`);
}
