import type { Infer } from '@bellwether/host';
import { BellwetherError, PromotionCause } from '@bellwether/contracts';
import { modelInUse, type ModelInUse } from '@bellwether/model-slots';
import { promotionFor, slotOf, type ModelRegistry } from '@bellwether/models';
import type { AskChallenger } from './shadow-book.js';
import { isReviewed } from './shadow-line.js';

/** The challengers of a registry, each verified once. */
export class Challengers {
  private readonly verified = new Map<string, ModelInUse>();

  constructor(
    private readonly registry: ModelRegistry,
    /** Is told of a challenger that is refused: it answers nothing, and can be mended. */
    private readonly onRefused: (place: string, cause: BellwetherError) => void,
  ) {}

  /** Those of models whose answers can be compared with what came; a place has at most one. */
  async now(): Promise<readonly ModelInUse[]> {
    const { slots } = await this.registry.state();
    const found: ModelInUse[] = [];
    for (const { name, regime, challenger, versions } of slots) {
      const isThere = versions.some(({ version }) => version === challenger);
      if (challenger === null || !isThere || !isReviewed(name)) continue;
      const place = slotOf(name, regime);
      const known = this.verified.get(`${place} ${challenger}`) ?? (await this.open(place, challenger));
      if (known !== null) found.push(known);
    }
    return found;
  }

  private async open(place: string, version: string): Promise<ModelInUse | null> {
    try {
      const manifest = await this.registry.verified(place, version);
      const model = modelInUse(promotionFor(manifest, PromotionCause.PROMOTED, ''));
      this.verified.set(`${place} ${version}`, model);
      return model;
    } catch (cause) {
      if (!(cause instanceof BellwetherError)) throw cause;
      this.onRefused(place, cause);
      return null;
    }
  }
}

/**
 * Asks by a model host and measures. The first question of a model opens it and is not measured. A question that fails is
 * the challenger's failure, whatever the reason: it must never end what decides.
 */
export function askWith(infer: Infer, elapsedMs: () => number): AskChallenger {
  const opened = new Set<string>();
  return async (requests) => {
    const started = elapsedMs();
    try {
      const outputs = await infer(requests);
      const first = requests.some(({ sha256 }) => !opened.has(sha256));
      for (const { sha256 } of requests) opened.add(sha256);
      return { outputs, latencyMs: first ? null : elapsedMs() - started };
    } catch {
      return { failed: true };
    }
  };
}
