import { SIZING_COUNT, SIZING_ORDER, sizingInputs } from '@bellwether/model-slots';
import { ModelHost, slotNamed, widthOf, type ModelRegistry, type Trust } from '@bellwether/models';
import type { SizingPicture } from './report-model.js';

/** The place of the agent that sizes. */
export const SIZING_SLOT = 'rl/cvar_ppo_agent';

const CONFIDENCES = [0.45, 0.5, 0.55, 0.6, 0.65, 0.7] as const;
const HEADROOMS_R = [2, 5, 8, 12, 16, 20] as const;
const REGIMES = [
  { regime: 'calm', volatile: 0 },
  { regime: 'volatile', volatile: 1 },
] as const;
/** In the middle of a session without profit or loss. */
const AT_REST = { day_r: 0, drawdown_r: 0, session_left: 0.5 } as const;

/** What the served sizing agent would do in a grid of situations, or why that cannot be told. */
export async function sizingPicture(registry: ModelRegistry, trust: Trust): Promise<SizingPicture | string> {
  const version = slotNamed(await registry.state(), SIZING_SLOT)?.champion ?? null;
  if (version === null)
    return `no model is champion in the place ${SIZING_SLOT}: sizes are those of the rules`;
  const { sha256, inputs } = await registry.verified(SIZING_SLOT, version);
  const width = widthOf(inputs);
  if (width !== 2 * SIZING_COUNT) {
    return `${SIZING_SLOT} ${version} takes ${width} numbers; a picture can be drawn of one that takes ${SIZING_ORDER.join(', ')} and their mask`;
  }
  const host = new ModelHost({ store: registry.store, trust });
  try {
    const grids: SizingPicture['grids'][number][] = [];
    for (const { regime, volatile } of REGIMES) {
      const rows = CONFIDENCES.flatMap((win_probability) =>
        HEADROOMS_R.map((headroom_r) => sizingInputs({ ...AT_REST, win_probability, volatile, headroom_r })),
      );
      const said = await host.answerRows({ model: SIZING_SLOT, version, sha256 }, rows);
      const multipliers = CONFIDENCES.map((_, row) =>
        HEADROOMS_R.map((__, column) => said[row * HEADROOMS_R.length + column]?.[0] ?? NaN),
      );
      grids.push({ regime, multipliers });
    }
    return { version, confidences: CONFIDENCES, headrooms_r: HEADROOMS_R, grids };
  } finally {
    await host.close();
  }
}
