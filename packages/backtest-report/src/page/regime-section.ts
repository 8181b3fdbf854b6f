import {
  dateText,
  html,
  legend,
  responsive,
  ribbon,
  type Html,
  type RibbonPart,
  type Section,
} from '@bellwether/report';
import type { BacktestReport, RegimeSpan } from '../report-model.js';
import { REGIME_LEGEND, percent, regimeName, regimeTone } from './figure-text.js';

/** Above it the parts would be narrower than a pixel: then each day shows the regime that it was longest in. */
const PARTS_MAX = 400;
/** Dates below the ribbon; those that have no room are left out. */
const MARKS = 6;

interface Stretch {
  readonly regime: string;
  readonly date: number;
  readonly length_us: number;
}

function longestOfDays(spans: readonly RegimeSpan[]): readonly Stretch[] {
  const days = new Map<number, Map<string, number>>();
  for (const { date, regime, from_us, to_us } of spans) {
    const own = days.get(date) ?? new Map<string, number>();
    days.set(date, own);
    own.set(regime, (own.get(regime) ?? 0) + to_us - from_us);
  }
  return [...days].map(([date, own]) => {
    const [regime] = [...own].reduce((a, b) => (b[1] > a[1] ? b : a));
    // Days are drawn alike, however long they were.
    return { date, regime, length_us: 1 };
  });
}

/** Beside each other without the closed hours, so that a weekend takes no room. */
function partsOf(stretches: readonly Stretch[]): readonly RibbonPart[] {
  let at = 0;
  return stretches.map(({ regime, date, length_us }) => {
    const from = at;
    at += length_us;
    const label = `${dateText(date)}: ${regimeName(regime)}`;
    return { from, to: at, tone: regimeTone(regime), label };
  });
}

function sharesText(spans: readonly RegimeSpan[]): string {
  const times = new Map<string, number>();
  for (const { regime, from_us, to_us } of spans)
    times.set(regime, (times.get(regime) ?? 0) + to_us - from_us);
  const all = [...times.values()].reduce((sum, time) => sum + time, 0);
  if (all <= 0) return 'none';
  return [...times]
    .sort((a, b) => b[1] - a[1])
    .map(([regime, time]) => `${regimeName(regime)} ${percent(time / all)}`)
    .join(', ');
}

/** Regimes of the whole run as one ribbon. */
export function regimeSection({ regimes }: BacktestReport): Section {
  const byDay = regimes.length > PARTS_MAX;
  const stretches = byDay
    ? longestOfDays(regimes)
    : regimes.map(({ regime, date, from_us, to_us }) => ({ regime, date, length_us: to_us - from_us }));
  const parts = partsOf(stretches);
  const end = parts.at(-1)?.to ?? 0;
  const marks = Array.from({ length: MARKS }, (_, i) => {
    const at = (i / MARKS) * end;
    const place = parts.findIndex(({ to }) => to > at);
    return { at, label: place < 0 ? '' : dateText(stretches[place]!.date) };
  });
  const body = (): Html =>
    html`${responsive((width) => ribbon({ title: 'Regimes of the run', parts, marks }, { width, height: 56 }))}${legend(
      REGIME_LEGEND,
    )}`;
  return {
    title: 'Regimes',
    lead: `${byDay ? 'Each trade date in the regime that it was longest in' : 'From bar to bar, closed hours left out'}. Shares of the time: ${regimes.length === 0 ? 'none' : sharesText(regimes)}.`,
    body: regimes.length === 0 ? html`<p class="missing">No regime was told.</p>` : body(),
  };
}
