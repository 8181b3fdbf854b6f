import process from 'node:process';
import { folderStore } from './folder-store.js';
import { factsOf, goldenOf, onnxOf } from './model-for-tests.js';
import { modelFiles } from './model-files.js';
import { ModelRegistry } from './registry.js';

/** Keeps versions 1, 2, 3 … of a model in a folder until it is killed; says which it begins with. */
const registry = new ModelRegistry(folderStore(process.argv[2] ?? ''), { keys: [], unsigned: true });
const onnx = onnxOf('one');
const golden = await goldenOf(onnx);
const card = '# Made up\n'.repeat(20_000);
for (let version = Number(process.argv[3] ?? '1'); ; version++) {
  process.stdout.write(`${version}\n`);
  const files = modelFiles(factsOf({ version: String(version) }), { onnx, golden, card }, null);
  await registry.add(files, { at_us: version, by: 'test', reason: '' });
}
