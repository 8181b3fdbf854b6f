import { BellwetherError, type Problem } from '@bellwether/contracts';

/** How a model came about; it travels inside the file, and is read without loading the graph. */
export interface ModelMetadata {
  /** Name in the registry, such as `regime_classifier`. */
  readonly model: string;
  /** SHA-256 of the feature schema that the inputs follow. */
  readonly schema_sha256: string;
  /** SHA-256 of each data set it was trained on. */
  readonly data_sha256: readonly string[];
  /** A model that has seen any made-up data is `synthetic`. */
  readonly data_origin: 'real' | 'synthetic';
  readonly seed: string;
  /** Command that trains it again. */
  readonly command: string;
  readonly metrics: Readonly<Record<string, number>>;
  /** Loss code of the trainer may use functions of V8, so the same bytes are promised for the same Node version. */
  readonly node_version: string;
  /** What else a trainer notes, by keys of its own. */
  readonly details: Readonly<Record<string, string>>;
}

const PREFIX = 'bellwether.';
const DETAIL = `${PREFIX}detail.`;
const HASH = /^[0-9a-f]{64}$/;

/** Keys and values as they stand in the file, sorted by key. */
export function metadataProperties(metadata: ModelMetadata): readonly (readonly [string, string])[] {
  const properties = new Map<string, string>([
    ['model', metadata.model],
    ['schema_sha256', metadata.schema_sha256],
    ['data_sha256', metadata.data_sha256.join(' ')],
    ['data_origin', metadata.data_origin],
    ['seed', metadata.seed],
    ['command', metadata.command],
    ['metrics', metricsText(metadata.metrics)],
    ['node_version', metadata.node_version],
    ...Object.entries(metadata.details).map(([key, value]) => [`detail.${key}`, value] as const),
  ]);
  const sorted = [...properties].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([key, value]) => [`${PREFIX}${key}`, value] as const);
}

/** JSON with sorted keys: the same metrics are the same bytes. */
function metricsText(metrics: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(metrics).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, value] of sorted) {
    if (!Number.isFinite(value))
      throw new BellwetherError('model_not_finite', `The metric ${key} is not finite`);
  }
  return JSON.stringify(Object.fromEntries(sorted));
}

/** @throws BellwetherError model_malformed, with every problem */
export function parseMetadata(properties: ReadonlyMap<string, string>): ModelMetadata {
  const problems: Problem[] = [];
  const read = (key: string, form: RegExp, expected: string): string => {
    const value = properties.get(`${PREFIX}${key}`) ?? '';
    if (!form.test(value)) problems.push({ path: `${PREFIX}${key}`, message: `Expected ${expected}` });
    return value;
  };
  const origin = read('data_origin', /^(real|synthetic)$/, 'real or synthetic');
  const hashes = read('data_sha256', /^[0-9a-f]{64}( [0-9a-f]{64})*$/, 'SHA-256 hashes in hex');
  const metadata: ModelMetadata = {
    model: read('model', /^[a-z0-9_/-]{1,100}$/, 'the name of a model'),
    schema_sha256: read('schema_sha256', HASH, 'a SHA-256 hash in hex'),
    data_sha256: hashes.split(' '),
    data_origin: origin === 'real' ? 'real' : 'synthetic',
    seed: read('seed', /./, 'a seed'),
    command: read('command', /./, 'a command'),
    metrics: readMetrics(properties.get(`${PREFIX}metrics`) ?? '', problems),
    node_version: read('node_version', /^v?\d+\.\d+\.\d+/, 'a version of Node'),
    details: Object.fromEntries(
      [...properties]
        .filter(([key]) => key.startsWith(DETAIL))
        .map(([key, value]) => [key.slice(DETAIL.length), value]),
    ),
  };
  if (problems.length > 0) {
    throw new BellwetherError('model_malformed', 'The metadata of the model is not complete', problems);
  }
  return metadata;
}

function readMetrics(text: string, problems: Problem[]): Readonly<Record<string, number>> {
  const path = `${PREFIX}metrics`;
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isObject && Object.values(value).every((item) => typeof item === 'number')) {
      return value as Readonly<Record<string, number>>;
    }
    problems.push({ path, message: 'Expected a JSON object of numbers' });
  } catch {
    problems.push({ path, message: 'Expected JSON' });
  }
  return {};
}
