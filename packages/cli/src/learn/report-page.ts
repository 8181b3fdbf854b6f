import { SelectionName } from '@bellwether/contracts';
import {
  heatMap,
  html,
  lineChart,
  renderPage,
  responsive,
  table,
  type HeatCell,
  type Html,
  type Section,
} from '@bellwether/report';
import { MULTIPLIER_MAX } from '@bellwether/model-slots';
import { SYNTHETIC_LINE } from '../replay/report.js';
import type { LearnReport, SizingPicture } from './report-model.js';
import {
  REGIME_HEAD,
  REGIME_RIGHT,
  REGRET_HEAD,
  SINCE_HEAD,
  explorationLine,
  percent,
  regimeCells,
  regretCells,
  regretLine,
  sinceCells,
  sinceLine,
  summaryLine,
} from './report-text.js';

function line(title: string, values: readonly (number | null)[]): Html {
  const points = values.map((value, i) => (value === null ? null : ([i, value] as const)));
  return responsive((width, phone) =>
    lineChart(
      { title, series: [{ tone: 'main', points }], marks: [], levels: [{ at: 0, tone: 'quiet', label: '' }] },
      { width, height: phone ? 160 : 200 },
    ),
  );
}

function regretSection(report: LearnReport): Section {
  return {
    title: 'Regret',
    lead: regretLine(report),
    body: html`${line('R earned so far, by choice', report.regret.earned)}
    ${table([...REGRET_HEAD], regretCells(report), [2])}`,
  };
}

function explorationSection(report: LearnReport): Section {
  const course = report.exploration.course.map((share) => (share === null ? null : 100 * share));
  return {
    title: 'Exploration',
    lead: explorationLine(report),
    body: line('share of choices that were explored, in per cent, by tenth of the log', course),
  };
}

function sinceSection({ since }: LearnReport): Section {
  const title = 'Since the last promotion';
  if (since === null) return { title, body: html`<p>No model took a place while this was written.</p>` };
  return { title, lead: sinceLine(since), body: table([...SINCE_HEAD], sinceCells(since), [1, 2, 3, 4]) };
}

function sizingMap(picture: SizingPicture, grid: SizingPicture['grids'][number]): Html {
  const { confidences, headrooms_r } = picture;
  const cells: HeatCell[] = grid.multipliers.flatMap((row, i) =>
    row.map((value, column) => ({
      ...{ column, row: i, tone: 'main' as const, strength: value / MULTIPLIER_MAX },
      label: `confidence ${confidences[i]!}, headroom ${headrooms_r[column]!} R: ${value.toFixed(2)}`,
    })),
  );
  return html`<h3>${grid.regime}</h3>
    ${responsive((width) =>
      heatMap(
        {
          title: `multiplier, ${grid.regime}`,
          ...{ columns: headrooms_r.length, rows: confidences.length, cells },
          rowLabels: confidences.map((value) => value.toFixed(2)),
          marks: headrooms_r.map((value, at) => ({ at, label: `${value} R` })),
        },
        width,
      ),
    )}
    ${table(
      ['confidence', ...headrooms_r.map((value) => `${value} R`)],
      grid.multipliers.map((row, i) => [confidences[i]!.toFixed(2), ...row.map((value) => value.toFixed(2))]),
      [1, 2, 3, 4, 5, 6],
    )}`;
}

function sizingSection({ sizing }: LearnReport): Section {
  const title = 'Sizing policy';
  if (typeof sizing === 'string') return { title, body: html`<p>No picture: ${sizing}.</p>` };
  return {
    title,
    lead: `Multiplier of the base size that rl/cvar_ppo_agent ${sizing.version} says, by confidence (downwards) and headroom; no profit or loss yet, half of the session left.`,
    body: html`${sizing.grids.map((grid) => sizingMap(sizing, grid))}`,
  };
}

/** The report as a page that stands by itself. */
export function reportPage(report: LearnReport): string {
  const { synthetic, book, selection, exploration } = report;
  const explored = exploration.several === 0 ? null : exploration.explored / exploration.several;
  return renderPage({
    title: `What ${book} has learned`,
    subtitle: summaryLine(report),
    badges: [
      { text: SelectionName[selection], tone: 'main' },
      ...(explored === null ? [] : [{ text: `explored ${percent(explored)}`, tone: 'quiet' as const }]),
      ...(synthetic ? [{ text: 'SYNTHETIC', tone: 'warn' as const }] : []),
    ],
    warning: synthetic ? SYNTHETIC_LINE : '',
    sections: [
      {
        title: 'Arms by regime',
        lead: `${report.evidence}. What an arm was given and earned, and what it is expected to earn at the mean context of the regime, with its doubt, in R.`,
        body: table([...REGIME_HEAD], regimeCells(report), [...REGIME_RIGHT]),
      },
      regretSection(report),
      explorationSection(report),
      sinceSection(report),
      sizingSection(report),
    ],
    footer: synthetic ? SYNTHETIC_LINE : 'From recorded decisions.',
  });
}
