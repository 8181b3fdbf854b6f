import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import type { Variant } from '@bellwether/statistics';
import { historyOf, type ResearchHistory } from './history.js';
import { nodeLogFile, type LogFile } from './log-file.js';
import { LINE_BYTES_MAX, encodeRecord, variantId, type ResearchRecord, type RunResult } from './record.js';
import { readRecords } from './scan.js';
import { whileWriting } from './writer-lock.js';

/** A run that the log has noted and whose result it waits for. */
export interface StartedRun {
  readonly run: string;
  readonly variant_id: string;
}

export interface ResearchLogOptions {
  readonly folder: string;
  /** Microseconds UTC. */
  readonly nowUs?: () => number;
  readonly newRunId?: () => string;
  /** For tests: another file in place of `trials.log` in the folder. */
  readonly file?: LogFile;
}

export const LOG_NAME = 'trials.log';
const LOCK_NAME = 'lock';
const NEWLINE = 0x0a;

/**
 * Every variant ever run in a workspace, in a file that only grows. A run is noted before it begins: who looks at half a
 * result has made a trial too. What is acknowledged survives loss of power. A line that was torn by a crash stays where it is
 * and is told; the next one begins behind it.
 */
export class ResearchLog {
  readonly #file: LogFile;
  readonly #lock: string;
  readonly #nowUs: () => number;
  readonly #newRunId: () => string;

  constructor({ folder, file, nowUs, newRunId }: ResearchLogOptions) {
    this.#file = file ?? nodeLogFile(path.join(folder, LOG_NAME));
    this.#lock = path.join(folder, LOCK_NAME);
    this.#nowUs = nowUs ?? (() => Date.now() * 1_000);
    this.#newRunId = newRunId ?? randomUUID;
  }

  /** Notes a run before it begins. */
  async started(variant: Variant): Promise<StartedRun> {
    const run = this.#newRunId();
    const variant_id = variantId(variant);
    const { kind, configuration, data, logic, parameters } = variant;
    const copied = {
      kind,
      configuration,
      data: [...data],
      logic: logic.map(({ stage, logic_version }) => ({ stage, logic_version })),
      parameters: parameters.map(({ name, value }) => ({ name, value })),
    };
    await this.#append({
      format: 1,
      event: 'started',
      at_us: this.#nowUs(),
      run,
      variant_id,
      variant: copied,
    });
    return { run, variant_id };
  }

  /** Notes what a run came to. A second result of one run takes the place of the first. */
  async finished({ run, variant_id }: StartedRun, result: RunResult): Promise<void> {
    await this.#append({ format: 1, event: 'finished', at_us: this.#nowUs(), run, variant_id, result });
  }

  /** All that the log holds. Needs no lock. */
  async history(): Promise<ResearchHistory> {
    return historyOf(await readRecords(this.#file));
  }

  async #append(record: ResearchRecord): Promise<void> {
    const line = encodeRecord(record);
    if (line.length > LINE_BYTES_MAX) {
      throw new BellwetherError(
        'config_invalid',
        `A variant of ${line.length} bytes is too long for the research log`,
      );
    }
    await whileWriting(this.#lock, async () => {
      const size = await this.#file.size();
      const last = size === 0 ? NEWLINE : (await this.#file.read(size - 1, 1))[0];
      await this.#file.append(last === NEWLINE ? line : Buffer.concat([Buffer.from([NEWLINE]), line]));
      await this.#file.sync();
    });
  }
}
