import type { KeyObject } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import { readPublicKey } from '@bellwether/signing';

const KEYS_MAX = 100;

/**
 * The public keys of a folder, `*.pub.pem`; none where there is no folder.
 *
 * @throws BellwetherError `config_invalid` for a file that is no Ed25519 public key
 */
export async function trustedKeys(folder: string): Promise<readonly KeyObject[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  });
  const keys: KeyObject[] = [];
  for (const name of names
    .filter((one) => one.endsWith('.pub.pem'))
    .sort()
    .slice(0, KEYS_MAX)) {
    const file = path.join(folder, name);
    try {
      keys.push(readPublicKey(await readFile(file, 'utf8')));
    } catch (cause) {
      if (cause instanceof BellwetherError) throw new BellwetherError(cause.code, `${file}: ${cause.detail}`);
      throw cause;
    }
  }
  return keys;
}
