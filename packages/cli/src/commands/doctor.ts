import { spawnSync } from 'node:child_process';
import { access, constants, mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { serviceProgram } from '../replay/fleet.js';
import { WORKSPACE } from '../workspace.js';
import { findNatsServer } from '@bellwether/testkit';
import { SERVICES } from '../replay/services.js';

/** One thing that is looked at. `needed: false` is worth knowing but stops nothing. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly needed: boolean;
  readonly detail: string;
  /** The command that mends it, '' where nothing is to mend. */
  readonly mend: string;
}

const NODE_MAJOR_MIN = 20;
const MEMORY_BYTES_MIN = 2 * 1024 ** 3;

/** Looks at this machine; changes nothing but an empty data folder. */
export async function examine(port: number, store: string): Promise<readonly Finding[]> {
  return [nodeVersion(), built(), await writable(store), await portFree(port), nats(), buf(), memory()];
}

function nodeVersion(): Finding {
  const ok = Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN;
  return {
    ...{ name: 'Node.js', ok, needed: true, detail: process.version },
    mend: ok ? '' : `install Node.js ${NODE_MAJOR_MIN} or later (Debian: apt-get install nodejs)`,
  };
}

function built(): Finding {
  const missing = SERVICES.filter((service) => !existsSync(serviceProgram(service)));
  return {
    ...{ name: 'build', ok: missing.length === 0, needed: true },
    detail: missing.length === 0 ? `${SERVICES.length} services` : `not built: ${missing.join(', ')}`,
    mend: missing.length === 0 ? '' : 'npm run setup',
  };
}

async function writable(store: string): Promise<Finding> {
  const folder = path.resolve(store);
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return { name: 'data folder', ok: true, needed: true, detail: folder, mend: '' };
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    return {
      name: 'data folder',
      ok: false,
      needed: true,
      detail,
      mend: `chmod u+w ${path.dirname(folder)}`,
    };
  }
}

async function portFree(port: number): Promise<Finding> {
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
  return {
    ...{ name: `port ${port}`, ok: free, needed: false, detail: free ? 'free' : 'in use' },
    mend: free ? '' : 'stop what uses it, or: npm start -- --port 7081',
  };
}

function nats(): Finding {
  const binary = findNatsServer();
  const version = binary === null ? '' : spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout.trim();
  return {
    ...{ name: 'nats-server', ok: binary !== null, needed: false },
    detail: binary === null ? 'not found; only `--transport nats` and its tests need it' : version,
    mend: binary === null ? 'apt-get install nats-server, or set NATS_SERVER_BIN' : '',
  };
}

function buf(): Finding {
  const ok = existsSync(path.join(WORKSPACE, 'node_modules/.bin/buf'));
  return {
    ...{
      name: 'buf',
      ok,
      needed: false,
      detail: ok ? 'installed' : 'not found; only contract changes need it',
    },
    mend: ok ? '' : 'npm run setup',
  };
}

function memory(): Finding {
  const ok = totalmem() >= MEMORY_BYTES_MIN;
  const detail = `${(totalmem() / 1024 ** 3).toFixed(1)} GiB, ${availableParallelism()} cores`;
  return {
    name: 'machine',
    ok,
    needed: false,
    detail,
    mend: ok ? '' : 'the line over NATS wants 2 GiB of memory',
  };
}

/** The findings as lines, each with what mends it. */
export function renderFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map((finding) => finding.name.length));
  return findings
    .map((finding) => {
      const state = finding.ok ? 'ok     ' : finding.needed ? 'MISSING' : 'note   ';
      const mend = finding.mend === '' ? '' : `\n${' '.repeat(width + 10)}to mend: ${finding.mend}`;
      return `${state}  ${finding.name.padEnd(width)} ${finding.detail}${mend}`;
    })
    .join('\n');
}
