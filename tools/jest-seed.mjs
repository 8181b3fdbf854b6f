// Property tests draw the same cases in every run, so that the gate says the same of the same code. New cases come from
// `npm run test:property`, which draws a seed and prints it; PROPERTY_SEED=<number> repeats one.
import fc from 'fast-check';

const FIXED_SEED = 20_261_122;
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? FIXED_SEED) });
