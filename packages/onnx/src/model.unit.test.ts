import { describe, expect, test } from '@jest/globals';
import { BellwetherError } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { metadataProperties } from './metadata.js';
import { metadata, randomNumbers } from './model-for-tests.js';
import { encodeModel, readMetadata, scanModel } from './model.js';
import type { NetworkGraph } from './network-graph.js';
import { WireWriter } from './wire.js';

/**
 * Goal: what a file says of itself is read back exactly, and bytes that are no model of ours are refused with a code.
 * Method: files are written, damaged (cut at every length, bits flipped, fields doubled or made huge) and read.
 */

function graph(changed: Partial<NetworkGraph> = {}): NetworkGraph {
  return {
    name: 'test',
    input: { steps: null, means: Float32Array.of(1, 2), deviations: Float32Array.of(1, 3), masked: false },
    layers: [],
    heads: [
      {
        name: 'out',
        in: 2,
        out: 1,
        output: 'linear',
        weights: randomNumbers(2, 'w', 1),
        bias: new Float32Array(1),
      },
    ],
    ...changed,
  };
}

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (cause) {
    return cause;
  }
  return null;
}

/** Code of what it throws, `none` where it throws nothing; anything else is shown as it is. */
function codeOf(work: () => unknown): string {
  const error = errorOf(work);
  if (error === null) return 'none';
  return error instanceof BellwetherError ? error.code : `another error: ${(error as Error).message}`;
}

const bytes = encodeModel(graph(), metadata());

describe('metadata', () => {
  test('come back as they were written', () => {
    expect(readMetadata(bytes)).toEqual(metadata());
    const scanned = scanModel(bytes);
    expect(scanned).toMatchObject({ irVersion: 8, producer: 'bellwether' });
    expect(scanned.graphBytes).toBeGreaterThan(100);
  });

  test('and weights decide the bytes, the order of metrics does not', () => {
    const turned = metadata({ metrics: { brier: 0.25, log_loss: 0.625 } });
    expect(encodeModel(graph(), turned)).toEqual(bytes);
    expect(encodeModel(graph(), metadata({ seed: '8' }))).not.toEqual(bytes);
  });

  test('that are incomplete are neither written nor read, and every problem is named', () => {
    const wrong = metadata({ schema_sha256: 'short', seed: '', command: '' });
    const file = new WireWriter()
      .int(1, 8)
      .message(7, new WireWriter())
      .message(8, new WireWriter().int(2, 17));
    for (const [key, value] of metadataProperties(wrong))
      file.message(14, new WireWriter().text(1, key).text(2, value));
    for (const work of [() => encodeModel(graph(), wrong), () => readMetadata(file.finish())]) {
      expect(errorOf(work)).toMatchObject({
        code: 'model_malformed',
        problems: [
          { path: 'bellwether.schema_sha256' },
          { path: 'bellwether.seed' },
          { path: 'bellwether.command' },
        ],
      });
    }
    expect(codeOf(() => encodeModel(graph(), metadata({ data_sha256: [] })))).toBe('model_malformed');
    const long = { details: { log: 'x'.repeat(65_537) } };
    expect(codeOf(() => encodeModel(graph(), metadata(long)))).toBe('model_malformed');
  });

  test('with a metric that is not finite are not written', () => {
    expect(codeOf(() => encodeModel(graph(), metadata({ metrics: { loss: NaN } })))).toBe('model_not_finite');
  });
});

describe('a network that is not finite is not written', () => {
  test.each([NaN, Infinity, -Infinity])('%d among its weights', (value) => {
    const heads = graph().heads.map((head) => ({ ...head, weights: Float32Array.of(1, value) }));
    expect(codeOf(() => encodeModel(graph({ heads }), metadata()))).toBe('model_not_finite');
  });

  test.each([0, -1, NaN])('a deviation of %d', (value) => {
    const input = { ...graph().input, deviations: Float32Array.of(1, value) };
    expect(codeOf(() => encodeModel(graph({ input }), metadata()))).toBe('model_not_finite');
  });
});

describe('bytes that are no model', () => {
  test('a file cut short at any place is refused', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect([length, codeOf(() => readMetadata(bytes.subarray(0, length)))]).toEqual([
        length,
        'model_malformed',
      ]);
    }
  });

  test('a thousand files with flipped bits are read or refused, never anything else', () => {
    const uniform = uniformSource('flips');
    const codes = new Map<string, number>();
    for (let i = 0; i < 1_000; i++) {
      const flipped = Uint8Array.from(bytes);
      for (let j = 0; j < 5; j++) {
        flipped[Math.floor(uniform() * flipped.length)]! ^= 1 << Math.floor(uniform() * 8);
      }
      const code = codeOf(() => readMetadata(flipped));
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect([...codes.keys()].sort()).toEqual(['model_malformed', 'none']);
  });

  const model = () =>
    new WireWriter().int(1, 8).message(7, new WireWriter()).message(8, new WireWriter().int(2, 17));
  const property = (key: string, value: string) => new WireWriter().text(1, key).text(2, value);

  test.each([
    ['nothing', new Uint8Array()],
    ['text', new TextEncoder().encode('a model, truly')],
    ['no version of the format', new WireWriter().message(7, new WireWriter()).finish()],
    ['two graphs', model().message(7, new WireWriter()).finish()],
    ['two versions', model().int(1, 9).finish()],
    ['no operators', new WireWriter().int(1, 8).message(7, new WireWriter()).finish()],
    ['a field that ONNX does not have', model().int(99, 1).finish()],
    ['a float at the top', model().float(2, 1).finish()],
    ['a number for a graph', new WireWriter().int(1, 8).int(7, 1).message(8, new WireWriter()).finish()],
    ['a property twice', model().message(14, property('a', '1')).message(14, property('a', '2')).finish()],
    ['a property without a value', model().message(14, new WireWriter().text(1, 'a')).finish()],
    ['a property with more', model().message(14, property('a', '1').text(3, 'b')).finish()],
    [
      'a huge key',
      model()
        .message(14, property('a'.repeat(129), '1'))
        .finish(),
    ],
    [
      'a huge value',
      model()
        .message(14, property('a', '1'.repeat(65_537)))
        .finish(),
    ],
    [
      'no UTF-8',
      model()
        .message(14, new WireWriter().bytes(1, Uint8Array.of(255)).text(2, ''))
        .finish(),
    ],
    ['a number that does not end', Uint8Array.from({ length: 12 }, () => 255)],
    ['a length beyond the file', Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f)],
  ])('%s', (_, broken) => {
    expect(codeOf(() => scanModel(broken))).toBe('model_malformed');
  });

  test('more properties than a file may have, and a file that is too large', () => {
    const many = model();
    for (let i = 0; i < 65; i++) many.message(14, property(`key${i}`, ''));
    expect(codeOf(() => scanModel(many.finish()))).toBe('model_malformed');
    expect(codeOf(() => scanModel(new Uint8Array(67_108_865)))).toBe('model_malformed');
  });

  test('a file of another maker is scanned, and has no metadata of ours', () => {
    const other = model()
      .text(2, 'pytorch')
      .text(3, '2.9')
      .message(14, property('author', 'someone'))
      .finish();
    expect(scanModel(other)).toMatchObject({ producer: 'pytorch', irVersion: 8 });
    expect(scanModel(other).properties.get('author')).toBe('someone');
    expect(codeOf(() => readMetadata(other))).toBe('model_malformed');
  });
});
