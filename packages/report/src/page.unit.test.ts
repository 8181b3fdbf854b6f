/**
 * Goal: a page holds all that it shows, and text from outside stays text.
 * Method: pages and charts with hostile text; the markup is looked at.
 */
import { describe, expect, it } from '@jest/globals';
import { barChart, heatMap, histogram, lineChart, ribbon, sparkHistogram } from './charts.js';
import { escapeHtml, html } from './html.js';
import { facts, legend, renderPage, responsive, table } from './page.js';
import { linearScale, roundTicks, tickText } from './scale.js';

const HOSTILE = `</title><script>alert("1")</script><img src=x onerror='a()'>&`;
const SIZE = { width: 300, height: 100 };

describe('text', () => {
  it('is escaped wherever it is put, and markup is not escaped twice', () => {
    expect(escapeHtml(`<a href="b">'&`)).toBe('&lt;a href=&quot;b&quot;&gt;&#39;&amp;');
    const inner = html`<b>${'<'}</b>`;
    expect(html`${[inner, '&', 1, null]}`.text).toBe('<b>&lt;</b>&amp;1');
  });

  it('of a hostile source never becomes markup, in any part of a page', () => {
    const charts = [
      lineChart(
        {
          title: HOSTILE,
          series: [{ tone: 'main', points: [[0, 1], null, [1, 2]] }],
          marks: [{ at: 0, label: HOSTILE }],
        },
        SIZE,
      ),
      barChart(
        { title: HOSTILE, values: [1, null], labels: [HOSTILE, HOSTILE], marks: [], band: [[0, 1], null] },
        SIZE,
      ),
      histogram({ title: HOSTILE, from: 0, to: 1, counts: [1, 2], curve: [1, 1] }, SIZE),
      heatMap(
        {
          title: HOSTILE,
          columns: 2,
          rows: 1,
          rowLabels: [HOSTILE],
          marks: [{ at: 0, label: HOSTILE }],
          cells: [{ column: 0, row: 0, tone: 'good', strength: 1, label: HOSTILE }],
        },
        300,
      ),
      ribbon(
        {
          title: HOSTILE,
          parts: [{ from: 0, to: 1, tone: 'bad', label: HOSTILE }],
          marks: [{ at: 0, label: HOSTILE }],
        },
        SIZE,
      ),
      sparkHistogram(HOSTILE, [1, 2], SIZE),
      table([HOSTILE], [[HOSTILE]]),
      facts([[HOSTILE, HOSTILE]]),
      legend([{ text: HOSTILE, tone: 'band' }]),
    ];
    const page = renderPage({
      ...{ title: HOSTILE, subtitle: HOSTILE, warning: HOSTILE, footer: HOSTILE },
      badges: [{ text: HOSTILE, tone: 'bad' }],
      sections: charts.map((body) => ({ title: HOSTILE, lead: HOSTILE, body })),
    });
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<img');
    expect(page.match(/<\/title>\n/g)).toHaveLength(1);
    // Nothing that a browser would fetch.
    expect(page).not.toMatch(/(src|href)="(?!data:,")/);
    expect(page).toContain('default-src &#39;none&#39;');
  });
});

describe('charts', () => {
  it('put values where they belong, and leave out what is not there', () => {
    const bars = barChart(
      { title: 't', values: [0, null, 4], labels: ['a', 'b', 'c'], marks: [] },
      SIZE,
    ).text;
    expect(bars.match(/class="bar main"/g)).toHaveLength(2);
    const gap = lineChart(
      { title: 't', series: [{ tone: 'main', points: [[0, 0], null, [2, 2], [3, 1]] }], marks: [] },
      SIZE,
    );
    expect(/d="([^"]*)"/.exec(gap.text)?.[1]?.match(/M/g)).toHaveLength(2);
  });

  it('of nothing are empty, not broken', () => {
    const empty = [
      lineChart({ title: 't', series: [], marks: [] }, SIZE),
      barChart({ title: 't', values: [], labels: [], marks: [] }, SIZE),
      histogram({ title: 't', from: 0, to: 0, counts: [] }, SIZE),
      lineChart({ title: 't', series: [{ tone: 'main', points: [[5, 5]] }], marks: [] }, SIZE),
    ];
    for (const { text } of empty) expect(text).not.toMatch(/NaN|Infinity/);
  });

  it('are drawn for a desk and for a phone', () => {
    const both = responsive((width, phone) => html`<i>${width} ${phone ? 'phone' : 'desk'}</i>`).text;
    expect(both).toContain('<i>940 desk</i>');
    expect(both).toContain('<i>340 phone</i>');
  });
});

describe('scales', () => {
  it('have round ticks inside their bounds', () => {
    expect(roundTicks(0, 10, 4)).toEqual([0, 2.5, 5, 7.5, 10]);
    expect(roundTicks(6_001, 6_399, 4)).toEqual([6_100, 6_200, 6_300]);
    expect(roundTicks(3, 3, 4)).toEqual([3]);
    // Found by the property test of the backtest's page: the loop did not end.
    expect(roundTicks(999_999_999.9999992, 999_999_999.9999995, 6)).toEqual([999_999_999.9999992]);
    expect(roundTicks(0, 5e-324, 4)).toEqual([0]);
    expect(tickText(2.5, 2.5)).toBe('2.5');
    expect(tickText(12_000, 1_000)).toBe('12,000');
  });

  it('give the middle where there is no width', () => {
    expect(linearScale(1, 1, 0, 10).at(1)).toBe(5);
    expect(linearScale(0, 2, 0, 10).at(1)).toBe(5);
  });
});
