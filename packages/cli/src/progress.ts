import { SingleBar } from 'cli-progress';

/** Shows how far a long work is and how long it will take, on standard error: a bar on a terminal, lines elsewhere. */
export interface Progress {
  update(done: number): void;
  end(): void;
}

const TENTHS = 10;
/** A line at least this often. */
const LINE_MS = 10_000;
/** Before that the rest is not estimated. */
const ESTIMATE_MS = 2_000;

export function showProgress(what: string, total: number): Progress {
  return process.stderr.isTTY
    ? terminalBar(what, total)
    : plainLines(what, total, writeError, () => performance.now());
}

function writeError(line: string): void {
  process.stderr.write(line);
}

function terminalBar(what: string, total: number): Progress {
  const bar = new SingleBar({
    format: `${what} [{bar}] {percentage} % | {value}/{total} | {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
    etaBuffer: 500,
  });
  bar.start(total, 0);
  return {
    update: (done) => {
      bar.update(done);
    },
    end: () => {
      bar.stop();
    },
  };
}

/** Where no terminal shows a bar: a line at each tenth, and one each ten seconds of slow work. */
export function plainLines(
  what: string,
  total: number,
  write: (line: string) => void,
  nowMs: () => number,
): Progress {
  const begun = nowMs();
  let [shown, shownMs] = [0, begun];
  return {
    update: (done) => {
      const tenth = total === 0 ? TENTHS : Math.floor((TENTHS * done) / total);
      const now = nowMs();
      if (tenth <= shown && now - shownMs < LINE_MS) return;
      [shown, shownMs] = [Math.max(shown, tenth), now];
      const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
      write(`${what}: ${done} of ${total} (${percent} %)${leftText(now - begun, done, total)}\n`);
    },
    end: () => undefined,
  };
}

/** How long it will take if it goes on as it went; nothing of work that is done, or has just begun. */
function leftText(spentMs: number, done: number, total: number): string {
  if (done <= 0 || done >= total || spentMs < ESTIMATE_MS) return '';
  const seconds = Math.ceil((spentMs * (total - done)) / done / 1_000);
  return seconds < 60 ? `, ${seconds} s left` : `, ${Math.floor(seconds / 60)} min ${seconds % 60} s left`;
}
