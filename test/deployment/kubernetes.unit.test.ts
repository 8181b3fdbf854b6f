import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readText } from '../workspace.js';
import { baseObjects, kustomized, objectsIn, schemaProblems, unknownKeys } from './manifests.js';
import { kustomization } from './service-lists.js';
import { containerOf, isWorkload } from './workloads.js';

/**
 * Goal: k8s/base would be taken by a cluster and does what docs/how-to/kubernetes.md says. Method: no cluster. Schema and
 * types of the API, the rules of the restricted pod security standard, and that every name leads to something.
 */

const base = baseObjects();
const workloads = base.map(({ object }) => object).filter(isWorkload);
const named = workloads.map((workload) => [workload.metadata.name, workload] as const);

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: sample }
spec:
  replicas: 2
  selector: { matchLabels: { app: sample } }
  template:
    metadata: { labels: { app: sample } }
    spec:
      containers:
        - name: sample
          image: sample
          readinessProbe: { httpGet: { path: /readyz, port: 7081 } }
`;

describe('the check itself', () => {
  const problemsOf = (text: string): string[] => {
    const objects = objectsIn(text);
    return [...objects.flatMap(schemaProblems), ...unknownKeys(objects)];
  };

  it('has nothing against a deployment that is right', () => {
    expect(problemsOf(DEPLOYMENT)).toEqual([]);
  });

  it.each([
    ['an unknown key', DEPLOYMENT.replace('replicas: 2', 'replcas: 2'), /replcas/],
    ['an unknown key deep inside', DEPLOYMENT.replace('readinessProbe', 'redinessProbe'), /redinessProbe/],
    ['a wrong type', DEPLOYMENT.replace('replicas: 2', "replicas: 'two'"), /replicas/],
    ['a missing part', DEPLOYMENT.replace('  selector: { matchLabels: { app: sample } }\n', ''), /selector/],
    ['an unknown kind', DEPLOYMENT.replace('kind: Deployment', 'kind: Deploymnet'), /Deploymnet/],
    ['an unknown version', DEPLOYMENT.replace('apps/v1', 'apps/v7'), /apps\/v7/],
  ])('refuses %s', (_what, text, expected) => {
    expect(problemsOf(text).join('\n')).toMatch(expected);
  });
});

describe('k8s/base', () => {
  it.each(
    base.map(({ file, object }) => [`${file}: ${object.kind} ${object.metadata.name}`, object] as const),
  )('%s fits its schema', (_name, object) => {
    expect(schemaProblems(object)).toEqual([]);
  });

  it('has no key that the API does not know', () => {
    expect(unknownKeys(base.map(({ object }) => object))).toEqual([]);
  });

  it.each(named)('%s fits the restricted pod security standard', (_name, workload) => {
    const { spec } = workload.spec.template;
    expect(spec.securityContext).toEqual({
      ...{ runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 },
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(containerOf(workload).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it.each(named)('%s has probes, a request and a limit of memory', (_name, workload) => {
    const container = containerOf(workload);
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'] as const) {
      expect(container[probe]).toHaveProperty('httpGet.path');
    }
    expect(container.resources).toMatchObject({
      limits: { memory: expect.stringMatching(/^\d+(Mi|Gi)$/) },
      requests: { memory: expect.stringMatching(/^\d+Mi$/), cpu: expect.stringMatching(/^\d+m$/) },
    });
  });

  it.each(named)('%s selects its own pods, and a service of its name leads to them', (name, workload) => {
    expect(workload.spec.selector.matchLabels).toEqual({ 'app.kubernetes.io/name': name });
    expect(workload.spec.template.metadata.labels).toEqual({
      'app.kubernetes.io/name': name,
      'app.kubernetes.io/part-of': 'bellwether',
    });
    const service = base.find(({ object }) => object.kind === 'Service' && object.metadata.name === name);
    expect(service?.object).toMatchObject({ spec: { selector: { 'app.kubernetes.io/name': name } } });
  });

  it('runs one pod of what has a volume or feeds, and two of the rest', () => {
    const one = ['audit', 'ingestion', 'nats', 'trainer'];
    expect(workloads.filter(({ spec }) => spec.replicas === 1).map(({ metadata }) => metadata.name)).toEqual(
      one,
    );
    expect(workloads.filter(({ spec }) => spec.replicas === 2)).toHaveLength(workloads.length - one.length);
  });

  it.each(named)('%s mounts what it declares', (_name, workload) => {
    const { spec } = workload;
    const declared = [
      ...(spec.template.spec.volumes ?? []).map(({ name }) => name),
      ...(spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name),
    ];
    expect(
      containerOf(workload)
        .volumeMounts.map(({ name }) => name)
        .sort(),
    ).toEqual(declared.sort());
  });
});

describe('the configuration of k8s/base', () => {
  const generators = new Map(kustomization().configMapGenerator.map((item) => [item.name, item]));
  const keysOf = (name: string): string[] => {
    const { literals = [], files = [], envs = [] } = generators.get(name) ?? {};
    const lines = envs.flatMap((file) => readText(`k8s/base/${file}`).split('\n'));
    const pairs = [...literals, ...lines.filter((line) => line.includes('=') && !line.startsWith('#'))];
    return [...pairs.map((pair) => pair.slice(0, pair.indexOf('='))), ...files];
  };

  it.each(named)('every name that %s refers to is made', (_name, workload) => {
    const { env = [], envFrom = [] } = containerOf(workload);
    const references = env.flatMap(({ valueFrom }) => valueFrom?.configMapKeyRef ?? []);
    expect(references.filter(({ name, key }) => !keysOf(name).includes(key))).toEqual([]);
    const maps = [
      ...envFrom.map(({ configMapRef }) => configMapRef.name),
      ...(workload.spec.template.spec.volumes ?? []).flatMap(({ configMap }) => configMap?.name ?? []),
    ];
    expect(maps.filter((name) => !generators.has(name))).toEqual([]);
  });

  it.each([
    ['nats-server.conf', 'deploy/nats/nats-server.conf'],
    ['book.yaml', 'config/books/sample.yaml'],
    ['feed/ingestion.env', 'config/feeds/sample/ingestion.env'],
    ['feed/execution.env', 'config/feeds/sample/execution.env'],
    ['feed/audit.env', 'config/feeds/sample/audit.env'],
  ])('%s is a copy of %s, which kustomize may not read', (copy, original) => {
    expect(readText(`k8s/base/${copy}`)).toBe(readText(original));
  });

  it('the book is named as its file says', () => {
    const { book } = parse(readText('k8s/base/book.yaml')) as { book: string };
    expect(generators.get('book')?.literals).toEqual([`name=${book}`]);
  });
});

describe('kubectl kustomize k8s/base', () => {
  const result = kustomized();
  if (result === null) process.stderr.write('SKIPPED: kubectl kustomize k8s/base: no kubectl on the PATH\n');
  const withKubectl = result === null ? it.skip : it;

  withKubectl('gives objects that fit, all in the namespace, with the image of the base', () => {
    expect(result?.error).toBe('');
    const objects = result?.objects ?? [];
    expect(objects.length).toBeGreaterThan(base.length);
    expect([...objects.flatMap(schemaProblems), ...unknownKeys(objects)]).toEqual([]);
    const outside = objects.filter(
      ({ kind, metadata }) =>
        kind !== 'Namespace' && (metadata as { namespace?: string }).namespace !== 'bellwether',
    );
    expect(outside).toEqual([]);
    const images = objects.filter(isWorkload).map((workload) => containerOf(workload).image);
    expect(new Set(images)).toEqual(new Set(['bellwether:local', 'nats:2.15-alpine']));
  });
});
