import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import { OPERATOR_TOKEN_FILE } from '../desk/operator-token.js';
import { storeFolder } from '../folders.js';

export interface OperatorOptions {
  readonly url: string;
  readonly book?: string;
  readonly note: string;
  readonly id?: string;
  readonly tokenFile?: string;
  readonly store?: string;
}

/** `bw operator kill|resume|dry-run|flatten`: an entry of the journal, by way of the gateway. */
export async function operator(action: string, options: OperatorOptions): Promise<void> {
  const token = await tokenOf(options);
  const command_id = options.id ?? `cli-${randomUUID()}`;
  const body = { command_id, action: action.replace('-', '_'), note: options.note, book: options.book };
  const answer = await fetch(`${options.url}/v1/operator`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  }).catch((cause: unknown) => {
    throw new BellwetherError('bus_unreachable', `No gateway answers at ${options.url}`, [], { cause });
  });
  process.stdout.write(`${JSON.stringify(await answer.json(), null, 2)}\n`);
  if (!answer.ok) process.exitCode = 1;
}

async function tokenOf({ tokenFile, store }: OperatorOptions): Promise<string> {
  const file = tokenFile ?? path.join(storeFolder(store ?? null), OPERATOR_TOKEN_FILE);
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new BellwetherError('usage', `${file}: Expected the token of the operator`, [], { cause });
  }
}
