import { STAGES, type StageVersion } from '@bellwether/contracts';
import { assert, type AnyStage } from '@bellwether/kernel';
import { stage as bandit } from '@bellwether/bandit';
import { stage as features } from '@bellwether/features';
import { stage as forecast } from '@bellwether/forecast';
import { stage as portfolio } from '@bellwether/portfolio';
import { stage as regime } from '@bellwether/regime';
import { stage as risk } from '@bellwether/risk';
import { stage as sizing } from '@bellwether/sizing';

/** The stages in the order of the line. The only place that names them all together. */
export const LINE: readonly AnyStage[] = [features, regime, forecast, portfolio, bandit, sizing, risk];

assert(
  LINE.length === STAGES.length && LINE.every((stage, i) => stage.name === STAGES[i]),
  'The line and the declared stages differ',
);

/** The logic versions that a release of this build names. */
export function stageVersions(): readonly StageVersion[] {
  return LINE.map((stage) => ({ stage: stage.name, logic_version: stage.logicVersion }));
}
