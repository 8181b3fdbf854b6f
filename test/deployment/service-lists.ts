import fs from 'node:fs';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { root } from '../lint-source.js';
import { readText } from '../workspace.js';

/** Where the services are listed, each read as what it is. */

/** One service of a compose file, with what it takes over by `<<` put in. */
export interface ComposeService {
  readonly image?: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly env_file?: readonly string[];
  readonly ports?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly volumes?: readonly string[];
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly init?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly logging?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
  readonly healthcheck?: { readonly test?: readonly string[]; readonly interval: string };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

/** Containers of docker-compose.yml that are no service of ours. */
export const INFRASTRUCTURE: readonly string[] = ['nats', 'volumes'];
/** Objects of k8s/base that are no service of ours. */
const K8S_OTHERS: readonly string[] = ['kustomization', 'namespace', 'network-policy', 'nats'];

export function composeServices(file: string): Readonly<Record<string, ComposeService>> {
  const content = parse(readText(file), { merge: true }) as {
    readonly services: Record<string, ComposeService>;
  };
  return content.services;
}

export function serviceFolders(): string[] {
  return fs
    .readdirSync(path.join(root, 'services'))
    .filter((name) => fs.existsSync(path.join(root, 'services', name, 'package.json')))
    .sort();
}

function scrapeTargets(): string[] {
  const { scrape_configs } = parse(readText('deploy/prometheus/prometheus.yml')) as {
    readonly scrape_configs: readonly {
      readonly static_configs: readonly { readonly targets: readonly string[] }[];
    }[];
  };
  return scrape_configs.flatMap((job) => job.static_configs.flatMap(({ targets }) => targets));
}

/** Names in the first column of the tables of a page. */
function tableNames(page: string): string[] {
  return [...readText(page).matchAll(/^\| `([a-z]+)` +\|/gm)].map((match) => match[1] ?? '');
}

const withoutInfrastructure = (names: readonly string[]): string[] =>
  names.filter((name) => !INFRASTRUCTURE.includes(name));

/** The service list of every place, sorted. */
export async function serviceLists(): Promise<Readonly<Record<string, readonly string[]>>> {
  const cli = (await import(path.join(root, 'packages/cli/dist/replay/services.js'))) as {
    readonly SERVICES: readonly string[];
  };
  const k8sFiles = fs
    .readdirSync(path.join(root, 'k8s/base'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .filter((name) => !K8S_OTHERS.includes(name) && !isBook(name));
  const lists: Record<string, readonly string[]> = {
    'packages/cli: SERVICES': cli.SERVICES,
    'docker-compose.yml': withoutInfrastructure(Object.keys(composeServices('docker-compose.yml'))),
    'test/compose/compose.proof.yml': withoutInfrastructure(
      Object.keys(composeServices('test/compose/compose.proof.yml')),
    ),
    'deploy/prometheus/prometheus.yml': scrapeTargets().map((target) => target.replace(/:7081$/, '')),
    'k8s/base, files': k8sFiles,
    'k8s/base, workloads': k8sFiles.flatMap(workloadsOf),
    'k8s/base/kustomization.yaml': kustomization().resources.map((name) => name.replace(/\.yaml$/, '')),
    'docs/reference/services.md': tableNames('docs/reference/services.md'),
  };
  return Object.fromEntries(
    Object.entries(lists).map(([place, names]) => [
      place,
      names.filter((name) => !K8S_OTHERS.includes(name)).sort(),
    ]),
  );
}

/** The book of the base lies beside the manifests. */
const isBook = (name: string): boolean => name === 'book';

export interface Kustomization {
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly {
    readonly name: string;
    readonly literals?: readonly string[];
    readonly files?: readonly string[];
    readonly envs?: readonly string[];
  }[];
}

export function kustomization(): Kustomization {
  return parse(readText('k8s/base/kustomization.yaml')) as Kustomization;
}

function workloadsOf(file: string): string[] {
  return parseAllDocuments(readText(`k8s/base/${file}.yaml`))
    .map(
      (document) =>
        document.toJS() as { readonly kind: string; readonly metadata: { readonly name: string } },
    )
    .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
    .map(({ metadata }) => metadata.name);
}
