import type { AxisScores, RegimeReport, RegimeTime } from '@bellwether/training';
import { stateName } from './state-names.js';

/** One colour a state, apart in brightness too: Calm-Trend, Calm-Chop, HighVol-Trend, HighVol-Chop, unknown. */
const COLOURS = ['#1b7837', '#a6dba0', '#762a83', '#c2a5cf', '#dddddd'] as const;
const WIDTH = 960;
const LEFT = 60;
const PLOT = WIDTH - LEFT - 20;
const DAYS_HEIGHT = 220;
const AXIS_ROW = 34;

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const at = (value: number): string => value.toFixed(2);

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${at(x)}" y="${at(y)}" ${attributes}>${escaped(content)}</text>`;
}

function legend({ states }: RegimeTime, y: number): string {
  return states
    .map(({ state, share }, i) => {
      const x = LEFT + i * 172;
      const label = `${stateName(state)} ${(100 * share).toFixed(1)} %`;
      return `<rect x="${x}" y="${y - 11}" width="14" height="14" fill="${COLOURS[i]!}"/>${text(x + 20, y, label)}`;
    })
    .join('');
}

/** A column a session, the states one above the other. */
function days({ days: sessions }: RegimeTime, top: number): string {
  const width = PLOT / Math.max(1, sessions.length);
  const columns = sessions.map(({ trade_date, shares }, i) => {
    let y = top + DAYS_HEIGHT;
    const parts = shares.map((share, k) => {
      const height = share * DAYS_HEIGHT;
      y -= height;
      return `<rect x="${at(LEFT + i * width)}" y="${at(y)}" width="${at(width + 0.3)}" height="${at(height)}" fill="${COLOURS[k]!}"/>`;
    });
    return `<g><title>${trade_date}</title>${parts.join('')}</g>`;
  });
  const [first, last] = [sessions[0], sessions[sessions.length - 1]];
  const below = top + DAYS_HEIGHT + 16;
  return [
    ...columns,
    text(LEFT - 8, top + 10, '100 %', 'text-anchor="end"'),
    text(LEFT - 8, top + DAYS_HEIGHT, '0 %', 'text-anchor="end"'),
    first === undefined ? '' : text(LEFT, below, String(first.trade_date)),
    last === undefined ? '' : text(LEFT + PLOT, below, String(last.trade_date), 'text-anchor="end"'),
  ].join('');
}

const LOWEST = 0.4;
const HIGHEST = 0.9;

const across = (accuracy: number): number =>
  LEFT + 200 + ((PLOT - 200) * (Math.max(LOWEST, Math.min(HIGHEST, accuracy)) - LOWEST)) / (HIGHEST - LOWEST);

/** Balanced accuracy of the rule with its interval, and of the two baselines. */
function axis(name: string, scores: AxisScores | null, y: number): string {
  const label = text(LEFT, y + 4, name);
  if (scores === null) return label + text(across(0.5) + 8, y + 4, 'no labels');
  const { rule, interval, base_rate, persistence } = scores;
  const whisker =
    interval === null
      ? ''
      : `<line x1="${at(across(interval[0]))}" x2="${at(across(interval[1]))}" y1="${y}" y2="${y}" stroke="#222" stroke-width="3"/>`;
  // One above the other, so that equal ones do not hide each other.
  const ring = (value: number | null, fill: string, below: number): string =>
    value === null
      ? ''
      : `<circle cx="${at(across(value))}" cy="${y + below}" r="5" fill="${fill}" stroke="#222"/>`;
  return (
    label +
    whisker +
    ring(base_rate.balanced_accuracy, '#ffffff', 8) +
    ring(persistence.balanced_accuracy, '#f1a340', -8) +
    ring(rule.balanced_accuracy, '#222222', 0)
  );
}

function axes({ volatility, trend }: RegimeReport, top: number): string {
  const bottom = top + 2 * AXIS_ROW;
  const ticks = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((value) => {
    const x = at(across(value));
    const stroke = value === 0.5 ? '#b2182b' : '#cccccc';
    return (
      `<line x1="${x}" x2="${x}" y1="${top - 8}" y2="${bottom}" stroke="${stroke}"/>` +
      text(across(value), bottom + 16, value.toFixed(1), 'text-anchor="middle"')
    );
  });
  const note =
    'balanced accuracy of the coming half hour: black the rule (95 %), orange persistence, white base rate; red line chance';
  return (
    ticks.join('') +
    axis('volatility axis', volatility, top + 8) +
    axis('trend axis', trend, top + 8 + AXIS_ROW) +
    text(LEFT, bottom + 38, note)
  );
}

/** The picture as an SVG of its own. */
export function renderPicture(report: RegimeReport, title: string): string {
  const top = 70;
  const below = top + DAYS_HEIGHT + 60;
  const height = below + 2 * AXIS_ROW + 60;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" ` +
    `font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="${escaped(title)}">` +
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>` +
    text(LEFT, 24, title, 'font-size="16" font-weight="600"') +
    legend(report.time, 52) +
    days(report.time, top) +
    axes(report, below) +
    '</svg>\n'
  );
}

/** The picture and the tables on one page, without scripts and without anything to load. */
export function renderPage(report: RegimeReport, title: string, tables: string): string {
  return (
    `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${escaped(title)}</title>\n` +
    '<style>body{margin:24px;font-family:system-ui,sans-serif;color:#222}pre{font-size:13px;white-space:pre-wrap;max-width:960px}' +
    'svg{max-width:100%;height:auto}</style>\n</head>\n<body>\n' +
    `${renderPicture(report, title)}<pre>${escaped(tables)}</pre>\n</body>\n</html>\n`
  );
}
