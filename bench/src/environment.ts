import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const WORKSPACE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Where and from what the figures come: without it they say nothing. */
export interface Environment {
  readonly machine: string;
  readonly cores: number;
  readonly memory_gib: number;
  readonly node: string;
  readonly commit: string;
  /** The files differ from that commit. */
  readonly dirty: boolean;
  /** Processes that want a core, at the start of the run: above the number of cores, times say little. */
  readonly load: number;
  readonly command: string;
}

function git(parameters: readonly string[]): string | null {
  const { status, stdout } = spawnSync('git', [...parameters], { cwd: WORKSPACE, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

export function environment(parameters: readonly string[]): Environment {
  const [core] = os.cpus();
  return {
    machine: `${core?.model.trim() ?? 'unknown processor'} (${process.arch})`,
    cores: os.cpus().length,
    memory_gib: Math.round(os.totalmem() / 2 ** 30),
    node: process.version,
    commit: git(['rev-parse', '--short=12', 'HEAD']) ?? 'unknown',
    dirty: git(['status', '--porcelain']) !== '',
    load: Math.round((os.loadavg()[0] ?? 0) * 10) / 10,
    command: ['npm run bench --', ...parameters].join(' '),
  };
}

export function environmentLines(of: Environment): readonly string[] {
  const dirty = of.dirty ? ', with changes that are not committed' : '';
  return [
    `machine  ${of.machine}, ${of.cores} cores, ${of.memory_gib} GiB, Node ${of.node}`,
    `commit   ${of.commit}${dirty}`,
    `command  ${of.command}`,
    `load     ${of.load} before the run`,
  ];
}
