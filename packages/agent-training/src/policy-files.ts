import { PolicyRunner, type TrainedPolicy } from '@bellwether/agents';
import { sizingSeen } from '@bellwether/model-slots';
import type { Golden } from '@bellwether/models';

/** Of the graph. */
export const OUTPUT = 'multiplier';

const GOLDEN_ROWS = 8;

/** Questions of the training from the first to the last, evenly, with what the policy itself says of them. */
export function goldenOf(policy: TrainedPolicy, seen: readonly Float32Array[]): Golden {
  const count = Math.min(GOLDEN_ROWS, seen.length);
  const rows = Array.from(
    { length: count },
    (_, i) => seen[Math.round((i * (seen.length - 1)) / Math.max(1, count - 1))]!,
  );
  const runner = new PolicyRunner(policy, count);
  const shown = rows.flatMap((row) => [...sizingSeen(row)]);
  const actions = runner.actions(Float32Array.from(shown));
  return { rows: rows.map((row, i) => ({ inputs: Array.from(row), outputs: [Math.fround(actions[i]!)] })) };
}
