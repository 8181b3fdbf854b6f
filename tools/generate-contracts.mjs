// Makes packages/contracts/src/generated from proto/ and config/profiles/: precise TypeScript types, the canonical form of every message, and
// a writer and a strict reader for each. Skips the work when nothing changed. Nothing in the output is edited by hand.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readersModule, writersModule } from './contracts/codec.mjs';
import { loadDefinitions } from './contracts/definitions.mjs';
import { profileFiles, profilesModule } from './contracts/profiles.mjs';
import { typesModule } from './contracts/types.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const protoRoot = path.join(root, 'proto');
const profileRoot = path.join(root, 'config/profiles');
const outDir = path.join(root, 'packages/contracts/src/generated');
const generators = [
  'tools/generate-contracts.mjs',
  'tools/contracts/codec.mjs',
  'tools/contracts/definitions.mjs',
  'tools/contracts/profiles.mjs',
  'tools/contracts/types.mjs',
];
const protoFiles = fs
  .readdirSync(path.join(protoRoot, 'bellwether/v1'))
  .filter((name) => name.endsWith('.proto'))
  .sort()
  .map((name) => `bellwether/v1/${name}`);

const inputs = [
  ...generators,
  ...protoFiles.map((file) => `proto/${file}`),
  ...profileFiles(profileRoot).map((file) => `config/profiles/${file}`),
];
const fingerprint = createHash('sha256')
  .update(inputs.map((file) => fs.readFileSync(path.join(root, file))).join('\0'))
  .digest('hex');
const stampFile = path.join(outDir, 'stamp');
if (fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === fingerprint) process.exit(0);

const definitions = loadDefinitions(protoRoot, protoFiles);
// What an earlier version of this tool made must not stay.
fs.rmSync(outDir, { recursive: true, force: true });
fs.mkdirSync(outDir, { recursive: true });
fs.writeFileSync(path.join(outDir, 'messages.ts'), typesModule(definitions));
fs.writeFileSync(path.join(outDir, 'writers.ts'), writersModule(definitions));
fs.writeFileSync(path.join(outDir, 'readers.ts'), readersModule(definitions));
fs.writeFileSync(path.join(outDir, 'profiles.ts'), profilesModule(profileRoot));
fs.writeFileSync(stampFile, fingerprint);
