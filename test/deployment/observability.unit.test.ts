import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { createAuditMetrics } from '@bellwether/audit';
import { ServiceState } from '@bellwether/contracts';
import { prometheusMetrics } from '@bellwether/gateway';
import { createHostMetrics } from '@bellwether/host';
import { createTrainerMetrics } from '@bellwether/trainer';
import { parse } from 'yaml';
import { root } from '../lint-source.js';
import { readText } from '../workspace.js';

/**
 * Goal: no panel stays empty and no alert stays silent because of a name. Method: the code registers its metrics as it does in
 * a service; every name and label of the dashboard and of the alerts must be among them.
 */

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly w: number };
  readonly targets?: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
}

const dashboard = JSON.parse(readText('deploy/grafana/dashboards/bellwether.json')) as {
  readonly uid: string;
  readonly panels: readonly Panel[];
};
const rules = (
  parse(readText('deploy/prometheus/alerts.yml')) as {
    readonly groups: readonly {
      readonly rules: readonly {
        readonly alert: string;
        readonly expr: string;
        readonly annotations: { readonly summary: string; readonly next: string };
      }[];
    }[];
  }
).groups.flatMap((group) => group.rules);

/** Names that Prometheus itself makes, and labels that it puts on. */
const OF_PROMETHEUS = ['up', 'ALERTS'];
const LABELS_OF_PROMETHEUS = ['job', 'instance', 'le', 'alertstate', 'alertname'];

async function registered(): Promise<{ names: Set<string>; labels: Set<string> }> {
  const { registry, host } = createHostMetrics();
  prometheusMetrics(registry);
  createAuditMetrics(registry, host);
  createTrainerMetrics(registry);
  const names = new Set(OF_PROMETHEUS);
  const labels = new Set(LABELS_OF_PROMETHEUS);
  for (const { name, type } of await registry.getMetricsAsJSON()) {
    names.add(name);
    // prom-client gives the kind as a text here, whatever its typings say.
    if (String(type) === 'histogram')
      for (const part of ['bucket', 'sum', 'count']) names.add(`${name}_${part}`);
    const metric = registry.getSingleMetric(name) as { readonly labelNames?: readonly string[] } | undefined;
    for (const label of metric?.labelNames ?? []) labels.add(label);
  }
  return { names, labels };
}

const FUNCTIONS = /\b[a-z_0-9]+(?=\s*\()/g;
const KEYWORDS = /\b(by|on|without|ignoring|group_left|group_right|and|or|unless|bool|offset)\b/g;
const STRINGS = /"[^"]*"/g;

/** Metric names of a PromQL expression. */
function namesIn(expr: string): string[] {
  const bare = expr
    .replace(STRINGS, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b(by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)/g, '')
    .replace(FUNCTIONS, '')
    .replace(KEYWORDS, '');
  return bare.match(/[A-Za-z_:][\w:]*/g) ?? [];
}

/** Labels that an expression selects or groups by. */
function labelsIn(expr: string): string[] {
  const selected = [...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, inside = '']) =>
    [...inside.matchAll(/(\w+)\s*(=~|!~|!=|=)/g)].map(([, label = '']) => label),
  );
  const grouped = [...expr.matchAll(/\b(?:by|on|without|ignoring)\s*\(([^)]*)\)/g)].flatMap(
    ([, inside = '']) => inside.split(',').map((label) => label.trim()),
  );
  return [...selected, ...grouped].filter((label) => label !== '');
}

const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const expressions = [
  ...panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [`panel ${title}`, expr] as const),
  ),
  ...rules.map(({ alert, expr }) => [`alert ${alert}`, expr] as const),
];
const { names, labels } = await registered();

describe('the reading of an expression', () => {
  it('finds metrics and labels, and nothing else', () => {
    const expr =
      'max by (book) (bw_x{service="features",book=~"$book"}) - on (book) group_right () rate(bw_y_total[5m]) > 100 or up';
    expect(namesIn(expr)).toEqual(['bw_x', 'bw_y_total', 'up']);
    expect(labelsIn(expr)).toEqual(['service', 'book', 'book', 'book']);
  });
});

describe('dashboard and alerts', () => {
  it.each(expressions)('%s asks for metrics that the code registers', (_of, expr) => {
    expect(namesIn(expr).length).toBeGreaterThan(0);
    expect(namesIn(expr).filter((name) => !names.has(name))).toEqual([]);
    expect(labelsIn(expr).filter((label) => !labels.has(label))).toEqual([]);
  });

  it('show every metric of ours', () => {
    const shown = expressions.map(([, expr]) => expr).join('\n');
    const ownNames = [...names].filter(
      (name) => name.startsWith('bw_') && !/_(bucket|sum|count)$/.test(name),
    );
    // Shown by what they lead to: a counter by the gauge beside it, bytes by frames.
    const left = new Set([
      ...['bw_gateway_frames_total', 'bw_snapshots_total', 'bw_audit_seq', 'bw_audit_bytes_total'],
    ]);
    expect(ownNames.filter((name) => !shown.includes(name) && !left.has(name))).toEqual([]);
  });

  it('each panel says what it means, lies within the grid, and reads the provisioned source', () => {
    const { datasources } = parse(readText('deploy/grafana/provisioning/datasources/prometheus.yml')) as {
      readonly datasources: readonly { readonly uid: string }[];
    };
    for (const { description, gridPos, targets = [] } of panels) {
      expect(description).toMatch(/\.$/);
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      expect(targets.map(({ datasource }) => datasource.uid)).toEqual(targets.map(() => datasources[0]?.uid));
    }
  });

  it('each alert says what is wrong and what to do next', () => {
    for (const { annotations } of rules) {
      expect(annotations.summary).not.toBe('');
      expect(annotations.next).not.toBe('');
    }
  });

  it('a stopped book is one that diverged or whose stage is down', () => {
    const { DIVERGED, STAGE_DOWN } = ServiceState;
    const stopped = rules.find(({ alert }) => alert === 'BookStopped');
    expect(stopped?.expr).toBe(`bw_book_state == ${DIVERGED} or bw_book_state == ${STAGE_DOWN}`);
  });
});

describe('promtool', () => {
  const promtool = process.env['PROMTOOL'] ?? 'promtool';
  const found = spawnSync(promtool, ['--version']).error === undefined;
  if (!found) {
    process.stderr.write(
      'SKIPPED: promtool check config: no promtool on the PATH, and PROMTOOL names none\n',
    );
  }

  (found ? it : it.skip)('accepts configuration and alerts', () => {
    const file = path.join(root, 'deploy/prometheus/prometheus.yml');
    const result = spawnSync(promtool, ['check', 'config', file], { encoding: 'utf8' });
    expect(`${result.stdout}${result.stderr}`).toContain('SUCCESS');
    expect(result.status).toBe(0);
  });
});
