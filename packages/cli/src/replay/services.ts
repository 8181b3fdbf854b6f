import { STAGES } from '@bellwether/contracts';

/** Services that decide for a book, in the order in which they are started. A replay starts them all. */
export const DECIDING_SERVICES: readonly string[] = [...STAGES, 'execution', 'audit', 'ingestion', 'gateway'];

/** Every service that runs. */
export const SERVICES: readonly string[] = [...DECIDING_SERVICES, 'trainer'];
