import { DataOrigin, type Bar } from '@bellwether/contracts';
import { generateSessions, type SyntheticOptions } from './generate-sessions.js';

/** Where made-up bars say they come from, and what they are. */
export interface SyntheticSource {
  readonly source: string;
  readonly origin: typeof DataOrigin.SYNTHETIC;
}

/**
 * The data set that comes with Bellwether: thirty sessions of made-up ES bars. Every entry made from it carries this
 * source and origin. Other bars under the same name would make old journals lie: a change of the generator needs a new
 * name.
 */
export const SAMPLE: SyntheticOptions & SyntheticSource = {
  seed: 'bellwether',
  symbol: 'ES',
  firstTradeDate: 20250303,
  sessions: 30,
  interval: '1m',
  source: 'synthetic-sample-v1',
  origin: DataOrigin.SYNTHETIC,
};

/** The bars of the sample, made anew. */
export function sampleBars(): Generator<Bar, void, undefined> {
  return generateSessions(SAMPLE);
}
