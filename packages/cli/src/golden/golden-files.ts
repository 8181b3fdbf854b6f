import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CONTRACT_VERSION } from '@bellwether/contracts';
import { WORKSPACE } from '../workspace.js';
import type { DayResult } from './golden-run.js';

/** Expected results of one contract version. */
export interface GoldenFile {
  readonly contract_version: number;
  /** Why the digests are what they are, newest last. A change that moves one adds a line in the same commit. */
  readonly changes: readonly string[];
  readonly days: Readonly<Record<string, DayResult>>;
}

export function goldenFolder(): string {
  return path.join(WORKSPACE, 'test', 'golden', `v${CONTRACT_VERSION}`);
}

export const inputsFile = (day: string): string => path.join(goldenFolder(), `${day}.inputs.gz`);

const expectedFile = (): string => path.join(goldenFolder(), 'expected.json');

export function readGolden(): GoldenFile {
  return JSON.parse(readFileSync(expectedFile(), 'utf8')) as GoldenFile;
}

export function writeGolden(golden: GoldenFile): void {
  writeFileSync(expectedFile(), `${JSON.stringify(golden, null, 2)}\n`);
}
