import { z } from 'zod';
import { BOOK_NAME } from '@bellwether/contracts';

/** One problem of a configuration, with the name of the setting. */
export interface ConfigProblem {
  readonly setting: string;
  readonly message: string;
}

/** Every problem at once: a start should fail one time, not once a setting. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
  readonly code = 'config_invalid';
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(
      `The configuration has ${problems.length} problem(s):\n${problems
        .map((problem) => `  ${problem.setting}: ${problem.message}`)
        .join('\n')}`,
    );
  }
}

const onOff = z.enum(['on', 'off']).transform((value) => value === 'on');
const port = z.coerce.number().int().min(0).max(65_535);

/** Settings that every service has. Defaults stand here and nowhere else. */
export const serviceSettings = {
  BW_NATS_URL: z.string().min(1).default('nats://127.0.0.1:4222').describe('Servers, separated by commas'),
  BW_NATS_REPLICAS: z.enum(['1', '3']).default('1').transform(Number).describe('Copies of every stream'),
  BW_NATS_STREAM_MIB: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_048_576)
    .default(512)
    .describe('Most MiB of each stream; the server reserves them, and a full one refuses'),
  BW_OWNER: z.string().max(100).default('').describe('Name of this process in leases; default host and pid'),
  BW_LEASE: onOff.default(true).describe('off: run without a lease (safe, but two owners waste work)'),
  BW_SNAPSHOT_EVERY: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(1_000)
    .describe('Frames between snapshots'),
  BW_HEALTH_HOST: z.string().min(1).default('127.0.0.1').describe('Address of the health and metrics page'),
  BW_HEALTH_PORT: port.default(0).describe('Its port; 0 takes a free one'),
  BW_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least level logged'),
} as const;

/** Settings of the services that ask models, or say which are asked. */
export const modelSettings = {
  BW_MODELS: z
    .string()
    .min(1)
    .default('bus')
    .describe('Where models are: bus (the object store of NATS), or a folder with registry.json'),
  BW_MODEL_KEYS: z
    .string()
    .min(1)
    .default('config/model-keys')
    .describe('Folder of the public keys (*.pub.pem) whose models are asked'),
  BW_MODEL_UNSIGNED: onOff
    .default(false)
    .describe('on, for development only: models without a signature are asked'),
} as const;

/** Settings of the services that run stages: they only need the names of their books. */
export const stageSettings = {
  ...serviceSettings,
  BW_BOOKS: z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(
      z.array(z.string().regex(BOOK_NAME, 'Expected a book name: lower case, digits, dashes')).min(1).max(64),
    )
    .describe('Names of the books, separated by commas'),
  ...modelSettings,
} as const;

/** Most frames that may be decided and not yet in the audit log. */
export const AUDIT_BEHIND_FRAMES = 1_000;
/** Most milliseconds that a decided frame may wait for the audit log. */
export const AUDIT_BEHIND_MS = 5_000;

/** Settings of the execution service. */
export const executionSettings = {
  ...stageSettings,
  BW_AUDIT_WATCH: z
    .enum(['journal', 'hold', 'off'])
    .default('journal')
    .describe(
      'What to do when the audit log is behind. journal (live books): no new risk until it has caught up; ' +
        'hold (books with known_time event): the next input waits; off: no audit log runs',
    ),
  BW_AUDIT_BEHIND_FRAMES: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(AUDIT_BEHIND_FRAMES)
    .describe('It is behind when more decided frames than this are not in it'),
  BW_AUDIT_BEHIND_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(3_600_000)
    .default(AUDIT_BEHIND_MS)
    .describe('It is behind when a decided frame waits longer than this; not under hold'),
} as const;

/** Settings of the audit service. */
export const auditSettings = {
  ...stageSettings,
  BW_AUDIT_FOLDER: z.string().min(1).describe('Folder of the logs, one folder below it for each book'),
  BW_AUDIT_KEY_FOLDER: z
    .string()
    .default('')
    .describe(
      'Folder of the signing key, made at the first start; empty: the folder of the logs with -key behind it',
    ),
  BW_AUDIT_COMMIT_MS: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe('Longest time that a decision waits for its commit'),
  BW_AUDIT_COMMIT_FRAMES: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(1_000)
    .describe('Decisions after which a commit begins at once'),
  BW_AUDIT_SEGMENT_MIB: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_024)
    .default(64)
    .describe('A segment that would pass this gets a successor'),
  BW_AUDIT_REPLAY_S: z.coerce
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(60)
    .describe('Seconds between two passes that compute the newest decisions again and compare them; 0: none'),
  BW_AUDIT_REPLAY_FRAMES: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(5_000)
    .describe('Most decisions of one such pass; what is left waits for the next'),
  BW_AUDIT_LATENCY: onOff
    .default(true)
    .describe('off: no latency is written down, as it says nothing where the entries are of the past'),
} as const;

const lexiconFile = z.string().default('').describe('Lexicon file for news (CSV or JSON); empty for our own');

const optionalDate = z.coerce.number().int().min(20_130_101).max(20_271_231).nullable().default(null);

/** Settings of the ingestion service: one book, fed from files or, without any, by the clock alone. */
export const ingestionSettings = {
  ...serviceSettings,
  ...modelSettings,
  BW_BOOK_FILE: z.string().min(1).describe('The book file (YAML)'),
  BW_EVIDENCE: z
    .string()
    .min(1)
    .default('.bellwether/evidence.json')
    .describe(
      'Evidence file: what of a book of market data may decide; without one nothing is proven. off, where data files are fed: no gate, everything decides',
    ),
  BW_DATA_FILES: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(z.array(z.string().regex(/^[A-Z]{2,3}=.+$/, 'Expected SYMBOL=path or SYMBOL=catalog:…')).max(4))
    .describe(
      'Bars as SYMBOL=path or SYMBOL=catalog:SYMBOL:FROM..TO, separated by commas; empty for a live book',
    ),
  BW_CATALOG: z.string().min(1).default('.bellwether/catalog').describe('Folder of the catalog'),
  BW_EVENT_FILES: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .describe('Files of events (calendar, news, options), separated by commas, joined with the bars'),
  BW_LEXICON: lexiconFile,
  BW_FROM: optionalDate.describe('First trade date (yyyymmdd) that is decided on; earlier ones warm up'),
  BW_TO: optionalDate.describe('Last trade date (yyyymmdd)'),
  BW_WARMUP_SESSIONS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60)
    .default(60)
    .describe('Earlier sessions used as warm-up'),
  BW_AFTER_FEED: z
    .enum(['end', 'stay'])
    .default('end')
    .describe('stay: run on when the data are fed, for a container that is started again whenever it ends'),
} as const;

/** Settings of the gateway. */
export const gatewaySettings = {
  ...serviceSettings,
  BW_BOOK_FILES: z
    .string()
    .min(1)
    .transform((text) => text.split(',').map((name) => name.trim()))
    .describe('Book files (YAML), separated by commas'),
  BW_HTTP_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address of the API; others than loopback are your risk'),
  BW_HTTP_NAMES: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((name) => name !== ''))
    .describe(
      'Host names that a request may name; empty: those of loopback where it listens there, else any',
    ),
  BW_OPERATOR_TOKEN: z
    .string()
    .regex(/^$|^[A-Za-z0-9_-]{16,200}$/, 'Expected 16 to 200 letters, digits, _ and -')
    .default('')
    .describe('Token of operator commands; empty: they are off'),
  BW_HTTP_PORT: port.default(7080).describe('Its port'),
  BW_LEXICON: lexiconFile,
  BW_SIGNAL_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(50)
    .max(60_000)
    .default(2_000)
    .describe('Deadline of a signal'),
} as const;

/** Settings with the prefix that belong to tests and tools; a service that does not know one passes over it. */
const FOREIGN = new Set(['BW_REQUIRE_NATS', 'BW_DATA_DIR', 'BW_CATALOG']);

/**
 * Reads settings from an environment. Unknown `BW_` names are refused, and all problems are reported together.
 * Throws {@link ConfigInvalid}.
 */
export function readSettings<T extends z.ZodRawShape>(
  shape: T,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<z.ZodObject<T>> {
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('BW_') || value === undefined) continue;
    if (Object.hasOwn(shape, name) || !FOREIGN.has(name)) own[name] = value;
  }
  const result = z.strictObject(shape).safeParse(own);
  if (result.success) return result.data;
  throw new ConfigInvalid(
    result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({
            setting: key,
            message: `No such setting; known: ${Object.keys(shape).join(', ')}`,
          }))
        : [{ setting: issue.path.join('.'), message: issue.message }],
    ),
  );
}
