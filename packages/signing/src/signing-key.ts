import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  type KeyObject,
} from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';

/** An Ed25519 key that signs. */
export interface SigningKey {
  /** SHA-256 in hex of the public key (SPKI, DER). */
  readonly id: string;
  /** The public key as PEM. */
  readonly publicPem: string;
  sign(bytes: Uint8Array): Buffer;
}

/** Only its owner may read the private key. */
const PRIVATE_MODE = 0o600;

/** Name of a public key: SHA-256 in hex over its SPKI DER bytes. */
export function keyId(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

export function publicPemOf(publicKey: KeyObject): string {
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

/** An Ed25519 public key from PEM. Throws `config_invalid` on anything else. */
export function readPublicKey(pem: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519' && !pem.includes('PRIVATE')) return key;
  } catch {
    // Said below.
  }
  throw new BellwetherError('config_invalid', 'Expected an Ed25519 public key in PEM');
}

/** A signing key from its PEM (PKCS#8). Throws `config_invalid` on anything else. */
export function signingKeyOf(privatePem: string): SigningKey {
  let key: KeyObject | null = null;
  try {
    key = createPrivateKey(privatePem);
  } catch {
    // Said below.
  }
  if (key?.asymmetricKeyType !== 'ed25519') {
    throw new BellwetherError('config_invalid', 'Expected an Ed25519 private key in PEM (PKCS#8)');
  }
  const privateKey = key;
  const publicKey = createPublicKey(privateKey);
  return {
    id: keyId(publicKey),
    publicPem: publicPemOf(publicKey),
    sign: (bytes) => sign(null, bytes, privateKey),
  };
}

/** A fresh private key as PEM. */
export function newPrivatePem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/**
 * The key `<name>.pem` of a folder with its public half `<name>.pub.pem`, made where there is none. Keep the folder apart
 * from what the key signs: who can write both can sign what he likes. Two processes that start at the same time get the
 * same key.
 */
export async function loadOrCreateKey(folder: string, name: string): Promise<SigningKey> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, `${name}.pem`);
  const key = (await load(file)) ?? (await create(folder, `${name}.pem`));
  await putOnce(folder, `${name}.pub.pem`, key.publicPem, 0o644);
  return key;
}

async function load(file: string): Promise<SigningKey | null> {
  try {
    return signingKeyOf(await readFile(file, 'utf8'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    if (cause instanceof BellwetherError) throw new BellwetherError(cause.code, `${file}: ${cause.detail}`);
    throw cause;
  }
}

async function create(folder: string, name: string): Promise<SigningKey> {
  await putOnce(folder, name, newPrivatePem(), PRIVATE_MODE);
  return signingKeyOf(await readFile(path.join(folder, name), 'utf8'));
}

/** Writes a file whole or not at all, and leaves one that is there alone. */
async function putOnce(folder: string, name: string, text: string, mode: number): Promise<void> {
  const partial = path.join(folder, `${name}.${randomUUID()}`);
  const handle = await open(partial, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(partial, path.join(folder, name));
    await syncFolder(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  } finally {
    await rm(partial, { force: true });
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
