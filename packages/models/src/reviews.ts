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
 * The champion of these bytes decides no more: the one before it does, or nobody where there is none or where it was itself
 * taken back. So a place cannot go to and fro: each model is left once, until it is promoted again. Nothing changes where
 * another champion stands there by now.
 */
export function takenBack(
  state: RegistryState,
  slot: string,
  sha256: string,
  note: Omit<ChangeNote, 'by'>,
): RegistryState {
  const own = slotNamed(state, slot);
  const champion = own?.versions.find(({ version }) => version === own.champion);
  if (own === null || champion?.sha256 !== sha256) return state;
  const signed = { ...note, by: WATCH };
  if (own.previous === null || wasTakenBack(state, slot, own.previous)) return retired(state, slot, signed);
  return rolledBack(state, slot, signed);
}
