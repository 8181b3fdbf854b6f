import { REASONS } from '@bellwether/contracts';
import type { AxisScores, RegimeReport, RegimeTime, Scores } from '@bellwether/training';
import { plainTable } from '../plain-table.js';
import { stateName } from './state-names.js';

/** Widest bar of the picture, in characters. */
const BAR_WIDTH = 40;
/** The four known states come first. */
const KNOWN_STATES = 4;

const percent = (share: number): string => (100 * share).toFixed(1);
const fixed = (value: number | null, digits = 3): string => (value === null ? '' : value.toFixed(digits));

/** The share of the time in each state, drawn: full where the gate is open, light where it is closed. */
export function renderBars({ states }: RegimeTime): string {
  const widest = Math.max(...states.map(({ share }) => share), 1e-9);
  const lines = states.map(({ state, share, open_share }) => {
    const open = Math.round((BAR_WIDTH * open_share) / widest);
    const all = Math.round((BAR_WIDTH * share) / widest);
    return `${stateName(state).padEnd(14)} ${'█'.repeat(open)}${'░'.repeat(Math.max(0, all - open))} ${percent(share)} %`;
  });
  return [...lines, '█ gate open  ░ gate closed'].join('\n');
}

function renderStates({ states }: RegimeTime): string {
  const rows = states.map(({ state, share, open_share, spells, dwell_minutes }) => [
    stateName(state),
    ...[percent(share), percent(open_share), percent(share - open_share), spells, fixed(dwell_minutes, 1)],
  ]);
  const head = ['state', 'time %', 'open %', 'gated %', 'spells', 'mean dwell, min'];
  return plainTable(head, rows, [1, 2, 3, 4, 5]);
}

function renderTransitions({ states, transitions }: RegimeTime): string {
  const names = states.slice(0, KNOWN_STATES).map(({ state }) => stateName(state));
  const rows = transitions.map((row, i) => {
    const left = row.reduce((sum, n) => sum + n, 0);
    return [names[i]!, left, ...row.map((n, k) => (k === i || left === 0 ? '' : percent(n / left)))];
  });
  return plainTable(['from \\ to, %', 'times', ...names], rows, [1, 2, 3, 4, 5]);
}

function scoreRow(
  name: string,
  { balanced_accuracy, log_loss, brier }: Scores,
  interval = '',
): readonly string[] {
  return [name, fixed(balanced_accuracy), interval, fixed(log_loss), fixed(brier)];
}

function renderAxis(name: string, scores: AxisScores | null): string {
  if (scores === null) {
    return `${name}: no labels. They need twenty full sessions before, and more to be measured on.`;
  }
  const { rule, base_rate, persistence, interval, cases, sessions, share, calibration_error } = scores;
  const between = interval === null ? '' : `${fixed(interval[0])} to ${fixed(interval[1])}`;
  const rows = [
    scoreRow('rule', rule, between),
    scoreRow('base rate', base_rate),
    scoreRow('persistence', persistence),
  ];
  const title =
    `${name}: ${cases} bars in ${sessions} sessions; it came in ${percent(share)} %; ` +
    `calibration error of the rule ${fixed(calibration_error)}`;
  const head = ['', 'balanced accuracy', '95 %', 'log loss', 'Brier'];
  return `${title}\n${plainTable(head, rows, [1, 2, 3, 4])}\n${verdictOf(scores)}`;
}

/** Fewer sessions than these say little, whatever their interval: they come from one or two months of one kind. */
const FEW_SESSIONS = 60;

function accuracyVerdict(low: number, high: number): string {
  if (low > 0.5) return 'The rule tells the coming half hour better than chance';
  if (high < 0.5) return 'The rule tells the coming half hour worse than chance';
  return 'No evidence that the rule tells the coming half hour';
}

/** What the figures allow to be said. */
export function verdictOf({ interval, sessions, rule, base_rate, persistence }: AxisScores): string {
  if (interval === null) return 'Too few sessions to say anything.';
  const baselines = [
    ['the base rate', base_rate.log_loss],
    ['persistence', persistence.log_loss],
  ] as const;
  const losses = baselines.map(([name, loss]) => `${rule.log_loss < loss ? 'less' : 'more'} than ${name}`);
  const few = sessions < FEW_SESSIONS ? ` On ${sessions} sessions only.` : '';
  return `${accuracyVerdict(...interval)}; its probabilities lose ${losses.join(' and ')}.${few}`;
}

/** The whole report, for people. */
export function renderReport(report: RegimeReport, title: string): string {
  const { time, unqualified_share, volatility, trend, four_states } = report;
  const closed = time.closed.map(({ reason, share }) => `${REASONS[reason].name} ${percent(share)} %`);
  const four =
    four_states === null
      ? 'All four states: no labels.'
      : `All four states, the most probable against what came: balanced accuracy ` +
        `${fixed(four_states.balanced_accuracy)} (chance 0.250), macro-F1 ${fixed(four_states.macro_f1)}, ` +
        `log loss ${fixed(four_states.log_loss)} (chance 1.386), ${four_states.cases} bars`;
  return [
    `${title}: ${time.bars} bars in ${time.sessions} sessions`,
    renderBars(time),
    renderStates(time),
    `gate open ${percent(time.open_share)} % of the time; closed: ${closed.join(', ')}\n` +
      `${time.switches_per_session.toFixed(1)} switches a session; ` +
      (unqualified_share === null
        ? 'no probabilities'
        : `of the bars with probabilities no state qualifies in ${percent(unqualified_share)} %`),
    renderTransitions(time),
    renderAxis('Volatility axis (the next half hour is volatile)', volatility),
    renderAxis('Trend axis (the next half hour goes somewhere)', trend),
    four,
    'A half hour is volatile, or a trend, where it ranks above the 60th percentile of the same time of day in up to 60 ' +
      'sessions before. Base rate: how often that came at this time of day before. Persistence: what the half hour ' +
      'before was. 95 %: over draws of whole sessions. Balanced accuracy of chance is 0.5.',
  ].join('\n\n');
}
