import { Command, InvalidArgumentError } from 'commander';
import {
  RegimeState,
  RegimeStateName,
  Strategy,
  StrategyName,
  type ClosedTrade,
} from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { plainTable } from '../plain-table.js';
import { showProgress } from '../progress.js';
import { runStudy, wholeNumber } from '../study-command.js';
import { ALL_STRATEGIES } from './arm-run.js';
import { EDGE_REGIMES, netSummary, runEdge, type NetSummary } from './planted-edge.js';

interface Options {
  readonly strategy: readonly Strategy[];
  readonly seed: string;
  readonly seeds: number;
  readonly sessions: number;
}

/** Fewer trades in the regime of the edge say nothing: 0.15 R is then less than half a standard error. */
const TRADES_MIN = 20;
const ERRORS = 2;

interface Found {
  readonly strategy: Strategy;
  readonly planted: NetSummary;
  readonly nothing: NetSummary;
  readonly best: { readonly strategy: Strategy; readonly net: NetSummary } | null;
}

function strategyNamed(text: string, before: readonly Strategy[]): readonly Strategy[] {
  const found = ALL_STRATEGIES.find((one) => StrategyName[one] === text.toLowerCase());
  if (found === undefined) throw new InvalidArgumentError('Expected S1 to S12.');
  return [...before, found];
}

const worldsOf = ({ seed, seeds }: Options): readonly string[] =>
  Array.from({ length: seeds }, (_, i) => `${seed}-${i + 1}`);

/** Every arm in the same worlds with nothing planted, in the order of all strategies. */
function withoutEdge(options: Options, done: () => void): readonly (readonly ClosedTrade[])[] {
  // Where no trade is followed it does not matter where the edge would have been.
  const edge = { strategy: Strategy.S1, regime: RegimeState.CALM_CHOP };
  const runs = worldsOf(options).map((seed) => {
    const trades = runEdge({ edge, seed, sessions: options.sessions, strategies: ALL_STRATEGIES }, false);
    done();
    return trades;
  });
  return ALL_STRATEGIES.map((_, i) => runs.flatMap((arms) => arms[i] ?? []));
}

/** The other arms trade beside the planted one in the first world alone. */
function find(strategy: Strategy, chance: readonly ClosedTrade[], options: Options, done: () => void): Found {
  const regime = present(EDGE_REGIMES.get(strategy) ?? null, 'a regime');
  const others = ALL_STRATEGIES.filter((one) => one !== strategy);
  const runs = worldsOf(options).map((seed, i) => {
    const strategies = i === 0 ? [strategy, ...others] : [strategy];
    const trades = runEdge(
      { edge: { strategy, regime }, seed, sessions: options.sessions, strategies },
      true,
    );
    done();
    return trades;
  });
  const best = (runs[0] ?? [])
    .slice(1)
    .map((trades, i) => ({ strategy: others[i]!, net: netSummary(trades, null) }))
    .filter(({ net }) => net.trades >= TRADES_MIN)
    .reduce<Found['best']>((a, b) => (a === null || errorsOf(b.net) > errorsOf(a.net) ? b : a), null);
  const own = runs.flatMap(([trades = []]) => trades);
  return { strategy, planted: netSummary(own, regime), nothing: netSummary(chance, regime), best };
}

const errorsOf = ({ mean_r, error_r }: NetSummary): number => mean_r / error_r;

const said = ({ mean_r, error_r }: NetSummary): string =>
  Number.isNaN(error_r) ? '' : `${mean_r.toFixed(3)} ± ${error_r.toFixed(3)}`;

function verdict({ planted, nothing }: Found): string {
  if (Math.min(planted.trades, nothing.trades) < TRADES_MIN) {
    return `fewer than ${TRADES_MIN} trades: not judged`;
  }
  const apart = planted.mean_r - nothing.mean_r > ERRORS * Math.hypot(planted.error_r, nothing.error_r);
  if (planted.mean_r <= 0) return 'WRONG SIGN';
  return apart ? 'found' : 'right sign, not apart from chance';
}

function rowOf(found: Found): readonly (string | number)[] {
  const { strategy, planted, nothing, best } = found;
  const regime = present(EDGE_REGIMES.get(strategy) ?? null, 'a regime');
  return [
    ...[StrategyName[strategy], RegimeStateName[regime], planted.trades, said(planted)],
    ...[
      nothing.trades,
      said(nothing),
      best === null ? '' : `${StrategyName[best.strategy]} ${said(best.net)}`,
    ],
    verdict(found),
  ];
}

function run(options: Options): void {
  const strategies = options.strategy.length === 0 ? ALL_STRATEGIES : options.strategy;
  const progress = showProgress('worlds', options.seeds * (strategies.length + 1));
  let worlds = 0;
  const done = (): void => {
    worlds += 1;
    progress.update(worlds);
  };
  const chance = withoutEdge(options, done);
  const found = strategies.map((strategy) => find(strategy, chance[strategy - 1] ?? [], options, done));
  progress.end();
  const head = [
    'arm',
    'regime',
    'trades',
    'net R planted',
    'trades',
    'nothing planted',
    'best other arm',
    '',
  ];
  process.stdout.write(
    `${options.seeds} worlds of ${options.sessions} sessions; +0.15 R a trade is planted where the arm and the regime meet. ` +
      `± is one standard error.\n\n${plainTable(head, found.map(rowOf), [2, 3, 4, 5])}\n`,
  );
  if (found.some((one) => verdict(one) === 'WRONG SIGN')) process.exitCode = 1;
}

const command = new Command('planted-edge')
  .description('Plant an edge for one strategy after the other, and see which arm finds it.')
  .option('--strategy <name>', 'S1 to S12; may be given more than once', strategyNamed, [])
  .option('--seed <text>', 'of the worlds', 'edge')
  .option('--seeds <number>', 'worlds for each strategy', wholeNumber, 5)
  .option('--sessions <number>', 'of each world', wholeNumber, 400)
  .addHelpText(
    'after',
    '\nExit codes: 0 no wrong sign; 1 an arm with its edge and enough trades did not gain; 2 the command.\n' +
      '\nExamples:\n  npm run planted-edge\n  npm run planted-edge -- --strategy S2 --strategy S6 --seeds 1\n',
  )
  .action(run);

await runStudy(command);
