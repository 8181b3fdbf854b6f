import { Policy, type Entry, type ModelsConfig } from '@bellwether/contracts';

/** What a stage must know of the book to ask models: kept from release and mode entries. */
export interface PolicyRules {
  /** Null before the first release, and in one that knows nothing of models. */
  readonly config: ModelsConfig | null;
  readonly learned: boolean;
  /** Decisions take too long: rules decide. */
  readonly degraded: boolean;
}

export const NO_RULES: PolicyRules = { config: null, learned: false, degraded: false };

/** The rules after an entry; the same object where it does not change them. */
export function rulesAfter(rules: PolicyRules, { release, mode }: Entry): PolicyRules {
  if (release !== null) {
    const { config } = release;
    return { ...rules, config: config?.models ?? null, learned: config?.policy === Policy.LEARNED };
  }
  if (mode !== null && mode.degraded !== rules.degraded) return { ...rules, degraded: mode.degraded };
  return rules;
}

/** The configuration where models decide now, or null. */
export function policyRules({ config, learned, degraded }: PolicyRules): ModelsConfig | null {
  return learned && !degraded ? config : null;
}
