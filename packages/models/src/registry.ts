import { BellwetherError, PromotionCause, type ModelPromotion } from '@bellwether/contracts';
import { slotOf, type Manifest } from './manifest.js';
import type { ModelFiles } from './model-files.js';
import type { ModelStore } from './model-store.js';
import { OnnxSession } from './onnx-session.js';
import type { DueAdoption } from './adoption.js';
import { promotionFor, retirementOf } from './promotion.js';
import {
  added,
  challenged,
  promoted,
  retired,
  rolledBack,
  slotNamed,
  type ChangeNote,
  type RegistryState,
  type ReviewGate,
} from './registry-state.js';
import { reviewNoted, takenBack } from './reviews.js';
import { checkFiles, type CheckedModel, type Trust } from './verification.js';

/** The registry as people and trainers use it: nothing gets in, or becomes champion, without being verified. */
export class ModelRegistry {
  constructor(
    readonly store: ModelStore,
    private readonly trust: Trust,
  ) {}

  state(): Promise<RegistryState> {
    return this.store.registry();
  }

  /**
   * A model of the registry after all checks: form, hashes, signature, graph, golden rows.
   *
   * @throws BellwetherError `model_unknown`, `model_refused`
   */
  async verified(slot: string, version: string): Promise<Manifest> {
    const files = await this.store.files(slot, version);
    if (files === null) {
      throw new BellwetherError('model_unknown', `${slot} ${version} is not in ${this.store.place}`);
    }
    const { manifest } = await this.check(`${slot} ${version}`, files);
    if (slotOf(manifest.name, manifest.regime) !== slot || manifest.version !== version) {
      throw new BellwetherError('model_refused', `${slot} ${version} holds another model`, [
        { path: 'manifest', message: `It is ${slotOf(manifest.name, manifest.regime)} ${manifest.version}` },
      ]);
    }
    return manifest;
  }

  private async check(what: string, files: ModelFiles): Promise<CheckedModel> {
    const checked = checkFiles(what, files, this.trust);
    await (await OnnxSession.open(what, checked)).release();
    return checked;
  }

  /**
   * Verifies a model and keeps it. The same version with the same bytes changes nothing.
   *
   * @throws BellwetherError `model_refused`, `model_version_taken`
   */
  async add(files: ModelFiles, note: ChangeNote): Promise<Manifest> {
    const { manifest } = await this.check('The model', files);
    const slot = slotOf(manifest.name, manifest.regime);
    const there = await this.store.files(slot, manifest.version);
    if (there === null) await this.store.keep(slot, manifest.version, files);
    else if (!Buffer.from(there.onnx).equals(files.onnx)) {
      throw new BellwetherError(
        'model_version_taken',
        `${slot} ${manifest.version} is kept already with other bytes`,
      );
    }
    await this.store.change((state) => added(state, manifest, note));
    return manifest;
  }

  async challenge(slot: string, version: string, note: ChangeNote): Promise<RegistryState> {
    await this.verified(slot, version);
    return this.store.change((state) => challenged(state, slot, version, note));
  }

  async promote(slot: string, version: string, note: ChangeNote): Promise<RegistryState> {
    await this.verified(slot, version);
    return this.store.change((state) => promoted(state, slot, version, note));
  }

  async rollback(slot: string, note: ChangeNote): Promise<RegistryState> {
    const previous = slotNamed(await this.store.registry(), slot)?.previous ?? null;
    if (previous !== null) await this.verified(slot, previous);
    return this.store.change((state) => rolledBack(state, slot, note));
  }

  retire(slot: string, note: ChangeNote): Promise<RegistryState> {
    return this.store.change((state) => retired(state, slot, note));
  }

  /** For the record: what a challenger was measured at. */
  review(slot: string, version: string, gates: readonly ReviewGate[], note: ChangeNote): Promise<RegistryState> {
    return this.store.change((state) => reviewNoted(state, slot, version, gates, note));
  }

  /**
   * Takes a champion back that left its band, where it still is the champion: the one before it decides, after all checks, or
   * nobody. False where another one stood there by then.
   */
  async takeBack(slot: string, version: string, note: Omit<ChangeNote, 'by'>): Promise<boolean> {
    const { champion } = slotNamed(takenBack(await this.store.registry(), slot, version, note), slot) ?? {};
    if (champion != null) await this.verified(slot, champion);
    let taken = false;
    await this.store.change((state) => {
      const next = takenBack(state, slot, version, note);
      taken = next !== state;
      return next;
    });
    return taken;
  }

  /** What a running book's journal is told: the model of a place, verified, or that nothing is asked there any more. */
  async adoption({ slot, version, cause, reason }: DueAdoption): Promise<ModelPromotion> {
    if (version !== null) return promotionFor(await this.verified(slot, version), cause, reason);
    const own = slotNamed(await this.store.registry(), slot);
    return retirementOf(own?.name ?? slot, own?.regime ?? null, reason);
  }

  /**
   * The entries that make a book ask the champions from its start on, in the order of the slots. Each is verified first.
   *
   * @throws BellwetherError `model_refused`, `model_unknown`
   */
  async promotions(): Promise<readonly ModelPromotion[]> {
    const { slots } = await this.store.registry();
    const found: ModelPromotion[] = [];
    for (const { name, regime, champion } of slots) {
      if (champion === null) continue;
      const manifest = await this.verified(slotOf(name, regime), champion);
      found.push(promotionFor(manifest, PromotionCause.START, ''));
    }
    return found;
  }
}
