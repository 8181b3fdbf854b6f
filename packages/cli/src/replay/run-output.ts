import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DataMark } from '@bellwether/verdict';
import { DECISION_LOG, RUN_SUMMARY } from '../folders.js';
import { DecisionLogWriter } from './decision-log.js';
import type { FollowResult } from './follow.js';
import { tradesCsv } from './report.js';

/** The folder of a run: all decisions, the trades, and the summary with the digest. */
export class RunOutput {
  private constructor(
    readonly folder: string,
    private readonly log: DecisionLogWriter,
  ) {}

  static async open(folder: string): Promise<RunOutput> {
    await mkdir(folder, { recursive: true });
    return new RunOutput(folder, new DecisionLogWriter(path.join(folder, DECISION_LOG)));
  }

  /** A promise only where the file has to be waited for. */
  add(frameBytes: Uint8Array): Promise<void> | null {
    return this.log.add(frameBytes);
  }

  /** `data`: what is said of the data; it stays with the results. */
  async close(result: FollowResult, data: DataMark): Promise<void> {
    await this.log.close();
    const { summary, digest } = result;
    await writeFile(path.join(this.folder, 'trades.csv'), tradesCsv(summary.trades, summary.synthetic));
    const { trades, ...counts } = summary;
    const record = {
      data_origin: summary.synthetic ? 'synthetic' : 'market',
      data,
      ...counts,
      trades: trades.length,
      digest,
    };
    await writeFile(path.join(this.folder, RUN_SUMMARY), `${JSON.stringify(record, null, 2)}\n`);
  }
}
