import { setTimeout as wait } from 'node:timers/promises';
import type { AnswerRows } from '@bellwether/backtest';
import { BellwetherError, Policy, type BookConfig, type ModelPromotion } from '@bellwether/contracts';
import { noModels, type Infer } from '@bellwether/host';
import { placeOf } from '@bellwether/model-slots';
import {
  ModelHost,
  ModelRegistry,
  blobModelStore,
  checkFiles,
  folderStore,
  trustedKeys,
  type CheckedModel,
  type ModelStore,
  type Trust,
} from '@bellwether/models';
import { isNatsPlace, modelKeyFolders, modelsPlace } from '../folders.js';
import { sharedBus } from './shared-bus.js';

/** The models of a run over the past: who is champion is part of its inputs. */
export interface PlanModels {
  readonly promotions: readonly ModelPromotion[];
  readonly infer: Infer;
  /** For runs over the past; null under rules. */
  readonly answerRows: AnswerRows | null;
  /** Answers for challengers. A host of its own: what decides must not lose a model to what only looks on. */
  readonly shadowInfer: Infer;
  /** Null under rules. */
  readonly registry: ModelRegistry | null;
  /** The models behind the promotions, as they were verified. */
  readonly checked: () => Promise<readonly CheckedModel[]>;
}

export interface ModelOptions {
  readonly models?: string;
  readonly unsignedModels?: boolean;
  /** Models that are not asked, whatever the registry says: those whose name begins so. */
  readonly withoutModels?: readonly string[];
}

export const NO_PLAN_MODELS: PlanModels = {
  ...{ promotions: [], infer: noModels, shadowInfer: noModels, answerRows: null, registry: null },
  checked: () => Promise.resolve([]),
};

/** Keys that are trusted on this machine: those that were shipped and those of its own trainer. */
export async function trustOf({ unsignedModels }: ModelOptions): Promise<Trust> {
  const keys = await Promise.all(modelKeyFolders().map(trustedKeys));
  return { keys: keys.flat(), unsigned: unsignedModels === true };
}

export async function openRegistry(options: ModelOptions): Promise<ModelRegistry> {
  return new ModelRegistry(await modelStore(options), await trustOf(options));
}

/** Where the models are that the options name: a folder, or the object store of a NATS server. */
export async function modelStore({ models }: ModelOptions): Promise<ModelStore> {
  const place = modelsPlace(models ?? null);
  if (!isNatsPlace(place)) return folderStore(place);
  return blobModelStore(await sharedBus(place), (ms) => wait(ms));
}

/**
 * The champions of the registry, verified, for a book whose policy is learned; nothing under rules, which ask no model.
 *
 * @throws BellwetherError `model_refused`, `model_unknown`, `model_registry_corrupt`
 */
export async function planModels({ policy }: BookConfig, options: ModelOptions): Promise<PlanModels> {
  if (policy !== Policy.LEARNED) return NO_PLAN_MODELS;
  const store = await modelStore(options);
  const trust = await trustOf(options);
  const registry = new ModelRegistry(store, trust);
  const without = options.withoutModels ?? [];
  const promotions = (await registry.promotions()).filter(
    ({ model }) => !without.some((name) => model.startsWith(name)),
  );
  const host = new ModelHost({ store, trust });
  return {
    ...{ promotions, registry, infer: host.infer, shadowInfer: new ModelHost({ store, trust }).infer },
    answerRows: (model, rows) => host.answerRows(model, rows),
    checked: () => Promise.all(promotions.map((promotion) => checkedModel(store, trust, promotion))),
  };
}

async function checkedModel(
  store: ModelStore,
  trust: Trust,
  { model, regime, version }: ModelPromotion,
): Promise<CheckedModel> {
  const place = placeOf(model, regime);
  const files = await store.files(place, version);
  if (files === null)
    throw new BellwetherError('model_unknown', `${place} ${version} is not in ${store.place}`);
  return checkFiles(`${place} ${version}`, files, trust);
}
