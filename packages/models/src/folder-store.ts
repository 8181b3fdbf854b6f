import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import { MODEL_BYTES_MAX } from './manifest.js';
import type { ModelFiles } from './model-files.js';
import type { ModelStore } from './model-store.js';
import { readRegistry, registryText } from './registry-text.js';
import type { RegistryState } from './registry-state.js';
import { modelRefused } from './verification.js';

const TEXT_BYTES_MAX = 16 * 1024 * 1024;
const LOCK_TRIES = 200;
const LOCK_WAIT_MS = 25;
/** A lock this old was left by a process that died: a change takes milliseconds. */
const LOCK_AGE_MS_MAX = 30_000;

/** `models/registry.json` and `models/<slot>/<version>/…`. Nothing is made before the first write. */
export function folderStore(folder: string): ModelStore {
  return new FolderStore(path.resolve(folder));
}

const absent = (cause: unknown): null => {
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw cause;
};

class FolderStore implements ModelStore {
  readonly place: string;

  constructor(private readonly folder: string) {
    this.place = folder;
  }

  async registry(): Promise<RegistryState> {
    const file = path.join(this.folder, 'registry.json');
    return readRegistry(await readFile(file, 'utf8').catch(absent), file);
  }

  async change(next: (state: RegistryState) => RegistryState): Promise<RegistryState> {
    await mkdir(this.folder, { recursive: true });
    return this.locked(async () => {
      const before = await this.registry();
      const after = next(before);
      if (after !== before) await writeWhole(path.join(this.folder, 'registry.json'), registryText(after));
      return after;
    });
  }

  async files(slot: string, version: string): Promise<ModelFiles | null> {
    const folder = path.join(this.folder, slot, version);
    const read = async (name: string, bytesMax: number): Promise<Buffer | null> => {
      const file = path.join(folder, name);
      const size = (await stat(file).catch(absent))?.size ?? null;
      if (size === null) return null;
      if (size > bytesMax) {
        throw modelRefused(`${slot} ${version}`, [
          ['too_large', `${name} has ${size} bytes, the bound is ${bytesMax}`],
        ]);
      }
      return readFile(file);
    };
    const onnx = await read('model.onnx', MODEL_BYTES_MAX);
    const manifest = await read('manifest.json', TEXT_BYTES_MAX);
    const golden = await read('golden.json', TEXT_BYTES_MAX);
    const card = await read('card.md', TEXT_BYTES_MAX);
    if (onnx === null || manifest === null || golden === null || card === null) return null;
    return { onnx, manifest: manifest.toString(), golden: golden.toString(), card: card.toString() };
  }

  /** Written beside its place and moved there as a folder. A folder of a crashed writer is never a version's name. */
  async keep(slot: string, version: string, files: ModelFiles): Promise<void> {
    const to = path.join(this.folder, slot, version);
    const beside = path.join(this.folder, slot, `.${version}.${randomUUID()}`);
    await mkdir(beside, { recursive: true });
    try {
      await writeSynced(path.join(beside, 'model.onnx'), files.onnx);
      await writeSynced(path.join(beside, 'manifest.json'), files.manifest);
      await writeSynced(path.join(beside, 'golden.json'), files.golden);
      await writeSynced(path.join(beside, 'card.md'), files.card);
      await rename(beside, to);
    } catch (cause) {
      const taken = (cause as NodeJS.ErrnoException).code;
      if (taken !== 'ENOTEMPTY' && taken !== 'EEXIST') throw cause;
      throw new BellwetherError(
        'model_version_taken',
        `${slot} ${version} is kept already in ${this.folder}`,
      );
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
  }

  private async locked<T>(work: () => Promise<T>): Promise<T> {
    const lock = path.join(this.folder, '.registry.lock');
    for (let i = 0; i < LOCK_TRIES; i++) {
      const handle = await open(lock, 'wx').catch((cause: unknown) => {
        if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return null;
        throw cause;
      });
      if (handle !== null) {
        await handle.close();
        try {
          return await work();
        } finally {
          await rm(lock, { force: true });
        }
      }
      const age = Date.now() - ((await stat(lock).catch(absent))?.mtimeMs ?? Date.now());
      if (age > LOCK_AGE_MS_MAX) await rm(lock, { force: true });
      await new Promise((resolve) => setTimeout(resolve, LOCK_WAIT_MS));
    }
    throw new BellwetherError('model_registry_busy', `${lock} is held by another process`);
  }
}

async function writeSynced(file: string, content: string | Uint8Array): Promise<void> {
  await writeFile(file, content, { flush: true });
}

async function writeWhole(file: string, text: string): Promise<void> {
  const beside = `${file}.${randomUUID()}`;
  try {
    await writeSynced(beside, text);
    await rename(beside, file);
  } finally {
    await rm(beside, { force: true });
  }
}
