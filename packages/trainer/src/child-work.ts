import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { DETAIL_LENGTH } from './run-records.js';

export interface ChildWork {
  /** Program and its words. */
  readonly program: string;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limitMs: number;
  /** Ends the work. */
  readonly signal: AbortSignal;
  /** Each line that it says, on either output. */
  readonly onLine: (line: string) => void;
  /** Time that it has to end on request before it is killed. */
  readonly graceMs?: number;
}

export interface ChildEnd {
  readonly outcome: 'done' | 'failed' | 'timed_out' | 'interrupted';
  readonly exit_code: number | null;
  /** The end of what it said. */
  readonly detail: string;
}

const GRACE_MS = 5_000;
const END_WITH_PARENT = new URL('./end-with-parent.js', import.meta.url).href;

/** Lines of a stream, also where one comes in parts. */
function lineReader(onLine: (line: string) => void): (text: Buffer) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text.toString()).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(line);
  };
}

/**
 * Runs a program of Node to its end, its limit or the signal. On the last two it is asked to end, and killed where it does not. Nothing is
 * thrown: what could not be started has failed.
 */
export async function runChild(work: ChildWork): Promise<ChildEnd> {
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, work.program, ...work.words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...work.environment },
  });
  let said = '';
  const onLine = (line: string): void => {
    said = `${said}${line}\n`.slice(-DETAIL_LENGTH);
    work.onLine(line);
  };
  child.stdout.on('data', lineReader(onLine));
  child.stderr.on('data', lineReader(onLine));
  let why: 'timed_out' | 'interrupted' | null = null;
  let killing: NodeJS.Timeout | null = null;
  const end = (reason: 'timed_out' | 'interrupted'): void => {
    why ??= reason;
    child.kill('SIGTERM');
    killing ??= setTimeout(() => child.kill('SIGKILL'), work.graceMs ?? GRACE_MS);
  };
  const interrupt = (): void => end('interrupted');
  const limit = setTimeout(() => end('timed_out'), work.limitMs);
  work.signal.addEventListener('abort', interrupt, { once: true });
  if (work.signal.aborted) interrupt();
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { outcome: why ?? (code === 0 ? 'done' : 'failed'), exit_code: code, detail: said.trimEnd() };
  } catch (cause) {
    return { outcome: 'failed', exit_code: null, detail: String(cause).slice(0, DETAIL_LENGTH) };
  } finally {
    clearTimeout(limit);
    if (killing !== null) clearTimeout(killing);
    work.signal.removeEventListener('abort', interrupt);
  }
}
