import { svg, type Tone } from './axes.js';
import { html, type Html } from './html.js';
import { linearScale, px } from './scale.js';

export interface RowChart {
  readonly title: string;
  /** Values of 0 or more. */
  readonly rows: readonly { readonly name: string; readonly value: number; readonly note: string }[];
  readonly tone: Tone;
}

const ROW = 22;
const BAR = 12;
const NAME_PIXELS = 190;
const NAME_SHARE_MAX = 0.48;
const NOTE_PIXELS = 120;

/** A row each: its name, a bar, and a note. The height follows from the rows. */
export function rowChart({ title, rows, tone }: RowChart, width: number): Html {
  const left = Math.min(NAME_PIXELS, width * NAME_SHARE_MAX);
  const right = Math.max(left + 20, width - NOTE_PIXELS);
  const most = rows.reduce((high, { value }) => Math.max(high, value), 0);
  const x = linearScale(0, most === 0 ? 1 : most, left, right);
  const lines = rows.map(({ name, value, note }, i) => {
    const y = i * ROW + ROW / 2;
    return html`<text class="name" x="0" y="${y + 4}">${name}</text
      ><rect
        class="bar ${tone}"
        x="${px(left)}"
        y="${y - BAR / 2}"
        width="${px(Math.max(0.7, x.at(value) - left))}"
        height="${BAR}"
      /><text class="tick" x="${width}" y="${y + 4}" text-anchor="end">${note}</text>`;
  });
  return svg({ width, height: rows.length * ROW }, title, html`${lines}`);
}
