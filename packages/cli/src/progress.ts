import { SingleBar } from 'cli-progress';

/** Shows how far a long work is, on standard error: a bar on a terminal, a line every tenth elsewhere. */
export interface Progress {
  update(done: number): void;
  end(): void;
}

const TENTHS = 10;

export function showProgress(what: string, total: number): Progress {
  return process.stderr.isTTY ? terminalBar(what, total) : plainLines(what, total);
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

function plainLines(what: string, total: number): Progress {
  let shown = 0;
  return {
    update: (done) => {
      const tenth = total === 0 ? TENTHS : Math.floor((TENTHS * done) / total);
      if (tenth <= shown) return;
      shown = tenth;
      process.stderr.write(`${what}: ${done} of ${total} (${tenth * 10} %)\n`);
    },
    end: () => undefined,
  };
}
