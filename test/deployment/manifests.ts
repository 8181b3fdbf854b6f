import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import { root } from '../lint-source.js';

/** Checks Kubernetes objects without a cluster: by the schemas of the API, and by its types for keys that no schema has. */

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** Objects of one YAML text. */
export function objectsIn(text: string): KubernetesObject[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS() as KubernetesObject;
  });
}

/** Objects of k8s/base as they stand in the files, with their file. */
export function baseObjects(): readonly { readonly file: string; readonly object: KubernetesObject }[] {
  const folder = path.join(root, 'k8s/base');
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml' && name !== 'book.yaml')
    .flatMap((file) =>
      objectsIn(fs.readFileSync(path.join(folder, file), 'utf8')).map((object) => ({ file, object })),
    );
}

/** The API's declarations, read once for all checks of a run. */
const parsed = new Map<string, ts.SourceFile | undefined>();

const require = createRequire(import.meta.url);
const moduleOf = ({ apiVersion, kind }: KubernetesObject): string =>
  `kubernetes-models/${apiVersion}/${kind}`;

/** What the schema of its kind has against an object: wrong types, what is required and missing. Not keys it does not know. */
export function schemaProblems(object: KubernetesObject): string[] {
  try {
    const models = require(moduleOf(object)) as Record<string, new (data: object) => { validate(): void }>;
    const Model = models[object.kind];
    if (Model === undefined) return [`${object.kind}: no such kind`];
    new Model(object).validate();
    return [];
  } catch (cause) {
    return [cause instanceof Error ? cause.message : String(cause)];
  }
}

/**
 * Keys that the API does not know, and wrong types, of all objects at once. Each object is given to the TypeScript compiler as
 * a literal of its type: it refuses what an interface does not name, at any depth.
 */
export function unknownKeys(objects: readonly KubernetesObject[]): string[] {
  const lines = objects.map(
    (object, index) =>
      `export const object${index}: import('${moduleOf(object)}').I${object.kind} = ${JSON.stringify(object)};`,
  );
  // It lies where the packages are found from, and only in memory.
  const file = path.join(root, 'test/deployment/manifests-in-memory.ts');
  const options: ts.CompilerOptions = {
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
  };
  const host = ts.createCompilerHost(options);
  const readFrom = host.getSourceFile.bind(host);
  const isThere = host.fileExists.bind(host);
  const text = lines.join('\n');
  host.fileExists = (name) => name === file || isThere(name);
  host.getSourceFile = (name, target) => {
    if (name === file) return ts.createSourceFile(name, text, target);
    if (!parsed.has(name)) parsed.set(name, readFrom(name, target));
    return parsed.get(name);
  };
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
    const line =
      diagnostic.file === undefined
        ? -1
        : diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line;
    const object = objects[line];
    return object === undefined ? message : `${object.kind} ${object.metadata.name}: ${message}`;
  });
}

/** What `kubectl kustomize` makes of the base; null where there is no kubectl. */
export function kustomized(): { readonly objects: KubernetesObject[]; readonly error: string } | null {
  const result = spawnSync('kubectl', ['kustomize', path.join(root, 'k8s/base')], { encoding: 'utf8' });
  if (result.error !== undefined) return null;
  if (result.status !== 0) return { objects: [], error: result.stderr };
  return { objects: objectsIn(result.stdout), error: '' };
}
