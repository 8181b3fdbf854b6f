import { z } from 'zod';
import { BellwetherError } from '@bellwether/contracts';
import { MODEL_NAME, MODEL_REGIMES, MODEL_VERSION, slotOf, type Manifest } from './manifest.js';

export const SLOTS_MAX = 100;
export const VERSIONS_MAX = 200;
export const HISTORY_MAX = 10_000;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const version = z.strictObject({ version: z.string().regex(MODEL_VERSION), sha256: hash });

const slot = z.strictObject({
  name: z.string().regex(MODEL_NAME),
  regime: z.enum(MODEL_REGIMES).nullable(),
  /** In the order in which they came. */
  versions: z.array(version).max(VERSIONS_MAX),
  champion: z.string().nullable(),
  challenger: z.string().nullable(),
  previous: z.string().nullable(),
});

export const REGISTRY_ACTIONS = ['added', 'challenger', 'promoted', 'rolled_back', 'retired'] as const;

const change = z.strictObject({
  at_us: z.int().min(0),
  slot: z.string().max(120),
  action: z.enum(REGISTRY_ACTIONS),
  /** Empty where no model is champion from here on. */
  version: z.string().max(40),
  sha256: z.union([hash, z.literal('')]),
  by: z.string().max(100),
  reason: z.string().max(500),
});

/** `registry.json`. */
export const registrySchema = z.strictObject({
  format: z.literal(1),
  slots: z.array(slot).max(SLOTS_MAX),
  /** Oldest first. */
  history: z.array(change).max(HISTORY_MAX),
});

export type RegistryState = z.infer<typeof registrySchema>;
export type RegistrySlot = z.infer<typeof slot>;
export type RegistryChange = z.infer<typeof change>;

/** Who does what to the registry, and when. */
export interface ChangeNote {
  readonly at_us: number;
  readonly by: string;
  readonly reason: string;
}

export const EMPTY_REGISTRY: RegistryState = { format: 1, slots: [], history: [] };

export function slotNamed(state: RegistryState, slot: string): RegistrySlot | null {
  return state.slots.find(({ name, regime }) => slotOf(name, regime) === slot) ?? null;
}

function known(state: RegistryState, slot: string, version: string): { slot: RegistrySlot; sha256: string } {
  const found = slotNamed(state, slot);
  const sha256 = found?.versions.find((one) => one.version === version)?.sha256;
  if (found === null || sha256 === undefined) {
    throw new BellwetherError('model_unknown', `${slot} ${version} is not in the registry`);
  }
  return { slot: found, sha256 };
}

function changed(state: RegistryState, next: RegistrySlot, entry: RegistryChange): RegistryState {
  if (state.history.length >= HISTORY_MAX) {
    throw new BellwetherError(
      'model_registry_full',
      `The history has ${HISTORY_MAX} entries: move registry.json aside`,
    );
  }
  const name = slotOf(next.name, next.regime);
  const others = state.slots.filter((one) => slotOf(one.name, one.regime) !== name);
  const slots = [...others, next].sort((a, b) =>
    slotOf(a.name, a.regime) < slotOf(b.name, b.regime) ? -1 : 1,
  );
  return { format: 1, slots, history: [...state.history, entry] };
}

/**
 * A model that was verified is in the registry from here on; nothing asks it yet. The same version again with the same bytes
 * changes nothing.
 *
 * @throws BellwetherError `model_version_taken` where the version is there with other bytes
 */
export function added(state: RegistryState, manifest: Manifest, note: ChangeNote): RegistryState {
  const { name, regime, version, sha256 } = manifest;
  const slot = slotOf(name, regime);
  const own = slotNamed(state, slot) ?? {
    name,
    regime,
    versions: [],
    champion: null,
    challenger: null,
    previous: null,
  };
  const there = own.versions.find((one) => one.version === version);
  if (there?.sha256 === sha256) return state;
  if (there !== undefined) {
    throw new BellwetherError(
      'model_version_taken',
      `${slot} ${version} is in the registry with other bytes`,
    );
  }
  if (own.versions.length >= VERSIONS_MAX) {
    throw new BellwetherError('model_registry_full', `${slot} has ${VERSIONS_MAX} versions: remove old ones`);
  }
  const next = { ...own, versions: [...own.versions, { version, sha256 }] };
  return changed(state, next, { ...note, slot, action: 'added', version, sha256 });
}

/** The model answers in shadow from here on: the same frames, never in a decision. */
export function challenged(
  state: RegistryState,
  slot: string,
  version: string,
  note: ChangeNote,
): RegistryState {
  const { slot: own, sha256 } = known(state, slot, version);
  if (own.challenger === version) return state;
  return changed(
    state,
    { ...own, challenger: version },
    { ...note, slot, action: 'challenger', version, sha256 },
  );
}

/** The model decides from here on, and the one before it is kept as `previous`. */
export function promoted(
  state: RegistryState,
  slot: string,
  version: string,
  note: ChangeNote,
): RegistryState {
  const { slot: own, sha256 } = known(state, slot, version);
  if (own.champion === version) return state;
  const next = {
    ...own,
    champion: version,
    previous: own.champion,
    challenger: own.challenger === version ? null : own.challenger,
  };
  return changed(state, next, { ...note, slot, action: 'promoted', version, sha256 });
}

/**
 * The model before this one decides again.
 *
 * @throws BellwetherError `model_unknown` where there was none
 */
export function rolledBack(state: RegistryState, slot: string, note: ChangeNote): RegistryState {
  const own = slotNamed(state, slot);
  if (own?.previous == null)
    throw new BellwetherError('model_unknown', `${slot} has no previous champion to go back to`);
  const { sha256 } = known(state, slot, own.previous);
  const next = { ...own, champion: own.previous, previous: own.champion };
  return changed(state, next, { ...note, slot, action: 'rolled_back', version: own.previous, sha256 });
}

/** No model decides from here on. */
export function retired(state: RegistryState, slot: string, note: ChangeNote): RegistryState {
  const own = slotNamed(state, slot);
  if (own?.champion == null) throw new BellwetherError('model_unknown', `${slot} has no champion`);
  const next = { ...own, champion: null, previous: own.champion };
  return changed(state, next, { ...note, slot, action: 'retired', version: '', sha256: '' });
}

/** Which model decided at a moment, as far back as the history goes; null where none did. */
export function championAt(state: RegistryState, slot: string, at_us: number): RegistryChange | null {
  const decided = state.history.filter(
    (one) =>
      one.slot === slot &&
      one.at_us <= at_us &&
      (one.action === 'promoted' || one.action === 'rolled_back' || one.action === 'retired'),
  );
  const last = decided.at(-1) ?? null;
  return last === null || last.version === '' ? null : last;
}
