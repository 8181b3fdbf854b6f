export { runSeed, type SeedFailure, type SeedResult } from './run-seed.js';
