import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the workspace: services are started from their own build, as on a server. */
export const WORKSPACE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
