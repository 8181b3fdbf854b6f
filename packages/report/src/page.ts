import type { Tone } from './axes.js';
import { escapeHtml, html, type Html, type HtmlPart } from './html.js';
import { STYLE } from './style.js';

/** Widths that charts are drawn at: the page shows the one that fits. */
export const DESK_WIDTH = 940;
export const PHONE_WIDTH = 340;

export interface Badge {
  readonly text: string;
  readonly tone: Tone;
}

export interface Section {
  readonly title: string;
  /** A sentence that says how to read it. */
  readonly lead?: string;
  readonly body: Html;
}

export interface Page {
  readonly title: string;
  readonly subtitle: string;
  readonly badges: readonly Badge[];
  /** Stands above everything where it is not empty: what must not be overlooked. */
  readonly warning: string;
  readonly sections: readonly Section[];
  readonly footer: string;
}

/** A chart for a desk and for a phone. */
export function responsive(draw: (width: number, phone: boolean) => Html): Html {
  return html`<div class="desk">${draw(DESK_WIDTH, false)}</div>
    <div class="phone">${draw(PHONE_WIDTH, true)}</div>`;
}

/** A table; `right`: places of columns of numbers. It scrolls by itself where it is wider than the page. */
export function table(
  head: readonly string[],
  rows: readonly (readonly HtmlPart[])[],
  right: readonly number[] = [],
): Html {
  const side = (i: number): string => (right.includes(i) ? 'num' : 'txt');
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((text, i) => html`<th class="${side(i)}">${text}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((part, i) => html`<td class="${side(i)}">${part}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** What a colour means: a tone, or the band of a bar chart. */
export interface LegendItem {
  readonly text: string;
  readonly tone: Tone | 'band';
}

/** What colours mean, below a chart. */
export function legend(items: readonly LegendItem[]): Html {
  return html`<p class="legend">
    ${items.map(({ text, tone }) => html`<span><i class="swatch ${tone}"></i>${text}</span>`)}
  </p>`;
}

export function badge({ text, tone }: Badge): Html {
  return html`<span class="badge ${tone}">${text}</span>`;
}

/** Facts as pairs, side by side. */
export function facts(pairs: readonly (readonly [string, HtmlPart])[]): Html {
  return html`<dl class="facts">
    ${pairs.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** Nothing may be loaded from anywhere: the page holds all that it shows. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The whole page as one file, without scripts and without anything from outside. */
export function renderPage({ title, subtitle, badges, warning, sections, footer }: Page): string {
  const body = html`<header>
      <h1>${title}</h1>
      <p class="subtitle">${subtitle}</p>
      <p class="badges">${badges.map(badge)}</p>
    </header>
    ${warning === '' ? null : html`<p class="warning" role="alert">${warning}</p>`}
    <main>
      ${sections.map(
        (section) =>
          html`<section>
            <h2>${section.title}</h2>
            ${section.lead === undefined ? null : html`<p class="lead">${section.lead}</p>`} ${section.body}
          </section>`,
      )}
    </main>
    <footer>${footer}</footer>`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(POLICY)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<link rel="icon" href="data:,">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    `<body>${body.text}</body>`,
    '</html>',
    '',
  ].join('\n');
}
