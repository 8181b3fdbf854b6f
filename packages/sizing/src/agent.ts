import { ReasonCode, type Frame, type Setup } from '@bellwether/contracts';

/** What the sizing agent makes of a setup. */
export interface AgentSize {
  /** Null where it has none; else 0.1 to 2.0, other numbers are held in that range. */
  readonly multiplier: number | null;
  /** Why there is none, or OK. */
  readonly reason: ReasonCode;
}

/** Asked once for every setup that is sized. Pure, as the stage is: all it knows is the frame. */
export type SizingAgent = (setup: Setup, frame: Frame) => AgentSize;

const ABSENT: AgentSize = { multiplier: null, reason: ReasonCode.NO_MODEL };

/** While no agent is promoted the size stays as the rules give it. */
export const noAgent: SizingAgent = () => ABSENT;
