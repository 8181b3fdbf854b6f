// Makes a fresh clone ready: packages, contracts, compiled code. `npm start` and `npm test` run it first; by hand it is
// `npm run setup`. It uses Node's built-ins only, for it runs before anything is installed. A second run with nothing
// changed takes about two seconds. `--quiet` says nothing where there is nothing to do.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeStaleOutput } from './stale-output.mjs';

const NODE_MIN = [20, 19];
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const rootPackage = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const quiet = process.argv.includes('--quiet');
/** Exact version, from `packageManager` in package.json: the lockfile belongs to it. */
const pnpm = rootPackage.packageManager;
const stampFile = path.join(root, 'node_modules/.bellwether-setup');

main();

function main() {
  checkNode();
  const wanted = installFingerprint();
  if (installedFingerprint() !== wanted) {
    install();
    fs.writeFileSync(stampFile, wanted);
  }
  step('Contracts from proto/', 'node tools/generate-contracts.mjs', process.execPath, [
    'tools/generate-contracts.mjs',
  ]);
  const removed = removeStaleOutput(root);
  if (removed > 0) say(`Removed ${removed} compiled files whose source is gone.`);
  step('Kernels of the training library', 'node tools/build-kernels.mjs', process.execPath, [
    'tools/build-kernels.mjs',
  ]);
  step('Compiling', 'npx tsc -b', process.execPath, ['node_modules/typescript/bin/tsc', '-b']);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return;
  fail(
    `Bellwether needs Node ${NODE_MIN.join('.')} or later; this is ${process.versions.node} (${process.execPath}).`,
    'Install a newer Node, then run the same command again.',
  );
}

/** Everything that decides what an installation holds. A native binary is chosen by platform and Node version. */
function installFingerprint() {
  const hash = createHash('sha256').update(
    `${process.version} ${process.platform} ${process.arch} ${pnpm}\n`,
  );
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', ...packageFiles()]) {
    hash.update(`${file}\0`).update(fs.readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}

function packageFiles() {
  const inside = ['packages', 'services'].flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder))
      .sort()
      .map((name) => `${folder}/${name}/package.json`),
  );
  return ['package.json', ...inside.filter((file) => fs.existsSync(path.join(root, file)))];
}

/** The stamp lies inside node_modules, so that whoever deletes that folder deletes it too. */
function installedFingerprint() {
  return fs.existsSync(stampFile) ? fs.readFileSync(stampFile, 'utf8') : null;
}

function install() {
  const command = ['--yes', pnpm, 'install', '--frozen-lockfile', '--config.confirmModulesPurge=false'];
  say(`Installing packages with ${pnpm}; the first time this takes about a minute.`);
  const result = run('npx', command);
  if (result.status === 0) return;
  const hints = [`Run it by hand: npx ${command.join(' ')}`];
  if (result.error) {
    hints.unshift(
      `npx could not be started (${result.error.message}). npm, which comes with Node, must be on the PATH.`,
    );
  } else if (!registryAnswers()) {
    hints.unshift(
      'The package registry cannot be reached from here. The first set-up needs it once; later runs do not.',
      'Check the connection, and behind a proxy `npm config get registry` and the HTTPS_PROXY variable.',
    );
  }
  fail('The packages could not be installed.', ...hints);
}

/** One question after a failed installation, to tell a missing network from any other cause. */
function registryAnswers() {
  const question = [
    'view',
    pnpm,
    'version',
    '--fetch-retries=0',
    '--fetch-timeout=10000',
    '--loglevel=silent',
  ];
  return run('npm', question, 'ignore').status === 0;
}

function step(title, byHand, command, args) {
  if (!quiet) say(`${title} …`);
  const result = run(command, args);
  if (result.status === 0) return;
  fail(`${title}: failed.`, `Run it by hand: ${byHand}`);
}

function run(command, args, stdio = 'inherit') {
  // On Windows npm and npx are scripts, which only a shell can start.
  const shell = process.platform === 'win32' && command !== process.execPath;
  const result = spawnSync(command, args, { cwd: root, stdio, shell });
  if (result.signal) process.exit(130);
  return result;
}

function say(text) {
  console.log(`[setup] ${text}`);
}

function fail(...lines) {
  for (const line of lines) console.error(`[setup] ${line}`);
  process.exit(1);
}
