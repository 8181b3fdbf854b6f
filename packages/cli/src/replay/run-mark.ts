import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { unknownMark, type DataMark } from '@bellwether/verdict';
import { z } from 'zod';
import { RUN_SUMMARY } from '../folders.js';

const schema = z.object({
  data: z.object({ result: z.enum(['pass', 'warn', 'refuse', 'unknown']), reason: z.string() }),
});

/** What a replay has written of its data. A folder of before there were verdicts, or without a summary, is unknown. */
export async function runMark(folder: string): Promise<DataMark> {
  const file = path.join(folder, RUN_SUMMARY);
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return unknownMark(`${RUN_SUMMARY} of this run cannot be read`);
  }
  const read = schema.safeParse(content);
  return read.success
    ? read.data.data
    : unknownMark(`${RUN_SUMMARY} of this run has no verdict: replay it again`);
}
