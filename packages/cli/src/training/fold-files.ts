import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { FoldResult, FoldStore } from '@bellwether/training';

/** Finished parts of one training, folds or policies, each in a file that gets its name when it is whole. */
export class WorkFiles<Part> {
  private readonly folder: string;

  /** `version` names data, seed, settings and Node: parts of another training are never taken for these. */
  constructor(folder: string, model: string, version: string) {
    this.folder = path.join(folder, `${model.replace('/', '-')}-${version}`);
  }

  load(part: number): Part | null {
    try {
      return deserialize(readFileSync(this.file(part))) as Part;
    } catch {
      // Not there, or not readable: it is made again.
      return null;
    }
  }

  save(part: number, result: Part): void {
    mkdirSync(this.folder, { recursive: true });
    const beside = `${this.file(part)}.${randomUUID()}`;
    writeFileSync(beside, serialize(result), { flush: true });
    renameSync(beside, this.file(part));
  }

  /** When the model is kept nobody needs them any more. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private file(part: number): string {
    return path.join(this.folder, `fold-${part + 1}`);
  }
}

export class FoldFiles extends WorkFiles<FoldResult> implements FoldStore {}
