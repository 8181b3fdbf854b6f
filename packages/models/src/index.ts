export {
  ADOPTION_PAUSE_US,
  adoptedOf,
  dueAdoptions,
  dueReviews,
  type Adopted,
  type DueAdoption,
  type DueReview,
} from './adoption.js';
export { blobModelStore } from './blob-store.js';
export { BUNDLE_BYTES_MAX, packBundle, unpackBundle } from './bundle.js';
export { REGISTRY_EVERY_MS, adoptDue, followRegistry, promoteAtStart, type AdoptionOptions } from './follow-registry.js';
export { folderStore } from './folder-store.js';
export {
  CALIBRATION_METHODS,
  MODEL_BYTES_MAX,
  MODEL_NAME,
  MODEL_REGIMES,
  MODEL_VERSION,
  sha256Of,
  slotOf,
  widthOf,
  type Golden,
  type Manifest,
  type ManifestBody,
  type ModelRegime,
  type TensorShape,
} from './manifest.js';
export { modelFiles, type ModelFacts, type ModelFiles } from './model-files.js';
export { ModelHost, type ModelHostOptions } from './model-host.js';
export type { ModelStore } from './model-store.js';
export { OnnxSession } from './onnx-session.js';
export { REGIME_OF_MODEL, promotionFor, retirementOf, reviewEntryOf } from './promotion.js';
export { ModelRegistry } from './registry.js';
export { reloadUnderLoad, type ReloadOptions, type ReloadResult } from './reload-under-load.js';
export {
  EMPTY_REGISTRY,
  championAt,
  slotNamed,
  type ChangeNote,
  type RegistryChange,
  type RegistrySlot,
  type RegistryState,
  type ReviewGate,
} from './registry-state.js';
export { WATCH, awaitsReview, reviewNoted, takenBack } from './reviews.js';
export { serviceModels, serviceRegistry } from './service-models.js';
export { SyncModels } from './sync-models.js';
export { trustedKeys } from './trusted-keys.js';
export { versionName } from './version-name.js';
export { readFacts, readGolden } from './written-facts.js';
export { checkFiles, type CheckedModel, type ModelProblem, type Trust } from './verification.js';
