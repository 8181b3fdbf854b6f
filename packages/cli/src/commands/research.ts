import { ResearchLog } from '@bellwether/research';
import { researchFolder } from '../folders.js';
import { renderResearch } from '../research/list-text.js';

export interface ResearchOptions {
  readonly folder?: string;
  readonly json?: boolean;
}

/** `bw research list`: every variant ever run here. */
export async function listResearch({ folder, json = false }: ResearchOptions): Promise<void> {
  const history = await new ResearchLog({ folder: researchFolder(folder ?? null) }).history();
  process.stdout.write(json ? `${JSON.stringify(history, null, 1)}\n` : `${renderResearch(history)}\n`);
}
