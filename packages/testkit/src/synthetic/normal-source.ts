import { uniformSource } from '@bellwether/kernel';

/** Random numbers of one seed. */
export interface NumberSource {
  /** Uniform in [0, 1). */
  readonly uniform: () => number;
  /** Standard normal (Box-Muller). */
  readonly normal: () => number;
}

/** Seeded numbers: the same seed gives the same ones on every machine with the same Node version. */
export function numberSource(seed: string): NumberSource {
  const uniform = uniformSource(seed);
  let spare: number | null = null;
  const normal = (): number => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { uniform, normal };
}
