import { trunkFeatures, type LoggedChoice, type TrunkSaid } from '@bellwether/bandit';
import { ModelHost, slotNamed } from '@bellwether/models';
import { openRegistry, trustOf, type ModelOptions } from '../data/plan-models.js';

/** The place of the trunk that arms are chosen over. */
export const TRUNK_SLOT = 'strategy_selection';

export interface TrunkAnswers {
  readonly version: string;
  readonly said: TrunkSaid;
}

/** What the champion of the trunk's place makes of the features of each choice; null where the place is empty. */
export async function askTrunk(
  choices: readonly LoggedChoice[],
  options: ModelOptions,
): Promise<TrunkAnswers | null> {
  const registry = await openRegistry(options);
  const champion = slotNamed(await registry.state(), TRUNK_SLOT)?.champion ?? null;
  if (champion === null) return null;
  const { sha256, schema_hash } = await registry.verified(TRUNK_SLOT, champion);
  const asked = choices.flatMap(({ decision_id, seen }) =>
    seen?.schema_hash === schema_hash ? [{ decision_id, inputs: seen.inputs }] : [],
  );
  const host = new ModelHost({ store: registry.store, trust: await trustOf(options) });
  try {
    const answers = await host.answerRows(
      { model: TRUNK_SLOT, version: champion, sha256 },
      asked.map(({ inputs }) => inputs),
    );
    const said = new Map<string, Float64Array>();
    answers.forEach((outputs, i) => {
      const features = trunkFeatures(outputs);
      if (features !== null) said.set(asked[i]!.decision_id, features);
    });
    return { version: champion, said };
  } finally {
    await host.close();
  }
}
