import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  Action,
  ActionName,
  REASONS,
  RegimeStateName,
  StrategyName,
  type Frame,
} from '@bellwether/contracts';
import { ParquetTable, type ParquetColumn } from '@bellwether/catalog';
import { chosenCandidate, decisionId, isDecision, symbolOf } from '@bellwether/kernel';
import type { BacktestReport, ReportDay, ReportTrade } from '@bellwether/backtest-report';

/** A decision as a row. */
interface DecisionRow {
  readonly frame: Frame;
}

const DECISIONS: readonly ParquetColumn<DecisionRow>[] = [
  { name: 'decision_id', type: 'VARCHAR', of: ({ frame }) => decisionId(frame.book, frame.seq) },
  { name: 'seq', type: 'BIGINT', of: ({ frame }) => BigInt(frame.seq) },
  { name: 'ts', type: 'TIME', of: ({ frame }) => BigInt(frame.book_time_us) },
  { name: 'trade_date', type: 'INTEGER', of: ({ frame }) => frame.portfolio?.day?.trade_date ?? null },
  { name: 'symbol', type: 'VARCHAR', of: ({ frame }) => symbolOf(frame) },
  {
    name: 'action',
    type: 'VARCHAR',
    of: ({ frame }) => ActionName[frame.risk?.action ?? Action.UNSPECIFIED],
  },
  { name: 'size', type: 'INTEGER', of: ({ frame }) => frame.risk?.size ?? null },
  {
    name: 'reason',
    type: 'VARCHAR',
    of: ({ frame }) => (frame.risk === null ? null : REASONS[frame.risk.reason].name),
  },
  {
    name: 'regime',
    type: 'VARCHAR',
    of: ({ frame }) => (frame.regime === null ? null : RegimeStateName[frame.regime.state]),
  },
  { name: 'gate_open', type: 'BOOLEAN', of: ({ frame }) => frame.regime?.gate_open ?? null },
  { name: 'arm', type: 'VARCHAR', of: ({ frame }) => armOf(frame) },
  { name: 'candidates', type: 'INTEGER', of: ({ frame }) => frame.bandit?.candidates.length ?? null },
  { name: 'close', type: 'DOUBLE', of: ({ frame }) => closeOf(frame) },
  {
    name: 'equity_usd',
    type: 'DOUBLE',
    of: ({ frame }) => usd(frame.portfolio?.account?.equity_cents ?? null),
  },
];

function armOf(frame: Frame): string | null {
  const chosen = chosenCandidate(frame)?.setup?.strategy;
  return chosen === undefined ? null : StrategyName[chosen];
}

function closeOf({ entry }: Frame): number | null {
  const bar = entry?.bar ?? null;
  return bar === null ? null : (bar.close_ticks * bar.tick_size_e4) / 10_000;
}

function usd(cents: number | null): number | null {
  return cents === null ? null : cents / 100;
}

const TRADES: readonly ParquetColumn<ReportTrade>[] = [
  ...(['id', 'symbol', 'arm', 'regime', 'side', 'exit_leg'] as const).map((name) => ({
    ...{ name, type: 'VARCHAR' as const },
    of: (trade: ReportTrade) => trade[name],
  })),
  { name: 'trade_date', type: 'INTEGER', of: ({ date }) => date },
  { name: 'quantity', type: 'INTEGER', of: ({ quantity }) => quantity },
  { name: 'opened', type: 'TIME', of: ({ opened_us }) => BigInt(opened_us) },
  { name: 'closed', type: 'TIME', of: ({ closed_us }) => BigInt(closed_us) },
  ...(['entry_price', 'exit_price', 'r', 'mae_r', 'mfe_r'] as const).map((name) => ({
    ...{ name, type: 'DOUBLE' as const },
    of: (trade: ReportTrade) => trade[name],
  })),
  ...(['gross', 'fees', 'slippage', 'net', 'risk'] as const).map((name) => ({
    ...{ name: `${name}_usd`, type: 'DOUBLE' as const },
    of: (trade: ReportTrade) => usd(trade[`${name}_cents`]),
  })),
  { name: 'ambiguous', type: 'BOOLEAN', of: ({ ambiguous }) => ambiguous },
];

const EQUITY: readonly ParquetColumn<ReportDay>[] = [
  { name: 'trade_date', type: 'INTEGER', of: ({ date }) => date },
  { name: 'trades', type: 'INTEGER', of: ({ trades }) => trades },
  ...(['net', 'worst', 'best', 'fees', 'equity', 'drawdown', 'headroom'] as const).map((name) => ({
    ...{ name: `${name}_usd`, type: 'DOUBLE' as const },
    of: (day: ReportDay) => usd(day[`${name}_cents`]),
  })),
];

/** Files of a run for other tools; docs/how-to/backtest.md reads them. */
export const TABLE_FILES = ['decisions.parquet', 'trades.parquet', 'equity.parquet'] as const;

/**
 * Decisions, trades and equity as Parquet. Decisions go to the file in blocks while the run goes on, so that memory does not
 * grow with them. Files get their names at the end.
 */
export class RunTables {
  private constructor(
    private readonly folder: string,
    private readonly decisions: ParquetTable<DecisionRow>,
  ) {}

  static async open(folder: string): Promise<RunTables> {
    await mkdir(folder, { recursive: true });
    return new RunTables(folder, await ParquetTable.open('decisions', DECISIONS));
  }

  /** A promise only where a block has to be written. */
  add(frame: Frame): Promise<void> | null {
    return isDecision(frame.risk) ? this.decisions.add({ frame }) : null;
  }

  async close(report: BacktestReport): Promise<void> {
    const metadata = {
      bellwether_report: report.hash,
      bellwether_data: `${report.data.origin}, ${report.data.result}`,
    };
    const trades = await ParquetTable.open('trades', TRADES);
    for (const trade of report.trades) await trades.add(trade);
    const equity = await ParquetTable.open('equity', EQUITY);
    for (const day of report.days) await equity.add(day);
    const tables = [this.decisions, trades, equity];
    for (const [i, table] of tables.entries()) {
      const file = path.join(this.folder, TABLE_FILES[i]!);
      await table.write(`${file}.partial`, metadata);
      await rename(`${file}.partial`, file);
    }
  }

  async discard(): Promise<void> {
    this.decisions.close();
    await Promise.all(
      TABLE_FILES.map((name) => rm(path.join(this.folder, `${name}.partial`), { force: true })),
    );
  }
}
