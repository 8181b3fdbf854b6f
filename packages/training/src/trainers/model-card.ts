import type { ModelFacts } from '@bellwether/models';
import { rowWidth, type DataSet } from '../data-sets/data-set.js';
import type { ModelPlan } from './model-plans.js';
import type { Score } from './session-scores.js';
import type { DataOfModel } from './train-model.js';
import type { ValueScores } from './value-scores.js';
import type { WalkForwardScores } from './walk-forward-scores.js';

export interface CardContent {
  readonly plan: ModelPlan;
  readonly set: DataSet;
  readonly facts: ModelFacts;
  readonly scores: WalkForwardScores;
  readonly data: DataOfModel;
  readonly train: Int32Array;
  readonly calibrate: Int32Array;
  readonly epochs: number;
}

/** What may be said of a model by its log loss: against the base rate first, and which other baselines it was not shown to beat. */
export function verdictOf({ axes, value }: WalkForwardScores): string {
  if (value !== null) return valueVerdict(value);
  const gains = axes[0]?.comparison.gains;
  const gain = gains?.get('base_rate')?.log_loss;
  if (gain?.low == null) return 'no better than the base rate (too few sessions to say otherwise)';
  if (gain.low <= 0) return 'no better than the base rate';
  const others = [...(gains ?? [])].filter(
    ([name, { log_loss }]) => name !== 'uncalibrated' && !((log_loss.low ?? 0) > 0),
  );
  const beside =
    others.length === 0 ? '' : `; not shown better than ${others.map(([name]) => name).join(', ')}`;
  return `better than the base rate${beside}`;
}

function valueVerdict({ gains }: ValueScores): string {
  const gain = gains.get('arm_mean');
  if (gain?.low == null) return 'no better than the mean of each arm (too few sessions to say otherwise)';
  return gain.low > 0 ? 'better than the mean of each arm' : 'no better than the mean of each arm';
}

const figure = (value: number): string => value.toFixed(4);

export function scoreText({ value, low, high }: Score): string {
  return low === null || high === null
    ? `${figure(value)} (no interval)`
    : `${figure(value)} (${figure(low)} to ${figure(high)})`;
}

/** Sessions of some rows, for people. */
function period({ session }: DataSet, rows: Int32Array): string {
  const dates = Array.from(rows, (row) => session[row]!);
  const first = dates.reduce((least, date) => Math.min(least, date), Infinity);
  const last = dates.reduce((most, date) => Math.max(most, date), 0);
  return `${new Set(dates).size} sessions, ${first} to ${last}, ${rows.length} rows`;
}

function table({ axes, value }: WalkForwardScores): readonly string[] {
  if (value !== null) return valueTable(value);
  const lines = [
    '| what | who | log loss | Brier | balanced accuracy | calibration error | log loss more than the model |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  for (const { axis, comparison } of axes) {
    const { scores, others, gains } = comparison;
    const row = (name: string, own: typeof scores, gain: string): string =>
      `| ${axis} | ${name} | ${scoreText(own.log_loss)} | ${scoreText(own.brier)} | ${scoreText(own.balanced_accuracy)} | ` +
      `${scoreText(own.calibration_error)} | ${gain} |`;
    lines.push(row('model', scores, ''));
    for (const [name, own] of others) {
      const gain = gains.get(name)?.log_loss;
      lines.push(row(name, own, gain === undefined ? '' : scoreText(gain)));
    }
  }
  return lines;
}

function valueTable({ error, others, gains }: ValueScores): readonly string[] {
  const rows = [...others].map(([name, own]) => {
    const gain = gains.get(name);
    return `| ${name} | ${scoreText(own)} | ${gain === undefined ? '' : scoreText(gain)} |`;
  });
  return [
    '| who | squared error of net R | more than the model |',
    '| --- | --- | --- |',
    `| model | ${scoreText(error)} | |`,
    ...rows,
  ];
}

function sizeLine({ size }: WalkForwardScores): readonly string[] {
  if (size === null) return [];
  const { mean_error, mean_error_of_zero } = size;
  return [
    '',
    `Move in 15 minutes: mean error ${figure(mean_error)} ATR14; of always saying that nothing moves ${figure(mean_error_of_zero)}.`,
  ];
}

function foldLines({ set, scores }: CardContent): readonly string[] {
  return scores.folds.map(
    ({ train, validate, test }, i) =>
      `- Fold ${i + 1}: trained on ${period(set, train)}; ended by ${period(set, validate)}; tested on ${period(set, test)}; best ` +
      `after ${scores.epochs[i] ?? 0} epochs.`,
  );
}

/** `card.md`: what somebody must know before the model decides for him. The same content gives the same text. */
export function modelCard(content: CardContent): string {
  const { plan, set, facts, scores, data } = content;
  const { calibration } = facts;
  const parameters = calibration.parameters.slice(0, 3).map((one) => one.toPrecision(4));
  const lines = [
    data.synthetic
      ? 'Trained on synthetic data: it knows a made-up market, and says nothing of a real one.'
      : 'Trained on market data.',
    '',
    `# ${facts.name} ${facts.version}`,
    '',
    plan.purpose,
    ...(facts.regime === null
      ? []
      : [
          '',
          `This one is for bars that the regime stage takes for ${facts.regime}, and was trained on those alone.`,
        ]),
    '',
    `On sessions that it had not seen, by ${scores.value === null ? 'log loss' : 'squared error'}: **${verdictOf(scores)}**.`,
    '',
    '## Data',
    '',
    `- ${data.title}`,
    ...facts.data.map(({ reference, sha256 }) => `- ${reference}: SHA-256 ${sha256}`),
    `- Data set: ${set.rows} rows of ${2 * rowWidth(set.input)} numbers, SHA-256 ${set.sha256}; features of schema ${set.schema_sha256}.`,
    `- Rows count by the average uniqueness of their labels. Parts are whole sessions, one session apart; a row whose label reaches into the next part is in none.`,
    '',
    '## Measured',
    '',
    `${scores.rows} rows of ${scores.sessions} sessions, each tested once by a model trained on earlier ones. In brackets 95 % by drawing whole sessions; fewer than ten say nothing of an interval. The last column is how much more than the model the other loses: above zero the model is better.`,
    '',
    ...table(scores),
    ...sizeLine(scores),
    '',
    ...foldLines(content),
    '',
    '## The model that is kept',
    '',
    `- Trained on ${period(set, content.train)}, ${content.epochs} epochs (the median of the folds), seed ${facts.seed}.`,
    `- Calibration fitted and judged on ${period(set, content.calibrate)}: ${calibration.method}${parameters.length > 0 ? ` (${parameters.join(', ')})` : ''}.`,
    `- Its own numbers are not measured: no session is left that it has not seen. The folds measure the way it was made.`,
    '',
    '## Limits',
    '',
    `- ${data.limits ?? plan.limits}`,
    `- The same command, data and seed give the same bytes on Node ${facts.node}: \`${facts.command}\`.`,
    '',
  ];
  return lines.join('\n');
}
