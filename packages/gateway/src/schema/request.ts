import { z } from 'zod';
import { BellwetherError, type ErrorCode } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { Problems } from '../errors/problems.js';

type Given = Readonly<Record<string, unknown>>;

/**
 * A request body. `aliases` gives other spellings of a field, by the path of the object that holds it ('' for
 * the body itself): the original service wrote `signalId`, the seed `signal_id`.
 */
export interface RequestForm<S extends z.ZodRawShape> {
  readonly schema: z.ZodObject<S, z.core.$strict>;
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export type RequestOf<S extends z.ZodRawShape> = z.output<z.ZodObject<S, z.core.$strict>>;

/**
 * Examples of a request for the OpenAPI document, under our names and under those of the original service.
 * zod drops plain `examples` of a schema that transforms.
 */
export function requestExamples(own: object, original: object): Readonly<Record<string, unknown>> {
  return { 'x-examples': { bellwether: { value: own }, original: { value: original } } };
}

/** Where a check says what is wrong. */
export interface ProblemSink {
  add(path: string, message: string, code?: ErrorCode): void;
}

/**
 * Looks at what only the gateway knows: books, symbols, the tick grid. It sees the fields that are valid by
 * themselves.
 */
export type Check<S extends z.ZodRawShape> = (given: Partial<RequestOf<S>>, problems: ProblemSink) => void;

function isObject(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The same object with the first spelling of each field. `spelled` maps paths back to what the caller wrote.
 */
function withFirstSpelling(
  aliasesOf: Readonly<Record<string, Readonly<Record<string, string>>>>,
  raw: Given,
  problems: Problems,
  spelled: Map<string, string>,
  parent = '',
): Given {
  const aliases = aliasesOf[parent] ?? {};
  const below = (key: string): string => (parent === '' ? key : `${parent}.${key}`);
  const out = new Map<string, unknown>();
  for (const [key, value] of Object.entries(raw)) {
    const name = Object.hasOwn(aliases, key) ? (aliases[key] ?? key) : key;
    const path = below(name);
    if (out.has(name)) {
      problems.add(below(key), `The same field as ${spelled.get(path) ?? path}: give one of the two`);
      continue;
    }
    spelled.set(path, below(key));
    const inner = Object.hasOwn(aliasesOf, path) && isObject(value);
    out.set(name, inner ? withFirstSpelling(aliasesOf, value, problems, spelled, path) : value);
  }
  return Object.fromEntries(out);
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = root;
  for (const key of path)
    value = isObject(value) && Object.hasOwn(value, key) ? value[String(key)] : undefined;
  return value;
}

function addIssues(
  error: z.ZodError,
  given: unknown,
  problems: Problems,
  spelled: ReadonlyMap<string, string>,
): void {
  for (const issue of error.issues) {
    const path = issue.path.map(String).join('.');
    const shown = spelled.get(path) ?? path;
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) problems.add(shown === '' ? key : `${shown}.${key}`, 'No such field');
    } else if (valueAt(given, issue.path) === undefined && issue.path.length > 0) {
      problems.add(shown, 'Required');
    } else {
      problems.add(shown, issue.message);
    }
  }
}

/**
 * The fields that are valid by themselves, so that one bad field does not hide what is wrong with another.
 */
function validFields<S extends z.ZodRawShape>(
  schema: z.ZodObject<S, z.core.$strict>,
  given: Given,
): Partial<RequestOf<S>> {
  const out: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(schema.shape)) {
    const result = z.safeParse(field, given[key]);
    if (result.success) out[key] = result.data;
  }
  return out as Partial<RequestOf<S>>;
}

/**
 * The request in this body, or {@link BellwetherError} with all problems at once: those of the form and those
 * that `check` finds.
 */
export function readRequest<S extends z.ZodRawShape>(
  form: RequestForm<S>,
  raw: unknown,
  check: Check<S>,
): RequestOf<S> {
  if (!isObject(raw)) {
    const problem = { path: '', message: 'Expected a JSON object' };
    throw new BellwetherError('invalid_request', 'The body is not a JSON object', [problem]);
  }
  const problems = new Problems();
  const spelled = new Map<string, string>();
  const given = withFirstSpelling(form.aliases, raw, problems, spelled);
  const result = form.schema.safeParse(given);
  if (!result.success) addIssues(result.error, given, problems, spelled);
  const found = result.success ? result.data : validFields(form.schema, given);
  check(found, { add: (path, message, code) => problems.add(spelled.get(path) ?? path, message, code) });
  problems.throwIfAny('The request does not have the form that the route asks for');
  return present(result.data, 'the data of a request without problems');
}
