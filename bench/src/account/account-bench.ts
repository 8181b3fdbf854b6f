import { LINE } from '@bellwether/line';
import { runBacktest } from '@bellwether/backtest';
import { noModels } from '@bellwether/host';
import { check, type BenchReport, type Progress, type Scale } from '../bench.js';
import { lineCases, type BenchCase } from '../cases.js';
import { table, whole } from '../figures.js';
import { checkGoldenDays } from '../line/golden-days.js';
import { measureLayers, type LayerCost } from '../line/layers.js';
import { AccountCheck } from './account-check.js';

/** The stages that keep the account and its rules. */
const ACCOUNT_STAGES = ['portfolio', 'sizing', 'risk'] as const;

interface CaseResult {
  readonly name: string;
  readonly bars: number;
  readonly trade_dates: number;
  readonly trades: number;
  readonly layers: readonly LayerCost[];
  /** Microseconds a bar of all layers but the audit log. */
  readonly line_us: number;
}

async function checked(of: BenchCase): Promise<AccountCheck> {
  const account = new AccountCheck();
  const { signal } = new AbortController();
  await runBacktest({
    ...{ book: of.book, stages: LINE, infer: noModels, inputs: of.batches(), signal },
    onFrame: (frame) => account.add(frame),
  });
  check(account.dates > 0, `${of.name}: The run has an account`);
  return account;
}

async function measureCase(of: BenchCase, rounds: number, progress: Progress): Promise<CaseResult> {
  progress(`${of.name}, the account`);
  const account = await checked(of);
  progress(`${of.name}, layers`);
  const layers = await measureLayers(of, rounds);
  const own = layers.filter(({ layer }) => !layer.startsWith('audit'));
  const line_us = own.reduce((sum, { us_per_bar }) => sum + us_per_bar, 0);
  const { dates: trade_dates, trades } = account;
  return { name: of.name, bars: of.bars, trade_dates, trades, layers: own, line_us };
}

function caseLines({ name, bars, trade_dates, trades, layers, line_us }: CaseResult): readonly string[] {
  const cost = (layer: string, us: number): string[] => [
    layer,
    us.toFixed(2),
    `${((100 * us) / line_us).toFixed(1)} %`,
  ];
  const own = ACCOUNT_STAGES.map((stage) => ({
    stage,
    us: layers.find(({ layer }) => layer === stage)?.us_per_bar ?? NaN,
  }));
  const sum = own.reduce((total, { us }) => total + us, 0);
  return [
    `${name}: ${whole(bars)} bars, ${trade_dates} trade dates, ${trades} trades`,
    '',
    ...table(
      ['stage', 'µs/bar', 'of the line'],
      [
        ...own.map(({ stage, us }) => cost(stage, us)),
        cost('the three together', sum),
        cost('sum of all layers', line_us),
      ],
    ),
  ];
}

/** What the account costs: portfolio, sizing and risk, in microseconds a bar and as a share of the line. */
export async function accountBench(scale: Scale, progress: Progress): Promise<BenchReport> {
  const rounds = scale === 'full' ? 5 : 2;
  progress('recorded days');
  const days = checkGoldenDays(LINE);
  const results: CaseResult[] = [];
  for (const of of await lineCases(scale)) results.push(await measureCase(of, rounds, progress));
  return {
    title: 'The account: portfolio, sizing and risk',
    checked: [
      `${days} recorded days come to the digests in test/golden`,
      'in every decision the floor has not fallen and the account adds up to the cent; every trade date ends flat',
      'the layers one by one come to the digest of the line',
    ],
    lines: results.flatMap((result, i) => (i === 0 ? caseLines(result) : ['', ...caseLines(result)])),
    figures: { rounds, cases: results },
  };
}
