import type { AnswerRows } from '@bellwether/backtest';
import { Policy, type BookConfig, type ModelPromotion } from '@bellwether/contracts';
import { noModels, type Infer } from '@bellwether/host';
import { ModelHost, ModelRegistry, folderStore, trustedKeys, type Trust } from '@bellwether/models';
import { modelKeyFolders, modelsFolder } from '../folders.js';

/** The models of a run over the past: who is champion is part of its inputs. */
export interface PlanModels {
  readonly promotions: readonly ModelPromotion[];
  readonly infer: Infer;
  /** For runs over the past; null under rules. */
  readonly answerRows: AnswerRows | null;
  /** Null under rules. */
  readonly registry: ModelRegistry | null;
}

export interface ModelOptions {
  readonly models?: string;
  readonly unsignedModels?: boolean;
}

export const NO_PLAN_MODELS: PlanModels = { promotions: [], infer: noModels, answerRows: null, registry: null };

/** Keys that are trusted on this machine: those that were shipped and those of its own trainer. */
export async function trustOf({ unsignedModels }: ModelOptions): Promise<Trust> {
  const keys = await Promise.all(modelKeyFolders().map(trustedKeys));
  return { keys: keys.flat(), unsigned: unsignedModels === true };
}

export async function openRegistry(options: ModelOptions): Promise<ModelRegistry> {
  return new ModelRegistry(folderStore(modelsFolder(options.models ?? null)), await trustOf(options));
}

/**
 * The champions of the registry, verified, for a book whose policy is learned; nothing under rules, which ask no model.
 *
 * @throws BellwetherError `model_refused`, `model_unknown`, `model_registry_corrupt`
 */
export async function planModels({ policy }: BookConfig, options: ModelOptions): Promise<PlanModels> {
  if (policy !== Policy.LEARNED) return NO_PLAN_MODELS;
  const store = folderStore(modelsFolder(options.models ?? null));
  const trust = await trustOf(options);
  const registry = new ModelRegistry(store, trust);
  const promotions = await registry.promotions();
  const host = new ModelHost({ store, trust });
  return { promotions, registry, infer: host.infer, answerRows: (model, rows) => host.answerRows(model, rows) };
}
