import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import type { z } from 'zod';

/**
 * Results of many tasks, a line of JSON each under the key of its task: a run that was ended goes on where it was. A line
 * that was torn by a crash is not read, and its task is done again.
 */
export class ResultFile<Result> {
  private constructor(
    private readonly file: string,
    readonly results: Map<string, Result>,
    private torn: boolean,
  ) {}

  /** @throws BellwetherError `data_unreadable` where a whole line is of another kind */
  static async open<Result>(file: string, schema: z.ZodType<Result>): Promise<ResultFile<Result>> {
    await mkdir(path.dirname(path.resolve(file)), { recursive: true });
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    });
    const results = new Map<string, Result>();
    const lines = text.split('\n');
    for (const [i, line] of lines.slice(0, -1).entries()) {
      const parsed = parse(line);
      // What a crash tore has a line of its own, because the next result began a new one.
      if (parsed === null) continue;
      const result = schema.safeParse(parsed.result);
      if (!result.success)
        throw new BellwetherError('data_unreadable', `${file}:${i + 1} is no result of this command`);
      results.set(parsed.key, result.data);
    }
    return new ResultFile(file, results, lines[lines.length - 1] !== '');
  }

  async add(key: string, result: Result): Promise<void> {
    const line = `${JSON.stringify({ key, result })}\n`;
    await appendFile(this.file, this.torn ? `\n${line}` : line);
    this.torn = false;
    this.results.set(key, result);
  }
}

function parse(line: string): { readonly key: string; readonly result: unknown } | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('key' in value) || !('result' in value)) return null;
    return typeof value.key === 'string' ? { key: value.key, result: value.result } : null;
  } catch {
    return null;
  }
}
