import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import { WORKSPACE } from '../workspace.js';

export function serviceProgram(service: string): string {
  return path.join(WORKSPACE, 'services', service, 'dist', 'main.js');
}

/** Time a service has to end on request before it is killed. */
const STOP_DEADLINE_MS = 10_000;

interface Member {
  readonly service: string;
  child: ChildProcess | null;
  restarts: number;
  killedByUs: boolean;
}

export interface FleetOptions {
  readonly services: readonly string[];
  /** Environment of every service, on top of PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** Settings of single services, on top of the common ones. */
  readonly perService: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Services that may end by themselves when their work is done. */
  readonly mayEnd: readonly string[];
  /**
   * How often one service may be started again before the fleet gives up on it: as often as it may be killed. A service
   * that ends by itself is never started again.
   */
  readonly restartsMax: number;
  readonly logFile: string;
}

/** Every service as its own operating-system process, started again when it is killed. */
export class ServiceFleet {
  private readonly members: readonly Member[];
  /** The children write to the file themselves: nothing is lost when one of them is killed. */
  private readonly log: number;
  private stopping = false;
  private fail: (cause: Error) => void = () => undefined;
  /** Rejects when a service ends that should not, or cannot be kept up. Never resolves. */
  readonly broken: Promise<never>;

  constructor(private readonly options: FleetOptions) {
    this.members = options.services.map((service) => ({
      service,
      child: null,
      restarts: 0,
      killedByUs: false,
    }));
    this.log = openSync(options.logFile, 'a');
    this.broken = new Promise<never>((_resolve, reject) => {
      this.fail = reject;
    });
    // Whoever awaits `broken` sees the failure; nobody awaiting it yet is no reason to end the process.
    this.broken.catch(() => undefined);
  }

  start(): void {
    for (const member of this.members) this.launch(member);
  }

  /** SIGKILL: the process gets no chance to tidy up. It is started again at once. False where it is down already. */
  kill(service: string): boolean {
    const member = this.members.find((item) => item.service === service);
    if (member?.child == null || member.killedByUs) return false;
    member.killedByUs = true;
    return member.child.kill('SIGKILL');
  }

  /** Sends a signal to a running service, for example SIGSTOP to hold it up. */
  signal(service: string, signal: NodeJS.Signals): void {
    this.members.find((item) => item.service === service)?.child?.kill(signal);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.members.map((member) => this.end(member)));
    closeSync(this.log);
  }

  private async end(member: Member): Promise<void> {
    const { child } = member;
    if (child === null) return;
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => {
        resolve();
      });
    });
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
    await exited;
    clearTimeout(timer);
  }

  private launch(member: Member): void {
    const { environment, perService } = this.options;
    const child = spawn(process.execPath, [serviceProgram(member.service)], {
      env: {
        PATH: process.env['PATH'],
        BW_OWNER: `fleet-${member.service}`,
        ...environment,
        ...perService[member.service],
      },
      stdio: ['ignore', this.log, this.log],
    });
    child.once('error', (cause) => {
      this.fail(cause);
    });
    child.once('exit', (code, signal) => {
      this.onExit(member, code, signal);
    });
    member.child = child;
  }

  private onExit(member: Member, code: number | null, signal: NodeJS.Signals | null): void {
    member.child = null;
    if (this.stopping) return;
    if (code === 0 && this.options.mayEnd.includes(member.service)) return;
    if (member.killedByUs) {
      member.killedByUs = false;
      member.restarts += 1;
      if (member.restarts <= this.options.restartsMax) {
        this.launch(member);
        return;
      }
    }
    this.fail(
      new BellwetherError(
        'service_died',
        `Service ${member.service} ended (${signal ?? `exit code ${String(code)}`}); its log: ${this.options.logFile}`,
      ),
    );
  }
}
