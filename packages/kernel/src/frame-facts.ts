import {
  Action,
  OperatorAction,
  type Candidate,
  type Entry,
  type Frame,
  type RiskPart,
} from '@bellwether/contracts';

/** What a frame says about itself, told alike by whoever lists decisions: the gateway, the index of the audit log. */

/** True where a decision was asked for, or one was made without being asked (an exit). */
export function isDecision(risk: RiskPart | null): risk is RiskPart {
  if (risk === null) return false;
  const none = risk.action === Action.NONE || risk.action === Action.UNSPECIFIED;
  return !none || risk.intents.length > 0;
}

/** The arm that was drawn, or null where nothing was. */
export function chosenCandidate(frame: Frame): Candidate | null {
  const bandit = frame.bandit;
  return bandit === null || bandit.chosen === null ? null : (bandit.candidates[bandit.chosen] ?? null);
}

/** The symbol that a frame is about, or null. */
export function symbolOf(frame: Frame): string | null {
  const { entry, features } = frame;
  const own = entry?.bar ?? entry?.signal ?? entry?.fill ?? entry?.warmup ?? entry?.order ?? entry?.order_end;
  const symbol = features?.symbol || own?.symbol || frame.risk?.intents[0]?.symbol;
  return symbol || null;
}

/** True for an entry by which a person closes everything at once: it goes to execution too, ahead of the stages. */
export function flattens({ operator }: Entry): boolean {
  return operator?.action === OperatorAction.FLATTEN || operator?.action === OperatorAction.KILL;
}
