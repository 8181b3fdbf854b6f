import fs from 'node:fs';
import path from 'node:path';
import { root } from './lint-source.js';

/** Folders that hold nothing of ours, or only what is made from it. */
const NOT_OURS = new Set(['node_modules', 'dist', '.git', 'generated', 'coverage', '.bellwether', '.husky']);
const BINARY = /\.(binpb|png|jpg|gif|ico|onnx|parquet|gz|zst|dbn)$/;
const BYTES_MAX = 2_000_000;

/** Every file of the workspace that a person wrote, relative to the root, sorted. */
export function ownFiles(folder = ''): string[] {
  return fs
    .readdirSync(path.join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const name = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : ownFiles(name);
      const written = entry.isFile() && !BINARY.test(name) && !/\.(tsbuildinfo|log)$/.test(name);
      return written ? [name] : [];
    })
    .sort();
}

export function readText(file: string): string {
  const full = path.join(root, file);
  if (fs.statSync(full).size > BYTES_MAX)
    throw new Error(`${file} is too large to have been written by hand`);
  return fs.readFileSync(full, 'utf8');
}

/** A package or service: its folder and what its package.json says. */
export interface Project {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Folders of the projects it depends on. */
  readonly uses: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly type?: string;
  readonly license?: string;
  readonly description?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readText(path.posix.join(folder, 'package.json'))) as Manifest;
}

export function dependencyNames(manifest: Manifest): string[] {
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
}

/** All packages and services, by folder. */
export function projects(): Project[] {
  const folders = ['packages', 'services']
    .flatMap((parent) => fs.readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((folder) => fs.existsSync(path.join(root, folder, 'package.json')));
  const manifests = folders.map((folder) => ({ folder, manifest: readManifest(folder) }));
  const folderOf = new Map(manifests.map(({ folder, manifest }) => [manifest.name, folder]));
  return manifests.map(({ folder, manifest }) => ({
    folder,
    manifest,
    uses: dependencyNames(manifest).flatMap((name) => folderOf.get(name) ?? []),
  }));
}

/** Folders that a project's tsconfig.json refers to, relative to the root, sorted. */
export function referencesOf(folder: string): string[] {
  const config = JSON.parse(readText(path.posix.join(folder, 'tsconfig.json'))) as {
    readonly references?: readonly { readonly path: string }[];
  };
  return (config.references ?? []).map(({ path: to }) => path.posix.join(folder, to)).sort();
}
