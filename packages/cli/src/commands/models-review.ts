import { userInfo } from 'node:os';
import { BellwetherError } from '@bellwether/contracts';
import { createLogger } from '@bellwether/host';
import { newShadowState, readShadow } from '@bellwether/model-review';
import { slotNamed, slotOf, type RegistryState } from '@bellwether/models';
import { filePlan, namesNoData, samplePlan, type DataOptions } from '../data/data-plan.js';
import { openJournal, type JournalPlace } from '../data/open-journal.js';
import { openRegistry } from '../data/plan-models.js';
import { reviewPlaces, type Reviewed, type ReviewSource } from '../models/review-run.js';
import { shadowReplay } from '../models/shadow-replay.js';
import { renderShadow, renderVerdict } from '../models/shadow-text.js';
import { showProgress } from '../progress.js';
import { replayInMemory } from '../replay/memory-replay.js';

/** Where the answers of challengers come from: what running books have kept, or a replay. */
export interface ShadowSource extends DataOptions, JournalPlace {
  /** Books whose running shadow is looked at. */
  readonly live: readonly string[];
}

export interface ReviewOptions extends ShadowSource {
  readonly all?: boolean;
  readonly promote?: boolean;
  readonly json?: boolean;
}

const PROGRESS_EVERY = 256;

const nowUs = (): number => Date.now() * 1_000;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Books that were named, or those of a service's settings. */
function liveBooks({ live, data }: ShadowSource): readonly string[] {
  if (live.length > 0 || data.length > 0) return live;
  return (process.env['BW_BOOKS'] ?? '').split(',').filter((book) => book !== '');
}

async function keptBy(books: readonly string[], options: ShadowSource): Promise<readonly ReviewSource[]> {
  const nats = options.nats ?? (options.store === undefined ? process.env['NATS_URL'] : undefined);
  const bus = await openJournal({ ...options, ...(nats === undefined ? {} : { nats }) }, 'bw-models');
  try {
    const found: ReviewSource[] = [];
    for (const book of books) {
      const kept = await readShadow(bus, book, createLogger('bw', 'warn'));
      found.push({ title: `what book ${book} has kept`, state: kept?.shadow ?? newShadowState() });
    }
    return found;
  } finally {
    await bus.close();
  }
}

async function replayed(options: ShadowSource): Promise<readonly ReviewSource[]> {
  const wanted = { ...options, policy: 'learned' as const };
  const plan = namesNoData(options) ? await samplePlan(wanted) : await filePlan(wanted);
  const shadow = await shadowReplay(plan.models);
  const title = `${plan.title}, replayed`;
  if (shadow === null) return [{ title, state: newShadowState() }];
  let progress: ReturnType<typeof showProgress> | null = null;
  let done = 0;
  await replayInMemory(
    plan,
    (count) => {
      progress = showProgress('frames', count);
    },
    async (frame) => {
      done += 1;
      if (done % PROGRESS_EVERY === 0) progress?.update(done);
      await shadow.next(frame);
    },
  );
  // The closure above sets it; the type checker does not follow that.
  (progress as ReturnType<typeof showProgress> | null)?.end();
  return [{ title, state: shadow.state }];
}

async function looked(options: ShadowSource): Promise<readonly ReviewSource[]> {
  const books = liveBooks(options);
  return books.length > 0 ? keptBy(books, options) : replayed(options);
}

/** `bw models shadow`: challengers beside champions. */
export async function showShadow(options: ShadowSource): Promise<void> {
  for (const { title, state } of await looked(options)) say(`${title}\n\n${renderShadow(state)}\n`);
}

function wantedPlaces(state: RegistryState, place: string | undefined, all: boolean): readonly string[] {
  if ((place === undefined) !== all) throw new BellwetherError('usage', 'Name a place, or --all');
  if (place === undefined) {
    return state.slots
      .filter(({ challenger }) => challenger !== null)
      .map(({ name, regime }) => slotOf(name, regime));
  }
  if (slotNamed(state, place)?.challenger != null) return [place];
  throw new BellwetherError(
    'model_unknown',
    `${place} has no challenger: bw models challenge ${place} VERSION`,
  );
}

/** `bw models review`: every gate of a challenger, noted in the registry; promoted where that is asked for and all pass. */
export async function reviewModels(place: string | undefined, options: ReviewOptions): Promise<void> {
  const registry = await openRegistry(options);
  const state = await registry.state();
  const places = wantedPlaces(state, place, options.all === true);
  if (places.length === 0) {
    say('Nobody challenges: nothing to review. See `bw models challenge`.');
    return;
  }
  const sources = await looked(options);
  const promote = options.promote === true;
  const results = await reviewPlaces({ registry, places, sources, promote, by: userInfo().username, nowUs });
  if (options.json === true) say(JSON.stringify(results, null, 1));
  else for (const result of results) say(textOf(result));
}

function textOf({ place, version, verdicts, passed, promoted }: Reviewed): string {
  const tables = verdicts.map(
    ({ source, verdict }) => `${source}\n${renderVerdict(place, version, verdict)}`,
  );
  const next = promoted
    ? `${place} ${version} is champion now; a running book takes it over within the hour.`
    : passed
      ? `Promote it: bw models promote ${place} ${version}, or review with --promote.`
      : `${place} ${version} stays a challenger.`;
  return [...tables, next, ''].join('\n\n');
}
