import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WORKSPACE } from '../workspace.js';

const BW = path.join(WORKSPACE, 'packages/cli/bin/bw.mjs');
const DEADLINE_MS = 120_000;

/** For end-to-end tests: runs `bw` and collects what it prints. */
export class Run {
  out = '';
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(args: readonly string[]) {
    this.child = spawn(process.execPath, [BW, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.on('data', (text: Buffer) => (this.out += text.toString()));
    this.child.stderr?.on('data', (text: Buffer) => (this.out += text.toString()));
    this.ended = new Promise((resolve) => {
      this.child.once('exit', resolve);
    });
  }

  async says(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const found = pattern.exec(this.out);
      if (found !== null) return found;
      if (Date.now() > deadline || this.child.exitCode !== null) {
        throw new Error(`${String(pattern)} was not said. Output:\n${this.out}`);
      }
      await delay(20);
    }
  }
}
