// Takes out of an installed and compiled workspace what the image does not run. The last step of the Dockerfile:
//   node deploy/image/prune.mjs FOLDER
// It removes, and says how much each step has freed:
// - packages and binaries for another platform, processor, C library or Node version (lmdb, DuckDB, onnxruntime),
// - CUDA and TensorRT of onnxruntime-node, and what only its installation script needs,
// - sources, tests, typings and source maps.
import fs from 'node:fs';
import path from 'node:path';

/** Of onnxruntime-node: its dependencies that only the installation script loads (it fetches CUDA). */
const INSTALL_ONLY = { 'onnxruntime-node': ['adm-zip', 'global-agent'] };
/** Never read by a running service. */
const NOT_RUN = /\.(map|tsbuildinfo|d\.ts|d\.mts|d\.cts)$|\.test\.js$/;
/** What stays of a project of the workspace. */
const PROJECT_KEEPS = new Set(['package.json', 'dist', 'bin', 'node_modules']);

const target = {
  os: process.platform,
  cpu: process.arch,
  libc: process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc',
  abi: process.versions.modules,
};

const root = path.resolve(process.argv[2] ?? '');
const store = path.join(root, 'node_modules/.pnpm');
if (process.argv[2] === undefined || !fs.existsSync(store)) {
  process.stderr.write(`prune: ${store} is not there; name the folder of an installed workspace\n`);
  process.exit(2);
}

step('other platforms', removeOtherPlatforms);
step('binaries for another Node or C library', removeOtherBinaries);
step('onnxruntime for other platforms and GPUs', pruneOnnxruntime);
step('what only installation scripts load', removeInstallOnly);
step('sources of the projects', removeSources);
step('tests, typings and source maps', () => removeFiles(root, (name) => NOT_RUN.test(name)));

function step(title, work) {
  const before = bytesBelow(root);
  work();
  const mib = (before - bytesBelow(root)) / 1024 ** 2;
  process.stdout.write(`prune: ${mib.toFixed(1)} MiB: ${title}\n`);
}

/** Folders of all installed packages: `.pnpm/<name@version>/node_modules/<name>`, links left out. */
function installed() {
  return fs
    .readdirSync(store)
    .filter((entry) => entry !== 'node_modules' && isFolder(path.join(store, entry, 'node_modules')))
    .flatMap((entry) => packagesIn(path.join(store, entry, 'node_modules')))
    .filter((folder) => !fs.lstatSync(folder).isSymbolicLink());
}

/** Packages of one node_modules folder, those in a scope too. */
function packagesIn(folder) {
  return fs
    .readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? fs.readdirSync(path.join(folder, name)).map((of) => `${name}/${of}`) : [name],
    )
    .map((name) => path.join(folder, name));
}

function isFolder(folder) {
  return fs.existsSync(folder) && fs.statSync(folder).isDirectory();
}

function manifestOf(folder) {
  const file = path.join(folder, 'package.json');
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
}

/** True where a manifest's `os`, `cpu` or `libc` rules this platform out; `!win32` means all but that one. */
function rulesOut(wanted, actual) {
  if (wanted === undefined) return false;
  const list = [wanted].flat();
  if (list.includes(`!${actual}`)) return true;
  const named = list.filter((item) => !item.startsWith('!'));
  return named.length > 0 && !named.includes(actual);
}

function removeOtherPlatforms() {
  for (const folder of installed()) {
    const manifest = manifestOf(folder);
    if (['os', 'cpu', 'libc'].some((key) => rulesOut(manifest[key], target[key]))) remove(folder);
  }
  removeDanglingLinks();
}

/** Prebuilt binaries by the naming of node-gyp-build: `node.napi.glibc.node`, `node.abi127.musl.node`. */
function removeOtherBinaries() {
  removeFiles(store, (name) => {
    const [, abi, libc] = /\.(?:napi|abi(\d+))(?:\.(glibc|musl))?\.node$/.exec(name) ?? [];
    return (abi !== undefined && abi !== target.abi) || (libc !== undefined && libc !== target.libc);
  });
}

/** Its binaries lie in `bin/napi-v<n>/<platform>/<processor>`. */
function pruneOnnxruntime() {
  for (const folder of installed().filter((item) => path.basename(item) === 'onnxruntime-node')) {
    for (const version of foldersIn(path.join(folder, 'bin'))) {
      for (const platform of foldersIn(version)) {
        for (const processor of foldersIn(platform)) {
          if (path.basename(platform) !== target.os || path.basename(processor) !== target.cpu)
            remove(processor);
        }
        if (fs.readdirSync(platform).length === 0) remove(platform);
      }
    }
    removeFiles(folder, (name) => /onnxruntime_providers_(cuda|tensorrt|shared)/.test(name));
  }
}

function foldersIn(folder) {
  if (!isFolder(folder)) return [];
  return fs
    .readdirSync(folder)
    .map((name) => path.join(folder, name))
    .filter(isFolder);
}

/** Takes the links away, then every package that no link reaches any more. */
function removeInstallOnly() {
  for (const folder of installed()) {
    for (const name of INSTALL_ONLY[path.basename(folder)] ?? []) {
      fs.rmSync(path.join(path.dirname(folder), name), { force: true });
    }
  }
  const reached = reachable();
  for (const folder of installed()) if (!reached.has(folder)) remove(folder);
  removeDanglingLinks();
}

/** Real folders of the packages that the projects reach by their links. */
function reachable() {
  const reached = new Set();
  const open = [root, ...projects()].map((folder) => path.join(folder, 'node_modules'));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!isFolder(next)) continue;
    for (const link of packagesIn(next)) {
      const folder = fs.realpathSync(link);
      if (reached.has(folder) || !folder.startsWith(store)) continue;
      reached.add(folder);
      // A package finds its dependencies beside itself.
      open.push(folder.slice(0, folder.lastIndexOf('/node_modules/') + '/node_modules'.length));
    }
  }
  return reached;
}

function projects() {
  return ['packages', 'services'].flatMap((parent) => foldersIn(path.join(root, parent)));
}

function removeSources() {
  for (const project of projects()) {
    for (const name of fs.readdirSync(project)) {
      if (!PROJECT_KEEPS.has(name)) remove(path.join(project, name));
    }
  }
}

function removeDanglingLinks() {
  const folders = [root, ...projects()].map((folder) => path.join(folder, 'node_modules'));
  const inStore = fs.readdirSync(store).map((entry) => path.join(store, entry, 'node_modules'));
  for (const folder of [...folders, ...inStore, path.join(store, 'node_modules')].filter(isFolder)) {
    for (const link of packagesIn(folder)) if (!fs.existsSync(link)) fs.rmSync(link, { force: true });
  }
}

function removeFiles(folder, unwanted) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) removeFiles(name, unwanted);
    else if (entry.isFile() && unwanted(entry.name)) remove(name);
  }
}

function remove(name) {
  fs.rmSync(name, { recursive: true, force: true });
}

function bytesBelow(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return sum + bytesBelow(name);
    return entry.isFile() ? sum + fs.statSync(name).size : sum;
  }, 0);
}
