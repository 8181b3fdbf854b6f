import { uniformSource } from '@bellwether/kernel';

/** By their own names: a member of a global is looked up at each call where tests run. */
const { PI, cos, log, sin, sqrt } = Math;

/** Seeded draws. The same seed gives the same numbers; `normal` uses `Math.log` and `Math.cos` of the platform. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal (Box, Muller 1958). */
  normal(): number;
}

export function randomSource(seed: string): Random {
  const uniform = uniformSource(seed);
  let kept: number | null = null;
  return {
    uniform,
    normal() {
      if (kept !== null) {
        const value = kept;
        kept = null;
        return value;
      }
      const radius = sqrt(-2 * log(1 - uniform()));
      const angle = 2 * PI * uniform();
      kept = radius * sin(angle);
      return radius * cos(angle);
    },
  };
}

/** Student's t with a whole number of degrees of freedom: as many draws each time, whatever came before. */
export function studentT(random: Random, freedom: number): number {
  const z = random.normal();
  let squares = 0;
  for (let i = 0; i < freedom; i++) squares += random.normal() ** 2;
  return z / sqrt(squares / freedom);
}
