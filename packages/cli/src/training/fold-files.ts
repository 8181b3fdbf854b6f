import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { FoldResult, FoldStore } from '@bellwether/training';

/** Folds of one training, each in a file that gets its name when it is whole. */
export class FoldFiles implements FoldStore {
  private readonly folder: string;

  /** `version` names data, seed, settings and Node: folds of another training are never taken for these. */
  constructor(folder: string, model: string, version: string) {
    this.folder = path.join(folder, `${model.replace('/', '-')}-${version}`);
  }

  load(fold: number): FoldResult | null {
    try {
      return deserialize(readFileSync(this.file(fold))) as FoldResult;
    } catch {
      // Not there, or not readable: it is made again.
      return null;
    }
  }

  save(fold: number, result: FoldResult): void {
    mkdirSync(this.folder, { recursive: true });
    const beside = `${this.file(fold)}.${randomUUID()}`;
    writeFileSync(beside, serialize(result), { flush: true });
    renameSync(beside, this.file(fold));
  }

  /** When the model is kept nobody needs them any more. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private file(fold: number): string {
    return path.join(this.folder, `fold-${fold + 1}`);
  }
}
