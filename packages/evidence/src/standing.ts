import {
  EvidenceStatus,
  Selection,
  type BookConfig,
  type EvidenceConfig,
  type EvidenceStanding,
  isWithheld,
} from '@bellwether/contracts';
import { NO_EVIDENCE, type EvidenceEntry, type EvidenceFile } from './evidence-file.js';
import { judged, type Judged } from './rule.js';
import { familiesOf, inUse, modelsOf, settingsOf, stageOf, type Situation } from './situation.js';

/** Longest reason that goes into a release. */
const WHY_MAX = 300;

const STATUS = {
  proven: EvidenceStatus.PROVEN,
  unproven: EvidenceStatus.UNPROVEN,
  rejected: EvidenceStatus.REJECTED,
} as const;

/** Why evidence does not count for a book as it is now; null where it does. */
export function staleness({ name, data, run }: EvidenceEntry, now: Situation): string | null {
  const stage = stageOf(name);
  const version = now.stages.find((one) => one.stage === stage)?.logic_version;
  if (run.logic_versions[stage] !== version)
    return `stale: stage ${stage} had logic version ${run.logic_versions[stage] ?? 'none'} and has ${version ?? 'none'}`;
  const asked = JSON.stringify(modelsOf(name, now));
  const then = JSON.stringify(run.models.map(({ model, regime, sha256 }) => ({ model, regime, sha256 })));
  if (asked !== then) return 'stale: another model is asked now';
  if (settingsOf(name, now.config) !== run.settings) return 'its settings are not those that were measured';
  const measured = familiesOf(data.sources);
  const missing = familiesOf(now.config.symbols).filter((family) => !measured.includes(family));
  return missing.length === 0 ? null : `nothing was measured in ${missing.join(', ')}`;
}

/** How one name stands in a book now. Of several entries the one that counts; what is stale is unproven, whatever it said. */
export function statusOf(name: string, file: EvidenceFile, now: Situation): Judged {
  const own = file.entries.filter((entry) => entry.name === name);
  if (own.length === 0) return { status: 'unproven', why: 'no evidence' };
  const each = own.map((entry): Judged => {
    const stale = staleness(entry, now);
    return stale === null ? judged(entry) : { status: 'unproven', why: stale };
  });
  // A loss somewhere is not made up for by a gain elsewhere.
  const worst =
    each.find(({ status }) => status === 'rejected') ?? each.find(({ status }) => status === 'proven');
  return worst ?? each[each.length - 1]!;
}

export interface GateRequest extends Situation {
  /** Null where there is no evidence file: nothing is proven. */
  readonly evidence: EvidenceFile | null;
  /** Names that decide whatever their evidence says. */
  readonly overridden: readonly string[];
}

/** The standing of every learned part and every arm that the book has on. */
export function standingsOf(request: GateRequest): readonly EvidenceStanding[] {
  const { evidence, overridden, config } = request;
  return inUse(config).map((name) => {
    const { status, why } = statusOf(name, evidence ?? NO_EVIDENCE, request);
    return {
      name,
      status: STATUS[status],
      overridden: overridden.includes(name),
      why: why.slice(0, WHY_MAX),
    };
  });
}

/**
 * The configuration of a book of market data behind the gate: its standings, and what is neither proven nor overridden in shadow. Models are
 * asked and not used; arms are drawn by chance in the place of a choice that nothing proves, which is also what best shows later what the
 * choice would have earned; arms are not offered.
 */
export function gated(request: GateRequest): BookConfig {
  const { config } = request;
  const evidence: EvidenceConfig = { standings: standingsOf(request) };
  const shadow = (name: string): boolean => isWithheld(evidence, name);
  return {
    ...config,
    evidence,
    bandit:
      config.bandit !== null && shadow('bandit')
        ? { ...config.bandit, selection: Selection.UNIFORM }
        : config.bandit,
    models:
      config.models === null
        ? null
        : {
            ...config.models,
            regime_shadow: shadow('regime_model'),
            forecast_shadow: shadow('forecast'),
            confidence_shadow: shadow('confidence'),
            sizing_shadow: shadow('sizing_agent'),
          },
  };
}
