// The property tests with a seed of their own: `npm run test:property [-- pattern …]`.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const seed = process.env.PROPERTY_SEED ?? String(randomInt(2 ** 31));
const patterns = process.argv.slice(2);
console.log(`Property tests with PROPERTY_SEED=${seed}`);
const jest = path.join(path.dirname(fileURLToPath(import.meta.url)), 'jest.mjs');
const result = spawnSync(process.execPath, [jest, ...(patterns.length > 0 ? patterns : ['property'])], {
  env: { ...process.env, PROPERTY_SEED: seed },
  stdio: 'inherit',
});
if (result.status !== 0) console.error(`Again: PROPERTY_SEED=${seed} npm run test:property`);
process.exit(result.status ?? 1);
