import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import {
  BUNDLE_BYTES_MAX,
  championAt,
  modelFiles,
  packBundle,
  readFacts,
  readGolden,
  slotOf,
  unpackBundle,
  type ChangeNote,
  type ModelFiles,
} from '@bellwether/models';
import { loadOrCreateKey } from '@bellwether/signing';
import { openRegistry, type ModelOptions } from '../data/plan-models.js';
import { modelKeyFolder } from '../folders.js';
import { fetchBytes } from '../models/fetch-bytes.js';
import { renderChange, renderHistory, renderModels } from '../models/list-text.js';

interface NoteOptions extends ModelOptions {
  readonly note: string;
}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function noteOf(reason: string): ChangeNote {
  return { at_us: Date.now() * 1_000, by: userInfo().username, reason };
}

/** `bw models list`. */
export async function listModels(options: ModelOptions & { readonly json?: boolean }): Promise<void> {
  const registry = await openRegistry(options);
  const state = await registry.state();
  say(options.json === true ? JSON.stringify(state, null, 1) : renderModels(state, registry.store.place));
}

/** `bw models verify`: every version of every place. */
export async function verifyModels(options: ModelOptions): Promise<void> {
  const registry = await openRegistry(options);
  const { slots } = await registry.state();
  let refused = 0;
  for (const { name, regime, versions } of slots) {
    for (const { version } of versions) {
      const what = `${slotOf(name, regime)} ${version}`;
      try {
        const { sha256 } = await registry.verified(slotOf(name, regime), version);
        say(`ok       ${what}  ${sha256.slice(0, 16)}`);
      } catch (cause) {
        if (!(cause instanceof BellwetherError)) throw cause;
        refused += 1;
        say(`REFUSED  ${what}\n  ${cause.message.replaceAll('\n', '\n  ')}`);
      }
    }
  }
  if (slots.length === 0) say(`No model in ${registry.store.place}. \`bw train all\` makes some.`);
  if (refused > 0) process.exitCode = 2;
}

/** `bw models history`: every change, or who decided at a time. */
export async function modelHistory(options: ModelOptions & { readonly at?: number }): Promise<void> {
  const state = await (await openRegistry(options)).state();
  if (options.at === undefined) {
    say(renderHistory(state));
    return;
  }
  for (const { name, regime } of state.slots) {
    const place = slotOf(name, regime);
    const change = championAt(state, place, options.at);
    say(change === null ? `${place}: no model` : renderChange(change));
  }
}

/** `bw models add`: a model of another trainer, signed here. */
export async function addModel(
  file: string,
  options: ModelOptions & { readonly facts: string; readonly golden: string; readonly card: string },
): Promise<void> {
  const facts = readFacts(await readFile(options.facts, 'utf8'), options.facts);
  const golden = readGolden(await readFile(options.golden, 'utf8'), options.golden);
  const card = await readFile(options.card, 'utf8');
  const key = await loadOrCreateKey(modelKeyFolder(), 'model-key');
  await keep(options, modelFiles(facts, { onnx: await readFile(file), golden, card }, key), 'added by hand');
}

async function keep(options: ModelOptions, files: ModelFiles, reason: string): Promise<void> {
  const manifest = await (await openRegistry(options)).add(files, noteOf(reason));
  const place = slotOf(manifest.name, manifest.regime);
  say(
    `Kept ${place} ${manifest.version} (${manifest.sha256.slice(0, 16)}), trained on ${manifest.trained_on} data.`,
  );
  say(`Nothing asks it yet: bw models promote ${place} ${manifest.version}`);
}

/** `bw models pull`: the way from where models are trained to a desk. */
export async function pullModel(
  source: string,
  options: ModelOptions & { readonly sha256?: string },
): Promise<void> {
  const bytes = /^https?:\/\//.test(source)
    ? await fetchBytes(source, BUNDLE_BYTES_MAX)
    : await readFile(source);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (options.sha256 !== undefined && options.sha256 !== sha256) {
    throw new BellwetherError('model_refused', `${source} has SHA-256 ${sha256}, expected ${options.sha256}`);
  }
  await keep(options, unpackBundle(bytes, path.basename(source)), `pulled from ${source}`.slice(0, 500));
}

/** `bw models bundle`. */
export async function bundleModel(
  place: string,
  version: string,
  options: ModelOptions & { readonly out?: string },
): Promise<void> {
  const registry = await openRegistry(options);
  await registry.verified(place, version);
  const files = await registry.store.files(place, version);
  if (files === null) throw new BellwetherError('model_unknown', `${place} ${version} is gone`);
  const file = options.out ?? `${place.replace('/', '-')}-${version}.bwmodel`;
  const bytes = packBundle(files);
  await writeFile(file, bytes, { flag: 'wx' }).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new BellwetherError('usage', `${file} is there already: name another file with --out`);
  });
  say(`Wrote ${file}: ${bytes.length} bytes, SHA-256 ${createHash('sha256').update(bytes).digest('hex')}`);
}

/** `bw models promote`. */
export async function promoteModel(place: string, version: string, options: NoteOptions): Promise<void> {
  const state = await (await openRegistry(options)).promote(place, version, noteOf(options.note));
  say(renderModels(state, ''));
}

/** `bw models challenge`. */
export async function challengeModel(place: string, version: string, options: NoteOptions): Promise<void> {
  say(renderModels(await (await openRegistry(options)).challenge(place, version, noteOf(options.note)), ''));
}

/** `bw models rollback`. */
export async function rollbackModel(place: string, options: NoteOptions): Promise<void> {
  say(renderModels(await (await openRegistry(options)).rollback(place, noteOf(options.note)), ''));
}

/** `bw models retire`. */
export async function retireModel(place: string, options: NoteOptions): Promise<void> {
  say(renderModels(await (await openRegistry(options)).retire(place, noteOf(options.note)), ''));
}
