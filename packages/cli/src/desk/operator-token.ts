import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** File of the store that holds the token of the operator, readable by its owner alone. */
export const OPERATOR_TOKEN_FILE = 'operator-token';

/** The token of a store, made when it is first asked for. */
export async function operatorToken(folder: string): Promise<string> {
  const file = path.join(folder, OPERATOR_TOKEN_FILE);
  const fresh = randomBytes(24).toString('base64url');
  try {
    await writeFile(file, `${fresh}\n`, { mode: 0o600, flag: 'wx' });
    return fresh;
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'EEXIST') throw cause;
    return (await readFile(file, 'utf8')).trim();
  }
}
