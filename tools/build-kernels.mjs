// Compiles packages/nn/assembly (AssemblyScript) to packages/nn/dist/kernels.wasm, unless that is up to date: the stamp
// beside it is a hash over the sources, this file and the compiler's version. `npm run setup` and `npm run build` run it.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const sources = path.join(root, 'packages/nn/assembly');
const folder = path.join(root, 'packages/nn/dist');
const output = path.join(folder, 'kernels.wasm');
const stamp = path.join(folder, 'kernels.stamp');

const wanted = fingerprint();
const upToDate = fs.existsSync(output) && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted;
if (!upToDate) await build();

function fingerprint() {
  const compiler = path.join(root, 'node_modules/assemblyscript/package.json');
  const hash = createHash('sha256').update(JSON.parse(fs.readFileSync(compiler, 'utf8')).version);
  const names = fs.readdirSync(sources).filter((name) => name.endsWith('.ts'));
  for (const file of [
    fileURLToPath(import.meta.url),
    ...names.sort().map((name) => path.join(sources, name)),
  ]) {
    hash.update(`${path.basename(file)}\0`).update(fs.readFileSync(file));
  }
  return hash.digest('hex');
}

/** The compiler writes to another name first: who builds at the same time never reads half a file. */
async function build() {
  const { main } = await import('assemblyscript/asc');
  fs.mkdirSync(folder, { recursive: true });
  const written = path.join(folder, `kernels-${process.pid}.wasm`);
  const { error, stderr } = await main([
    path.join(sources, 'index.ts'),
    ...['--outFile', path.relative(root, written), '--baseDir', root],
    ...['--runtime', 'stub', '--enable', 'simd', '--initialMemory', '1'],
    ...['-O3', '--noAssert', '--converge'],
  ]);
  if (error) {
    console.error(stderr.toString());
    console.error(`The kernels could not be compiled: ${error.message}`);
    process.exit(1);
  }
  fs.renameSync(written, output);
  fs.writeFileSync(stamp, wanted);
}
