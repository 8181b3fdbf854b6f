import { facts, html, table, type Section, type Tone } from '@bellwether/report';
import { MARKS, type FindingLevel, type MarketNumbers, type Verdict } from '@bellwether/verdict';

const TONES: Readonly<Record<FindingLevel, Tone>> = { refuse: 'bad', warn: 'warn', note: 'quiet' };
const RESULT: Readonly<Record<Verdict['result'], string>> = {
  pass: 'Nothing was found that speaks against these bars.',
  warn: 'The bars can be used by someone who knows what is said below.',
  refuse: 'The bars cannot be believed. What speaks against them stands first.',
};

/** The verdict with all that it rests on. */
export function verdictSection({ result, findings }: Verdict): Section {
  const items = findings.map(
    ({ code, level, message, next }) =>
      html`<li class="${TONES[level]}">
        <strong>${level}</strong> <code>${code}</code>
        <p>${message}</p>
        ${level === 'note' ? null : html`<p class="next">Next: ${next}</p>`}
      </li>`,
  );
  const body =
    items.length === 0
      ? html`<p>No finding.</p>`
      : html`<ul class="findings">
          ${items}
        </ul>`;
  return { title: `Verdict: ${result}`, lead: RESULT[result], body };
}

/** What is known of the file as a whole. */
export function factsSection(pairs: readonly (readonly [string, string])[]): Section {
  return { title: 'The file', body: facts(pairs) };
}

const two = (value: number | null): string => (value === null ? 'not tested' : value.toFixed(2));

/** Numbers that a market leaves its marks on, beside their bounds and those of the genuine files. */
export function marksSection(numbers: MarketNumbers): Section {
  const rows: readonly (readonly [string, number | null, string, string])[] = [
    ['excess kurtosis of returns', numbers.kurtosis, `at least ${MARKS.kurtosis_min}`, '6.1 to 360'],
    [
      'autocorrelation of absolute returns',
      numbers.clustering,
      `at least ${MARKS.clustering_min}`,
      '0.24 to 0.39',
    ],
    [
      'one-minute standard deviation, basis points',
      numbers.sigma,
      `${MARKS.sigma.low} to ${MARKS.sigma.high}`,
      '1.47 to 3.90',
    ],
    ['moves, cash session over night', numbers.day_ratio, `at least ${MARKS.day_ratio_min}`, '1.62 to 2.43'],
    [
      'volume, cash session over night',
      numbers.volume_ratio,
      `at least ${MARKS.volume_ratio_min}`,
      '6.4 to 12.4',
    ],
    [
      'U of log volume over the cash session',
      numbers.u_shape,
      `at least ${MARKS.u_shape_min}`,
      '0.51 to 0.92',
    ],
    [
      'correlation of range and volume',
      numbers.range_volume,
      `at least ${MARKS.range_volume_min}`,
      '0.75 to 0.83',
    ],
    [
      'autocorrelation of log volume',
      numbers.volume_memory,
      `at least ${MARKS.volume_memory_min}`,
      '0.78 to 0.94',
    ],
    ['bars that open at the close before', numbers.chained, `at most ${MARKS.chained_max}`, '0.01 to 0.61'],
  ];
  return {
    title: 'Marks of a market',
    lead:
      `Over ${numbers.returns.toLocaleString('en-US')} moves from bar to bar. A random walk has none of these; a file that lacks two or ` +
      'more is refused. Volume and night are compared for futures alone.',
    body: table(
      ['number', 'this file', 'expected', 'genuine files'],
      rows.map(([name, value, bound, genuine]) => [name, two(value), bound, genuine]),
      [1, 2, 3],
    ),
  };
}
