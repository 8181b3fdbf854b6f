import { OrderTypeName, SideName, StrategyName, type Candidate, type Frame } from '@bellwether/contracts';
import { faultLines, points, reason } from './words.js';

export function strategies(frame: Frame): string[] {
  const part = frame.bandit;
  if (part === null) return ['did not run'];
  const lines = [...faultLines(part.fault), reason(part.reason)];
  part.candidates.forEach((candidate, i) => {
    lines.push(`${i === part.chosen ? 'chosen: ' : 'not chosen: '}${candidateLine(candidate)}`);
  });
  if (part.draw !== null) lines.push(`drawn with ${part.draw.toFixed(6)}, from the id of the entry`);
  for (const refused of part.refused)
    lines.push(`${StrategyName[refused.strategy].toUpperCase()} no: ${reason(refused.reason)}`);
  for (const { strategy, side, order_type, entry_ticks, stop_ticks } of part.withheld)
    lines.push(
      `in shadow, for want of evidence: ${StrategyName[strategy].toUpperCase()} ${SideName[side]} by ${OrderTypeName[order_type]} at ${points(entry_ticks)}, stop ${points(stop_ticks)}`,
    );
  return lines;
}

function candidateLine(candidate: Candidate): string {
  const { setup } = candidate;
  if (setup === null) return 'no setup';
  const target = setup.target_ticks === null ? 'no target' : `target ${points(setup.target_ticks)}`;
  const record =
    candidate.count === 0
      ? 'no closed trade yet'
      : `mean ${candidate.mean_r.toFixed(2)} R over ${candidate.count} trades`;
  return (
    `${StrategyName[setup.strategy].toUpperCase()} ${SideName[setup.side]} by ${OrderTypeName[setup.order_type]} at ` +
    `${points(setup.entry_ticks)}, stop ${points(setup.stop_ticks)}, ${target}; ` +
    `probability ${candidate.probability.toFixed(3)}, ${record}`
  );
}
