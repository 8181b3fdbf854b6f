import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { BellwetherError } from '@bellwether/contracts';
import { LEXICON_TERMS_MAX, lexiconOf, termProblem, type LexiconTerm } from '@bellwether/news';
import { z } from 'zod';
import { CsvRecordReader } from './csv-records.js';
import { DEFAULT_SCORER, lexiconScorer, type NewsScorer } from './scorer.js';

const BYTES_MAX = 4 * 1024 * 1024;
const PROBLEMS_SHOWN = 20;

const lexiconSchema = z
  .array(z.strictObject({ phrase: z.string().min(1).max(200), weight: z.number().min(-3).max(3) }))
  .min(1)
  .max(LEXICON_TERMS_MAX)
  .superRefine((terms, context) => {
    terms.forEach((term, i) => {
      const message = termProblem(term);
      if (message !== null) context.addIssue({ code: 'custom', path: [i], message });
    });
  });

function csvTerms(text: string): unknown[] {
  const reader = new CsvRecordReader();
  const rows = [...reader.push(text), ...reader.end()].map(({ fields }) => fields);
  const [header, ...terms] = rows;
  if (header?.join(',') !== 'phrase,weight') throw new RangeError('1: Expected the header phrase,weight');
  return terms.map(([phrase, weight, ...rest]) => ({
    phrase,
    weight: weight === undefined || weight === '' ? undefined : Number(weight),
    ...(rest.length > 0 ? { more: rest } : {}),
  }));
}

/** The terms of a lexicon in CSV (`phrase,weight`) or JSON. Throws `config_invalid` with all problems. */
export function parseLexicon(file: string, text: string): readonly LexiconTerm[] {
  let value: unknown;
  try {
    value = file.endsWith('.json') ? JSON.parse(text) : csvTerms(text);
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new BellwetherError('config_invalid', `${file}: ${what}`, [], { cause });
  }
  const result = lexiconSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues
    .slice(0, PROBLEMS_SHOWN)
    .map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  const list = problems.map(({ path, message }) => `term ${path}: ${message}`).join('\n  ');
  throw new BellwetherError('config_invalid', `${file}:\n  ${list}`, problems);
}

/** The scorer of a user's lexicon file, named by its content; null gives our own. */
export async function openScorer(file: string | null): Promise<NewsScorer> {
  if (file === null) return DEFAULT_SCORER;
  const found = await stat(file).catch(() => null);
  if (found?.isFile() !== true || found.size > BYTES_MAX)
    throw new BellwetherError('config_invalid', `${file}: Expected a lexicon file of at most 4 MiB`);
  const text = await readFile(file, 'utf8');
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return lexiconScorer(lexiconOf(`user:${hash}`, parseLexicon(file, text)));
}
