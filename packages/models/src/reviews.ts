import {
  changed,
  championAt,
  known,
  retired,
  rolledBack,
  slotNamed,
  type ChangeNote,
  type RegistryState,
  type ReviewGate,
} from './registry-state.js';

/** Who took a champion back that left its band. */
export const WATCH = 'bw watch';

/** For the record: a challenger was looked at, with what was measured. Who decides is the same afterwards. */
export function reviewNoted(
  state: RegistryState,
  slot: string,
  version: string,
  gates: readonly ReviewGate[],
  note: ChangeNote,
): RegistryState {
  const { slot: own, sha256 } = known(state, slot, version);
  return changed(state, own, { ...note, slot, action: 'reviewed', version, sha256, gates: [...gates] });
}

/** True where a challenger stands in the place that no review has seen since it came: a newer one would take its time in shadow from it. */
export function awaitsReview(state: RegistryState, slot: string): boolean {
  const challenger = slotNamed(state, slot)?.challenger ?? null;
  if (challenger === null) return false;
  const own = state.history.filter((one) => one.slot === slot && one.version === challenger);
  const came = own.findLastIndex(({ action }) => action === 'challenger');
  return !own.slice(came + 1).some(({ action }) => action === 'reviewed');
}

/** True where the watch has taken this version back and nobody has promoted it since. */
function wasTakenBack(state: RegistryState, slot: string, version: string): boolean {
  const own = state.history.filter((one) => one.slot === slot);
  const left = own.findLastIndex(
    (one, i) =>
      one.by === WATCH &&
      (one.action === 'rolled_back' || one.action === 'retired') &&
      championAt({ ...state, history: own.slice(0, i) }, slot, one.at_us)?.version === version,
  );
  if (left === -1) return false;
  return !own.slice(left + 1).some((one) => one.action === 'promoted' && one.version === version);
}

/**
 * This champion decides no more: the one before it does, or nobody where there is none or where it was itself
 * taken back. So a place cannot go to and fro: each model is left once, until it is promoted again. Nothing changes where
 * another champion stands there by now.
 */
export function takenBack(
  state: RegistryState,
  slot: string,
  version: string,
  note: Omit<ChangeNote, 'by'>,
): RegistryState {
  const own = slotNamed(state, slot);
  if (own === null || own.champion !== version) return state;
  const signed = { ...note, by: WATCH };
  if (own.previous === null || wasTakenBack(state, slot, own.previous)) return retired(state, slot, signed);
  return rolledBack(state, slot, signed);
}
