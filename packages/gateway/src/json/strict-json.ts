import { BellwetherError } from '@bellwether/contracts';

/** Deepest nesting of a request body; the deepest valid one has two levels. */
export const JSON_DEPTH_MAX = 8;

/** Keys that would reach an object's prototype where a program copies them carelessly. */
const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

interface Level {
  /** Keys so far of an object; null for a list. */
  readonly keys: Set<string> | null;
  readonly path: string;
}

/**
 * The value of a JSON body. Stricter than `JSON.parse`: bytes must be UTF-8, an object holds each key once,
 * no key names a prototype, and nesting is bounded. Throws {@link BellwetherError} `invalid_json` with every
 * such problem.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw invalid([{ path: '', message: 'The body is empty' }]);
  const text = decodeUtf8(bytes);
  const value = parse(text);
  const problems = structureProblems(text);
  if (problems.length > 0) throw invalid(problems);
  return value;
}

type Problems = readonly { readonly path: string; readonly message: string }[];

function invalid(problems: Problems): BellwetherError {
  return new BellwetherError('invalid_json', 'The body is not acceptable JSON', problems);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid([{ path: '', message: 'The body is not UTF-8' }]);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // V8 quotes the body in some messages; the position is all that helps, and a body is not echoed.
    const position = /position (\d+)/.exec(cause instanceof Error ? cause.message : '')?.[1];
    const where = position === undefined ? '' : ` at character ${position}`;
    throw invalid([{ path: '', message: `Not well-formed JSON${where}` }]);
  }
}

/**
 * What `JSON.parse` lets pass: repeated keys, keys of prototypes, depth. The text is known to be well-formed.
 */
function structureProblems(text: string): Problems {
  const problems: { path: string; message: string }[] = [];
  const levels: Level[] = [];
  let keyExpected = false;
  let lastKey = '';
  for (let at = 0; at < text.length; at++) {
    const top = levels.at(-1);
    switch (text[at]) {
      case '"': {
        const end = endOfString(text, at);
        if (keyExpected && top?.keys) {
          lastKey = JSON.parse(text.slice(at, end + 1)) as string;
          const path = top.path === '' ? lastKey : `${top.path}.${lastKey}`;
          if (top.keys.has(lastKey)) problems.push({ path, message: 'The key stands twice in one object' });
          if (PROTOTYPE_KEYS.has(lastKey)) problems.push({ path, message: 'No such key' });
          top.keys.add(lastKey);
          keyExpected = false;
        }
        at = end;
        break;
      }
      case '{':
      case '[': {
        if (levels.length === JSON_DEPTH_MAX) {
          problems.push({ path: top?.path ?? '', message: `Nested deeper than ${JSON_DEPTH_MAX} levels` });
          return problems;
        }
        const path = top?.keys ? (top.path === '' ? lastKey : `${top.path}.${lastKey}`) : (top?.path ?? '');
        keyExpected = text[at] === '{';
        levels.push({ keys: keyExpected ? new Set() : null, path });
        break;
      }
      case '}':
      case ']':
        levels.pop();
        keyExpected = false;
        break;
      case ',':
        keyExpected = top?.keys != null;
        break;
      default:
    }
  }
  return problems;
}

/** Index of the quote that closes the string which opens at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
