import { STAGES } from '@bellwether/contracts';

/** Every service that runs, in the order in which they are started. */
export const SERVICES: readonly string[] = [...STAGES, 'execution', 'audit', 'ingestion', 'gateway'];
